"""Lists in pages: of all rows that a viewer may see, or of those that each parent of a level holds.

A page of either costs one statement, whatever its size and however many parents there are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, Select, Table, bindparam, select, true, tuple_

from gateway.execution.rows import Layout, Names, Pages, Rows
from gateway.execution.sources import Call
from gateway.models.base import UtcDateTime
from gateway.statements import key_parameters, key_table
from resolvers import visibility
from resolvers.children import lengths_of, placed
from resolvers.loaders import layout_of, projected
from resolvers.page import Bounds, Order, bounds
from resolvers.scope import Scope

# What an argument of a list asks of a row, with the argument's value bound under the argument's name.
Filters = Mapping[str, ColumnElement[bool]]

# What a plan asks of a page that takes a row more than the page has.
_TELL_MORE = frozenset({"has_next_page", "has_previous_page"})


@dataclass(frozen=True, eq=False)
class Listing:
    """`typenames` tells the concrete type by the row's column `type`, where the list is of an abstract one."""

    table: Table
    order: Order
    filters: Filters
    typenames: Mapping[Any, str] | None = None

    def columns(self, wanted: Names | None, *needed: str) -> Names:
        """What a statement selects: what the plan wants, what cursors are made of, and what tells the type."""
        own = (self.order.moment, "id") if self.typenames is None else (self.order.moment, "id", "type")
        return projected(self.table, wanted, *own, *needed)

    def pages(self, fetched: Sequence[Any], layout: Layout, asked: "_Asked", lengths: Sequence[int]) -> Pages:
        """All rows are newest first. Where a row more than the page was fetched, it tells that there are more."""
        size, backward = asked.bounds.size, asked.bounds.backward
        more = [length > size for length in lengths]
        if any(more):
            fetched, lengths = _without_more(fetched, lengths, size, backward=backward)
        before, after = asked.bounds.before is not None, asked.bounds.after is not None
        return Pages(
            rows=self._rows(fetched, layout),
            lengths=lengths,
            has_next_page=[before or (found and not backward) for found in more],
            has_previous_page=[after or (found and backward) for found in more],
            cursor=self.order.cursor,
        )

    def _rows(self, fetched: Sequence[Any], layout: Layout) -> Rows:
        if self.typenames is None:
            return Rows(fetched, layout)
        place = layout.index["type"]
        return Rows(fetched, layout, [self.typenames[row[place]] for row in fetched])


def _without_more(
    fetched: Sequence[Any], lengths: Sequence[int], size: int, *, backward: bool
) -> tuple[list[Any], list[int]]:
    """Each page without the row that lies beyond it: the oldest, or, where pages end at the oldest, the newest."""
    kept: list[Any] = []
    start = 0
    for length in lengths:
        end = start + length
        beyond = max(0, length - size)
        kept += fetched[start + beyond : end] if backward else fetched[start : end - beyond]
        start = end
    return kept, [min(length, size) for length in lengths]


@dataclass(frozen=True, slots=True)
class _Shape:
    """All that the text of a statement depends on; the values are bound."""

    filters: tuple[str, ...]
    backward: bool
    after: bool
    before: bool


@dataclass(frozen=True, slots=True)
class _Nested:
    """What a statement for many parents depends on besides: their column, what is selected, and the dialect."""

    parent_column: str
    columns: Names
    postgresql: bool


@dataclass(frozen=True, slots=True)
class _Asked:
    bounds: Bounds
    shape: _Shape
    values: Mapping[str, Any]


def _asked(listing: Listing, call: Call) -> _Asked:
    asked = bounds(call.arguments, listing.order)
    # A flag that is off asks for nothing.
    given = {
        name: value
        for name in listing.filters
        if (value := call.arguments.get(name)) is not None and value is not False
    }
    shape = _Shape(tuple(given), asked.backward, asked.after is not None, asked.before is not None)
    more = call.columns is None or not _TELL_MORE.isdisjoint(call.columns)
    values: dict[str, Any] = given | {"page_size": asked.size + more}
    for side, position in (("after", asked.after), ("before", asked.before)):
        if position is not None:
            values |= {f"{side}_moment": position[0], f"{side}_id": position[1]}
    return _Asked(asked, shape, values)


async def list_rows(listing: Listing, call: Call) -> Pages:
    """The one page of a list at the root."""
    asked = _asked(listing, call)
    columns = listing.columns(call.columns)
    statement = _list_statement(listing, columns, call.context.scope, asked.shape)
    fetched = await call.context.fetch(statement, asked.values)
    if asked.bounds.backward:
        fetched = fetched[::-1]
    return listing.pages(fetched, layout_of(listing.table, columns), asked, [len(fetched)])


async def list_rows_of(listing: Listing, parent_column: str, keys: Sequence[tuple[int, int]], call: Call) -> Pages:
    """A page for each parent, whose keys are (organization_id, id)."""
    asked = _asked(listing, call)
    postgresql = call.context.database.is_postgresql
    nested = _Nested(parent_column, listing.columns(call.columns), postgresql)
    statement = _nested_statement(listing, nested, call.context.scope, asked.shape)
    fetched = await call.context.fetch(statement, {**asked.values, **key_parameters(keys, postgresql)})
    layout = placed(layout_of(listing.table, nested.columns))
    return listing.pages(fetched, layout, asked, lengths_of(fetched, len(keys)))


def _position(listing: Listing) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    return listing.table.c[listing.order.moment], listing.table.c.id


def _sorted(statement: Select[Any], listing: Listing, table: Any, *, backward: bool) -> Select[Any]:
    columns = (table.c[listing.order.moment], table.c.id)
    return statement.order_by(*[column.asc() if backward else column.desc() for column in columns])


def _matching(listing: Listing, scope: Scope, shape: _Shape) -> list[ColumnElement[bool]]:
    conditions = [visibility.VISIBLE[listing.table](scope), *[listing.filters[name] for name in shape.filters]]
    position = tuple_(*_position(listing))
    for side, given in (("after", shape.after), ("before", shape.before)):
        if given:
            bound = tuple_(bindparam(f"{side}_moment", type_=UtcDateTime), bindparam(f"{side}_id", type_=BigInteger))
            conditions.append(position < bound if side == "after" else position > bound)
    return conditions


@lru_cache(maxsize=1024)
def _list_statement(listing: Listing, columns: Names, scope: Scope, shape: _Shape) -> Select[Any]:
    statement = select(*map(listing.table.c.__getitem__, columns)).where(*_matching(listing, scope, shape))
    statement = _sorted(statement, listing, listing.table, backward=shape.backward)
    return statement.limit(bindparam("page_size", type_=Integer))


@lru_cache(maxsize=1024)
def _nested_statement(listing: Listing, nested: _Nested, scope: Scope, shape: _Shape) -> Select[Any]:
    table, keys = listing.table, key_table(nested.postgresql)
    of_parent = (table.c.organization_id == keys.c.organization_id, table.c[nested.parent_column] == keys.c.id)
    wanted = (*of_parent, *_matching(listing, scope, shape))
    selected = [table.c[name] for name in nested.columns]
    if nested.postgresql:
        page = _sorted(select(*selected).where(*wanted), listing, table, backward=shape.backward)
        rows: Any = page.limit(bindparam("page_size", type_=Integer)).lateral("page")
        source = keys.join(rows, true())
    else:
        # SQLite has no LATERAL: a page is told by the ids of its rows.
        page = _sorted(select(table.c.id).where(*wanted), listing, table, backward=shape.backward)
        page = page.limit(bindparam("page_size", type_=Integer)).correlate(keys)
        rows = table.alias("page")
        here = (rows.c.organization_id == keys.c.organization_id) & rows.c.id.in_(page)
        source = keys.join(rows, here)
    statement = select(keys.c.place, *map(rows.c.__getitem__, nested.columns)).select_from(source)
    return _sorted(statement.order_by(keys.c.place), listing, rows, backward=False)

"""Lists in pages: of all rows that a viewer may see, or of those that each parent of a level holds.

A page of either costs one statement, whatever its size and however many parents there are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, Select, Table, bindparam, select, true, tuple_

from gateway.execution.rows import Layout, Names, Page, Rows
from gateway.execution.sources import Call
from gateway.models.base import UtcDateTime
from gateway.statements import key_parameters, key_table
from resolvers import visibility
from resolvers.children import grouped
from resolvers.loaders import layout_of, projected
from resolvers.page import Bounds, Order, bounds
from resolvers.scope import Scope

# What an argument of a list asks of a row, with the argument's value bound under the argument's name.
Filters = Mapping[str, ColumnElement[bool]]


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

    def rows(self, fetched: Sequence[Any], layout: Layout) -> Rows:
        if self.typenames is None:
            return Rows(fetched, layout)
        place = layout.index["type"]
        return Rows(fetched, layout, [self.typenames[row[place]] for row in fetched])

    def page(self, fetched: Sequence[Any], layout: Layout, asked: Bounds) -> Page:
        """One more row than the page holds was fetched: it tells whether there are more."""
        rows = list(fetched[: asked.size])
        more = len(fetched) > asked.size
        if asked.backward:
            rows.reverse()
        return Page(
            rows=self.rows(rows, layout),
            has_next_page=asked.before is not None if asked.backward else more or asked.before is not None,
            has_previous_page=asked.after is not None or (asked.backward and more),
            cursor=self.order.cursor,
        )


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


def _asked(listing: Listing, arguments: Mapping[str, Any]) -> tuple[Bounds, _Shape, dict[str, Any]]:
    asked = bounds(arguments, listing.order)
    # A flag that is off asks for nothing.
    given = {
        name: value for name in listing.filters if (value := arguments.get(name)) is not None and value is not False
    }
    shape = _Shape(tuple(given), asked.backward, asked.after is not None, asked.before is not None)
    bound: dict[str, Any] = given | {"page_size": asked.size + 1}
    for side, position in (("after", asked.after), ("before", asked.before)):
        if position is not None:
            bound |= {f"{side}_moment": position[0], f"{side}_id": position[1]}
    return asked, shape, bound


async def list_rows(listing: Listing, call: Call) -> list[Page]:
    """The one page of a list at the root."""
    asked, shape, bound = _asked(listing, call.arguments)
    columns = listing.columns(call.columns)
    statement = _list_statement(listing, columns, call.context.scope, shape)
    fetched = await call.context.fetch(statement, bound)
    return [listing.page(fetched, layout_of(listing.table, columns), asked)]


async def list_rows_of(listing: Listing, parent_column: str, keys: Sequence[tuple[int, int]], call: Call) -> list[Page]:
    """A page for each parent, whose keys are (organization_id, id)."""
    asked, shape, bound = _asked(listing, call.arguments)
    postgresql = call.context.database.is_postgresql
    nested = _Nested(parent_column, listing.columns(call.columns, "organization_id", parent_column), postgresql)
    statement = _nested_statement(listing, nested, call.context.scope, shape)
    distinct = list(dict.fromkeys(keys))
    fetched = await call.context.fetch(statement, bound | key_parameters(distinct, postgresql))
    layout = layout_of(listing.table, nested.columns)
    rows = grouped(fetched, layout, parent_column)
    return [listing.page(rows.get(key, ()), layout, asked) for key in keys]


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
    statement = select(*map(rows.c.__getitem__, nested.columns)).select_from(source)
    return _sorted(statement, listing, rows, backward=shape.backward)

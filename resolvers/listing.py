"""Lists in pages: of all rows that a viewer may see, or of those that each parent of a level holds.

A page of either costs one statement, whatever its size and however many parents there are.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, Select, Table, bindparam, select, true, tuple_

from gateway.execution.rows import Grouped, Layout, Page, Rows
from gateway.execution.sources import Call
from gateway.models.base import UtcDateTime
from gateway.statements import key_parameters, key_table
from resolvers import visibility
from resolvers.loaders import layout_of
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

    def rows(self, fetched: Sequence[Any]) -> Rows:
        layout = layout_of(self.table)
        if self.typenames is None:
            return Rows(fetched, layout)
        return Rows(fetched, layout, [self.typenames[row[layout.index["type"]]] for row in fetched])

    def page(self, fetched: Sequence[Any], asked: Bounds) -> Page:
        """One more row than the page holds was fetched: it tells whether there are more."""
        rows = list(fetched[: asked.size])
        more = len(fetched) > asked.size
        if asked.backward:
            rows.reverse()
        return Page(
            rows=self.rows(rows),
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
    statement = _list_statement(listing, call.context.scope, shape)
    return [listing.page(await call.context.fetch(statement, bound), asked)]


async def list_rows_of(listing: Listing, parent_column: str, keys: Sequence[tuple[int, int]], call: Call) -> list[Page]:
    """A page for each parent, whose keys are (organization_id, id)."""
    asked, shape, bound = _asked(listing, call.arguments)
    postgresql = call.context.database.is_postgresql
    statement = _nested_statement(listing, parent_column, call.context.scope, shape, postgresql=postgresql)
    distinct = list(dict.fromkeys(keys))
    fetched = await call.context.fetch(statement, bound | key_parameters(distinct, postgresql))
    rows = grouped(fetched, layout_of(listing.table), parent_column)
    return [listing.page(rows.get(key, ()), asked) for key in keys]


def grouped(rows: Sequence[Any], layout: Layout, parent_column: str) -> dict[tuple[int, int], list[Any]]:
    """The rows of each parent, in their order."""
    organization, parent = layout.index["organization_id"], layout.index[parent_column]
    found: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for row in rows:
        found[row[organization], row[parent]].append(row)
    return found


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
def _list_statement(listing: Listing, scope: Scope, shape: _Shape) -> Select[Any]:
    statement = select(listing.table).where(*_matching(listing, scope, shape))
    statement = _sorted(statement, listing, listing.table, backward=shape.backward)
    return statement.limit(bindparam("page_size", type_=Integer))


@lru_cache(maxsize=1024)
def _nested_statement(
    listing: Listing, parent_column: str, scope: Scope, shape: _Shape, *, postgresql: bool
) -> Select[Any]:
    table, keys = listing.table, key_table(postgresql)
    of_parent = (table.c.organization_id == keys.c.organization_id, table.c[parent_column] == keys.c.id)
    wanted = (*of_parent, *_matching(listing, scope, shape))
    if postgresql:
        page = _sorted(select(table).where(*wanted), listing, table, backward=shape.backward)
        rows: Any = page.limit(bindparam("page_size", type_=Integer)).lateral("page")
        source = keys.join(rows, true())
    else:
        # SQLite has no LATERAL: a page is told by the ids of its rows.
        page = _sorted(select(table.c.id).where(*wanted), listing, table, backward=shape.backward)
        page = page.limit(bindparam("page_size", type_=Integer)).correlate(keys)
        rows = table.alias("page")
        here = (rows.c.organization_id == keys.c.organization_id) & rows.c.id.in_(page)
        source = keys.join(rows, here)
    return _sorted(select(*rows.c).select_from(source), listing, rows, backward=shape.backward)


async def children(
    table: Table, parent_column: str, order: str, parents: Rows, call: Call, *, newest_first: bool = False
) -> Grouped:
    """All rows that each parent holds, by that column and then by the rest of the key."""
    postgresql = call.context.database.is_postgresql
    statement = _children_statement(
        table, parent_column, order, call.context.scope, postgresql=postgresql, newest_first=newest_first
    )
    keys = parents.columns("organization_id", "id")
    fetched = await call.context.fetch(statement, key_parameters(list(dict.fromkeys(keys)), postgresql))
    return in_lists(fetched, layout_of(table), parent_column, keys)


def in_lists(fetched: Sequence[Any], layout: Layout, parent_column: str, keys: Sequence[tuple[int, int]]) -> Grouped:
    rows = grouped(fetched, layout, parent_column)
    lists = [rows.get(key, []) for key in keys]
    return Grouped(Rows([row for found in lists for row in found], layout), [len(found) for found in lists])


@lru_cache(maxsize=512)
def _children_statement(
    table: Table, parent_column: str, order: str, scope: Scope, *, postgresql: bool, newest_first: bool
) -> Select[Any]:
    keys = key_table(postgresql)
    here = (table.c.organization_id == keys.c.organization_id) & (table.c[parent_column] == keys.c.id)
    statement = select(table).select_from(keys.join(table, here)).where(visibility.VISIBLE[table](scope))
    columns = (table.c[order], *table.primary_key)
    return statement.order_by(*[column.desc() if newest_first else column.asc() for column in columns])

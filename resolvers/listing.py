"""Lists in pages: of all rows that a viewer may see, or of those that each parent of a level holds.

A page of either costs one statement, whatever its size and however many parents there are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, Table, bindparam, select, true

from gateway.execution.rows import Layout, Names, Pages, Rows
from gateway.execution.sources import Call
from gateway.statements import key_parameters, key_table
from resolvers import visibility
from resolvers.children import lengths_of, placed
from resolvers.keyset import beyond, bound, in_order, pages, rows_to_read
from resolvers.loaders import layout_of, projected
from resolvers.page import Bounds, Order, bounds
from resolvers.scope import Scope
from resolvers.visibility.rules import Rule

# What an argument of a list asks of a row, with the argument's value bound under the argument's name.
Filters = Mapping[str, ColumnElement[bool]]


@dataclass(frozen=True, eq=False)
class Listing:
    """A list of a table's rows.

    `typenames` tells the concrete type by the row's column `type`, where the list is of an abstract one. `rule` is
    narrower than what the viewer may see, where not all of that belongs in the list; `only` is what every row fulfils.
    """

    table: Table
    order: Order
    filters: Filters
    typenames: Mapping[Any, str] | None = None
    rule: Rule | None = None
    only: ColumnElement[bool] | None = None

    def columns(self, wanted: Names | None, *needed: str) -> Names:
        """What a statement selects: what the plan wants, what cursors are made of, and what tells the type."""
        own = self.order.columns if self.typenames is None else (*self.order.columns, "type")
        return projected(self.table, wanted, *own, *needed)

    def rows(self, fetched: Sequence[Any], layout: Layout) -> Rows:
        if self.typenames is None:
            return Rows(fetched, layout)
        place = layout.index["type"]
        return Rows(fetched, layout, [self.typenames[row[place]] for row in fetched])

    def at_root(self, scope: Scope) -> ColumnElement[bool]:
        return (self.rule or visibility.VISIBLE[self.table])(scope)


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
    size = rows_to_read(asked.size, call.columns)
    return _Asked(asked, shape, given | bound(listing.order, asked) | {"page_size": size})


async def list_rows(listing: Listing, call: Call) -> Pages:
    """The one page of a list at the root."""
    asked = _asked(listing, call)
    columns = listing.columns(call.columns)
    statement = _list_statement(listing, columns, call.context.scope, asked.shape)
    fetched = await call.context.fetch(statement, asked.values)
    if asked.bounds.backward:
        fetched = fetched[::-1]
    rows = listing.rows(fetched, layout_of(listing.table, columns))
    return pages(listing.order, asked.bounds, rows, [len(fetched)], call.columns)


async def list_rows_of(listing: Listing, parent_column: str, keys: Sequence[tuple[int, int]], call: Call) -> Pages:
    """A page for each parent, whose keys are (organization_id, id)."""
    asked = _asked(listing, call)
    postgresql = call.context.database.is_postgresql
    nested = _Nested(parent_column, listing.columns(call.columns), postgresql)
    statement = _nested_statement(listing, nested, call.context.scope, asked.shape)
    fetched = await call.context.fetch(statement, {**asked.values, **key_parameters(keys, postgresql)})
    rows = listing.rows(fetched, placed(layout_of(listing.table, nested.columns)))
    return pages(listing.order, asked.bounds, rows, lengths_of(fetched, len(keys)), call.columns)


def _matching(listing: Listing, visible: ColumnElement[bool], shape: _Shape) -> list[ColumnElement[bool]]:
    conditions = [visible, *[listing.filters[name] for name in shape.filters]]
    if listing.only is not None:
        conditions.append(listing.only)
    return conditions + beyond(listing.order, listing.table.c, after=shape.after, before=shape.before)


@lru_cache(maxsize=1024)
def _list_statement(listing: Listing, columns: Names, scope: Scope, shape: _Shape) -> Select[Any]:
    conditions = _matching(listing, listing.at_root(scope), shape)
    statement = select(*map(listing.table.c.__getitem__, columns)).where(*conditions)
    statement = in_order(statement, listing.order, listing.table.c, backward=shape.backward)
    return statement.limit(bindparam("page_size", type_=Integer))


@lru_cache(maxsize=1024)
def _nested_statement(listing: Listing, nested: _Nested, scope: Scope, shape: _Shape) -> Select[Any]:
    table, order, keys = listing.table, listing.order, key_table(nested.postgresql)
    of_parent = (table.c.organization_id == keys.c.organization_id, table.c[nested.parent_column] == keys.c.id)
    wanted = (*of_parent, *_matching(listing, visibility.held(table, scope), shape))
    selected = [table.c[name] for name in nested.columns]
    if nested.postgresql:
        page = in_order(select(*selected).where(*wanted), order, table.c, backward=shape.backward)
        rows: Any = page.limit(bindparam("page_size", type_=Integer)).lateral("page")
        source = keys.join(rows, true())
    else:
        # SQLite has no LATERAL: a page is told by the ids of its rows.
        page = in_order(select(table.c.id).where(*wanted), order, table.c, backward=shape.backward)
        page = page.limit(bindparam("page_size", type_=Integer)).correlate(keys)
        rows = table.alias("page")
        here = (rows.c.organization_id == keys.c.organization_id) & rows.c.id.in_(page)
        source = keys.join(rows, here)
    statement = select(keys.c.place, *map(rows.c.__getitem__, nested.columns)).select_from(source)
    return in_order(statement.order_by(keys.c.place), order, rows.c, backward=False)

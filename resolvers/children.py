"""Lists without pages: all rows that each parent of a level holds, in one statement."""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Select, Table, select

from gateway.execution.rows import Grouped, Layout, Names, Rows
from gateway.execution.sources import Call
from gateway.statements import FIRST_PLACE, key_parameters, key_table
from resolvers import visibility
from resolvers.loaders import layout_of, projected
from resolvers.scope import Scope


async def children(
    table: Table, parent_column: str, order: str, parents: Rows, call: Call, *, newest_first: bool = False
) -> Grouped:
    """All rows that each parent holds, by that column and then by the rest of the key."""
    postgresql = call.context.database.is_postgresql
    columns = projected(table, call.columns)
    statement = _children_statement(table, columns, parent_column, call.context.scope, postgresql=postgresql)
    statement = _ordered(statement, table, order, newest_first=newest_first)
    keys = parents.columns("organization_id", "id")
    fetched = await call.context.fetch(statement, key_parameters(keys, postgresql))
    return in_lists(fetched, placed(layout_of(table, columns)), len(keys))


def in_lists(fetched: Sequence[Any], layout: Layout, parent_count: int) -> Grouped:
    """Rows that come in the order of the places that they begin with, as lists."""
    return Grouped(Rows(fetched, layout), lengths_of(fetched, parent_count))


def lengths_of(fetched: Sequence[Any], parent_count: int) -> list[int]:
    """How many rows each place has."""
    counts = Counter(map(itemgetter(0), fetched))
    return [counts[place] for place in range(FIRST_PLACE, FIRST_PLACE + parent_count)]


@lru_cache(maxsize=1024)
def placed(layout: Layout) -> Layout:
    """The layout of rows that begin with their parent's place."""
    return Layout(("place", *layout.names), layout.nullable)


@lru_cache(maxsize=512)
def _children_statement(
    table: Table, columns: Names, parent_column: str, scope: Scope, *, postgresql: bool
) -> Select[Any]:
    keys = key_table(postgresql)
    here = (table.c.organization_id == keys.c.organization_id) & (table.c[parent_column] == keys.c.id)
    statement = select(keys.c.place, *map(table.c.__getitem__, columns)).select_from(keys.join(table, here))
    return statement.where(visibility.held(table, scope)).order_by(keys.c.place)


@lru_cache(maxsize=512)
def _ordered(statement: Select[Any], table: Table, order: str, *, newest_first: bool) -> Select[Any]:
    columns = (table.c[order], *table.primary_key)
    return statement.order_by(*[column.desc() if newest_first else column.asc() for column in columns])

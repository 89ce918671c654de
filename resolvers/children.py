"""Lists without pages: all rows that each parent of a level holds, in one statement."""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, Table, select

from gateway.execution.rows import Grouped, Layout, Names, Rows
from gateway.execution.sources import Call
from gateway.statements import key_parameters, key_table
from resolvers import visibility
from resolvers.loaders import layout_of, projected
from resolvers.scope import Scope


async def children(
    table: Table, parent_column: str, order: str, parents: Rows, call: Call, *, newest_first: bool = False
) -> Grouped:
    """All rows that each parent holds, by that column and then by the rest of the key."""
    postgresql = call.context.database.is_postgresql
    columns = projected(table, call.columns, "organization_id", parent_column)
    statement = _children_statement(table, columns, parent_column, call.context.scope, postgresql=postgresql)
    statement = _ordered(statement, table, order, newest_first=newest_first)
    keys = parents.columns("organization_id", "id")
    fetched = await call.context.fetch(statement, key_parameters(list(dict.fromkeys(keys)), postgresql))
    return in_lists(fetched, layout_of(table, columns), parent_column, keys)


def in_lists(fetched: Sequence[Any], layout: Layout, parent_column: str, keys: Sequence[tuple[int, int]]) -> Grouped:
    rows = grouped(fetched, layout, parent_column)
    lists = [rows.get(key, []) for key in keys]
    return Grouped(Rows([row for found in lists for row in found], layout), [len(found) for found in lists])


def grouped(rows: Sequence[Any], layout: Layout, parent_column: str) -> dict[tuple[int, int], list[Any]]:
    """The rows of each parent, in their order."""
    organization, parent = layout.index["organization_id"], layout.index[parent_column]
    found: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for row in rows:
        found[row[organization], row[parent]].append(row)
    return found


@lru_cache(maxsize=512)
def _children_statement(
    table: Table, columns: Names, parent_column: str, scope: Scope, *, postgresql: bool
) -> Select[Any]:
    keys = key_table(postgresql)
    here = (table.c.organization_id == keys.c.organization_id) & (table.c[parent_column] == keys.c.id)
    statement = select(*map(table.c.__getitem__, columns)).select_from(keys.join(table, here))
    return statement.where(visibility.VISIBLE[table](scope))


@lru_cache(maxsize=512)
def _ordered(statement: Select[Any], table: Table, order: str, *, newest_first: bool) -> Select[Any]:
    columns = (table.c[order], *table.primary_key)
    return statement.order_by(*[column.desc() if newest_first else column.asc() for column in columns])

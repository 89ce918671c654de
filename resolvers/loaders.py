"""Every load by key. One request loads an object once, however many rows refer to it."""

from collections.abc import Callable, Coroutine, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from aiodataloader import DataLoader
from sqlalchemy import Select, Table, select

from gateway.execution.rows import Layout, Rows
from gateway.execution.sources import Batch, Call
from gateway.statements import any_id
from resolvers import visibility
from resolvers.scope import Scope

if TYPE_CHECKING:
    from resolvers.context import Context

# An id, or (organization_id, id) in the tables of a tenant.
Key = int | tuple[int, int]


class Loaders:
    """Loaders of one request; each makes one statement of all keys that were asked for at the same time."""

    def __init__(self, context: "Context") -> None:
        self._context = context
        self._reached: dict[Table, DataLoader[Key, Any]] = {}
        self._visible: dict[Table, DataLoader[int, Any]] = {}

    def reached(self, table: Table) -> DataLoader[Key, Any]:
        """Rows that a visible row refers to, by their whole key; None where there is none to be shown."""
        if table not in self._reached:
            self._reached[table] = DataLoader(self._load_reached(table))
        return self._reached[table]

    def visible(self, table: Table) -> DataLoader[int, Any]:
        """Rows that exist for the viewer, by an id from outside; None where there is none."""
        if table not in self._visible:
            self._visible[table] = DataLoader(self._load_visible(table))
        return self._visible[table]

    def _load_reached(self, table: Table) -> Callable[[list[Key]], Coroutine[Any, Any, list[Any]]]:
        async def load(keys: list[Key]) -> list[Any]:
            statement = _reached_statement(table, self._context.scope)
            if "organization_id" not in table.c:
                rows = await self._context.fetch(statement, {"ids": keys})
                return _in_order(rows, keys, lambda row: row.id)
            pairs = [key for key in keys if isinstance(key, tuple)]
            organizations = sorted({organization_id for organization_id, _ in pairs})
            bound = {"organization_ids": organizations, "ids": [row_id for _, row_id in pairs]}
            rows = await self._context.fetch(statement, bound)
            return _in_order(rows, keys, lambda row: (row.organization_id, row.id))

        return load

    def _load_visible(self, table: Table) -> Callable[[list[int]], Coroutine[Any, Any, list[Any]]]:
        async def load(keys: list[int]) -> list[Any]:
            rows = await self._context.fetch(_visible_statement(table, self._context.scope), {"ids": keys})
            return _in_order(rows, keys, lambda row: row.id)

        return load


def _in_order(rows: Sequence[Any], keys: Sequence[Any], key_of: Callable[[Any], Any]) -> list[Any]:
    found = {key_of(row): row for row in rows}
    return [found.get(key) for key in keys]


@lru_cache(maxsize=512)
def _reached_statement(table: Table, scope: Scope) -> Select[Any]:
    statement = select(table).where(visibility.reached(table, scope), any_id(table.c.id, "ids"))
    if "organization_id" in table.c:
        statement = statement.where(any_id(table.c.organization_id, "organization_ids"))
    return statement


@lru_cache(maxsize=512)
def _visible_statement(table: Table, scope: Scope) -> Select[Any]:
    statement = select(table).where(visibility.VISIBLE[table](scope), any_id(table.c.id, "ids"))
    # Two organizations may hold rows of one id that a merchant sees both: the last one is taken, so always the same.
    return statement.order_by(*[column.desc() for column in table.primary_key])


@lru_cache(maxsize=1024)
def layout_of(table: Table) -> Layout:
    """All columns of the table, as its rows come."""
    return Layout(tuple(table.c.keys()), [column.name for column in table.c if column.nullable])


def reference(table: Table, *key_columns: str) -> Batch:
    """The row that the parent's columns refer to: `reference(shops, "shop_id")`; null where the last of them is."""

    async def load(parents: Rows, call: Call) -> Rows:
        loader = call.context.loaders.reached(table)
        tenant = len(key_columns) > 1
        keys = parents.columns(*key_columns) if tenant else parents.column(key_columns[0])
        present = [key for key in keys if (key[-1] if tenant else key) is not None]
        rows = dict(zip(present, await loader.load_many(present), strict=True))
        return Rows([rows.get(key) for key in keys], layout_of(table))

    return Batch(load, key_columns)

"""Every load by key. One request loads an object once, however many rows refer to it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, String, Table, select

from gateway.execution.rows import Layout, Names, Rows
from gateway.execution.sources import Batch, Call
from gateway.statements import any_id, any_text, key_parameters, key_table
from resolvers import visibility
from resolvers.scope import Scope

if TYPE_CHECKING:
    from resolvers.context import Context


class KeyLoader:
    """The rows of one table, each fetched once. Keys that are asked for at the same time share a statement.

    A data loader for columns of keys: one future for all of them, where aiodataloader makes one for each.
    """

    def __init__(self, fetch: Callable[[list[Any]], Awaitable[Mapping[Any, Any]]]) -> None:
        self._fetch = fetch
        self._rows: dict[Any, Any] = {}
        self._coming: dict[Any, asyncio.Future[None]] = {}
        self._next: _Batch | None = None

    async def load_many(self, keys: Sequence[Any]) -> list[Any]:
        """The row of each key, in their order; None where there is none."""
        rows = self._rows
        while missing := [key for key in dict.fromkeys(keys) if key not in rows]:
            await self._load(missing)
        return [rows[key] for key in keys]

    async def load(self, key: Any, *, alone: bool = False) -> Any:
        """`alone` is for whom no other could join: what would be shared is fetched at once."""
        if not alone:
            return (await self.load_many([key]))[0]
        if key not in self._rows:
            self._rows[key] = (await self._fetch([key])).get(key)
        return self._rows[key]

    async def _load(self, keys: list[Any]) -> None:
        """Whoever asks first fetches for all who ask until then; the others wait."""
        mine = None
        if self._next is None and any(key not in self._coming for key in keys):
            mine = self._next = _Batch([], asyncio.get_running_loop().create_future())
        waited: set[asyncio.Future[None]] = set()
        for key in keys:
            if key not in self._coming and self._next is not None:
                self._next.keys.append(key)
                self._coming[key] = self._next.done
            waited.add(self._coming[key])
        if mine is not None:
            waited.discard(mine.done)
            await self._fetch_batch(mine)
        for future in waited:
            # Several wait for one: who is cancelled must not take it from the others.
            await asyncio.shield(future)

    async def _fetch_batch(self, batch: "_Batch") -> None:
        try:
            # Other fields of the level are about to ask: some in tasks of their own, some in tasks that these start.
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            self._next = None
            found = await self._fetch(batch.keys)
        except BaseException as error:
            if self._next is batch:
                self._next = None
            self._fail(batch, error)
            raise
        for key in batch.keys:
            self._rows[key] = found.get(key)
            del self._coming[key]
        batch.done.set_result(None)

    def _fail(self, batch: "_Batch", error: BaseException) -> None:
        """Those who wait fail the same, unless it was only given up: then they ask anew, as whoever asks later does."""
        for key in batch.keys:
            del self._coming[key]
        if isinstance(error, Exception):
            batch.done.set_exception(error)
            # Perhaps nobody waits, and then nobody would look at it.
            batch.done.exception()
        else:
            batch.done.set_result(None)


@dataclass(slots=True)
class _Batch:
    keys: list[Any]
    done: "asyncio.Future[None]"


class Loaders:
    """Loaders of one request; each makes one statement of all keys that were asked for at the same time."""

    def __init__(self, context: "Context") -> None:
        self._context = context
        self._reached: dict[tuple[Table, Names, bool], KeyLoader] = {}
        self._visible: dict[Table, KeyLoader] = {}

    def reached(self, table: Table, by: Names = (), *, whole: bool = False) -> KeyLoader:
        """Rows that a visible row refers to, by their whole key or by those columns; None where none is to be shown.

        A key of one column is its value, one of more a tuple. `by` must be unique. `whole` is for rows without which
        those that refer to them are never shown: whoever sees one of those sees its row, whatever the rule.
        """
        columns = by or key_of(table)
        loader = self._reached.get((table, columns, whole))
        if loader is None:
            fetch = partial(_fetch_reached, self._context, table, columns, whole)
            loader = self._reached[table, columns, whole] = KeyLoader(fetch)
        return loader

    def visible(self, table: Table) -> KeyLoader:
        """Rows that exist for the viewer, by an id from outside; None where there is none."""
        if table not in self._visible:
            self._visible[table] = KeyLoader(partial(_fetch_visible, self._context, table))
        return self._visible[table]


async def _fetch_reached(
    context: "Context", table: Table, by: Names, whole: bool, keys: list[Any]
) -> Mapping[Any, Any]:
    postgresql = context.database.is_postgresql
    scope = None if whole else context.scope
    statement = _reached_statement(table, by, scope, postgresql=postgresql)
    if len(by) == 1:
        rows = await context.fetch_ids(statement, keys)
    else:
        rows = await context.fetch(statement, key_parameters(keys, postgresql))
    index = layout_of(table).index
    return dict(zip(map(itemgetter(*(index[name] for name in by)), rows), rows, strict=True))


async def _fetch_visible(context: "Context", table: Table, keys: list[int]) -> Mapping[int, Any]:
    rows = await context.fetch_ids(_visible_statement(table, context.scope), keys)
    place = layout_of(table).index["id"]
    # The rows come from the highest key down: of two with one id the lower organization's is kept.
    return {row[place]: row for row in rows}


@lru_cache(maxsize=512)
def _reached_statement(table: Table, by: Names, scope: Scope | None, *, postgresql: bool) -> Select[Any]:
    statement = select(table)
    if scope is not None:
        statement = statement.where(visibility.reached(table, scope))
    if len(by) == 1:
        column = table.c[by[0]]
        return statement.where(any_text(column, "ids") if isinstance(column.type, String) else any_id(column, "ids"))
    # Joined by the whole key: with two lists of ids PostgreSQL may prefer an index that has only the organization.
    keys = key_table(postgresql)
    here = (table.c.organization_id == keys.c.organization_id) & (table.c.id == keys.c.id)
    return statement.select_from(keys.join(table, here))


@lru_cache(maxsize=512)
def _visible_statement(table: Table, scope: Scope) -> Select[Any]:
    statement = select(table).where(visibility.VISIBLE[table](scope), any_id(table.c.id, "ids"))
    # Two organizations may hold rows of one id that the viewer sees both, such as published reviews: the last one is
    # taken, so always the same.
    return statement.order_by(*[column.desc() for column in table.primary_key])


@lru_cache(maxsize=256)
def key_of(table: Table) -> Names:
    """The columns that a row is referred to by: those of a tenant's rows begin with the organization."""
    return tuple(table.primary_key.columns.keys())


@lru_cache(maxsize=1024)
def layout_of(table: Table, columns: Names | None = None) -> Layout:
    """How rows of those columns of the table come; of all columns, if none are named."""
    names = tuple(table.c.keys()) if columns is None else columns
    return Layout(names, [name for name in names if table.c[name].nullable])


@lru_cache(maxsize=4096)
def projected(table: Table, wanted: Names | None, *needed: str) -> Names:
    """The columns that are wanted or needed, in the table's own order; all of them where what is wanted is unknown.

    There is always one: to select nothing of a row, only that it is there, is no SQL on SQLite.
    """
    if wanted is None:
        return tuple(table.c.keys())
    return tuple(name for name in layout_of(table).names if name in wanted or name in needed) or key_of(table)[-1:]


def reference(table: Table, *key_columns: str, by: Names = (), whole: bool = False) -> Batch:
    """The row that the parent's columns refer to: `reference(shops, "shop_id")`; null where the last of them is."""

    async def load(parents: Rows, call: Call) -> Rows:
        loader = call.context.loaders.reached(table, by, whole=whole)
        tenant = len(key_columns) > 1
        keys = parents.columns(*key_columns) if tenant else parents.column(key_columns[0])
        present = [key for key in keys if (key[-1] if tenant else key) is not None]
        rows = dict(zip(present, await loader.load_many(present), strict=True))
        return Rows([rows.get(key) for key in keys], layout_of(table))

    return Batch(load, key_columns)

"""The database: reads, transactions, and a limit to the time of each statement."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

import asyncpg
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import Executable

from gateway.changes import Changes, PostgresChanges, SqliteChanges
from gateway.errors import Busy, Unavailable
from gateway.pool import database_url, make_pool
from gateway.reading import LOST, JointReads, Late, Parameters, PostgresReader, Reader, SqliteReader
from gateway.reading.joint import MOST_OF_ONE
from gateway.running import running
from gateway.settings import Settings

T = TypeVar("T")

OUT_OF_REACH = "The database can't be reached. Try again soon."

# A server that can't be connected to, or lets nobody in.
AWAY = (*LOST, OSError, asyncpg.CannotConnectNowError, asyncpg.TooManyConnectionsError, asyncpg.AdminShutdownError)
# PostgreSQL undid the transaction because of another one; nothing is wrong with it.
LOST_TO_ANOTHER = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
# What a driver says of a statement that the database does not take.
REFUSED = (asyncpg.PostgresError, sqlite3.Error)


class Database:
    """Reads run one by one in autocommit; writes run in `transaction()`. A failure to answer is `Unavailable`."""

    def __init__(self, settings: Settings) -> None:
        self.is_postgresql = settings.is_postgresql
        self._timeout_seconds = settings.database_timeout
        self._engine = make_pool(settings)
        self._reader = _make_reader(settings)
        self._joint = JointReads(self.fetch)
        self.changes = _make_changes(settings)
        self._abandoned: set[asyncio.Future[Any]] = set()

    async def fetch_ids(self, statement: Executable, ids: Sequence[Any], parameters: Parameters) -> Sequence[Any]:
        """The rows of those ids, which the statement has bound as `ids`.

        While all connections are in use, also of ids that others ask for with equal parameters: see JointReads.
        """
        if len(ids) > MOST_OF_ONE or not self._reader.is_busy():
            return await self.fetch(statement, {**parameters, "ids": ids})
        with running():
            return await self._joint.fetch(statement, ids, parameters)

    async def fetch(self, statement: Executable, parameters: Parameters | Late | None = None) -> Sequence[Any]:
        """The rows of one read: see gateway/reading/."""
        try:
            with running():
                return await self._reader.fetch(statement, parameters or {})
        except TimeoutError:
            await self._forget_connections()
            raise Unavailable("The database does not answer. Try again soon.") from None
        except AWAY as error:
            raise Unavailable(OUT_OF_REACH) from error
        except sqlite3.OperationalError as error:
            raise _told(error) from error

    async def _start(self, connection: AsyncConnection) -> None:
        """Who is cancelled does not wait, but connecting goes on to its end: nobody else would close what it opens."""
        starting = asyncio.ensure_future(connection.start())
        try:
            await asyncio.shield(starting)
        except asyncio.CancelledError:
            self._remember(asyncio.ensure_future(_close_when_started(connection, starting)))
            raise

    async def _close(self, connection: AsyncConnection) -> None:
        """Goes on to its end even if nobody waits for it any more."""
        closing = asyncio.ensure_future(connection.close())
        self._remember(closing)
        await asyncio.shield(closing)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """All or nothing. Every statement in it must pass through `execute`, which limits its time.

        Raises Busy where it was undone because of another transaction: it may be run again as a whole.
        """
        try:
            connection = await self._limited(self._open())
        except DBAPIError as error:
            # Nothing of ours was sent yet: whatever the driver met, it met while connecting.
            told = _told(error)
            raise told if isinstance(told, Unavailable) else Unavailable(OUT_OF_REACH) from error
        try:
            yield connection
            await self._limited(connection.commit())
        except BaseException as error:
            await self._abandon(connection.rollback())
            if isinstance(error, DBAPIError):
                raise _told(error) from error
            raise
        finally:
            await self._abandon(connection.close())

    async def _open(self) -> AsyncConnection:
        connection = self._engine.connect()
        await self._start(connection)
        try:
            await self._begin(connection)
        except BaseException:
            await self._close(connection)
            raise
        return connection

    async def _begin(self, connection: AsyncConnection) -> None:
        try:
            await connection.begin()
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            # The pool held a connection that had died; nothing was sent on it.
            await connection.rollback()
            await connection.begin()

    async def execute(
        self,
        connection: AsyncConnection,
        statement: Executable,
        parameters: Parameters | Sequence[Parameters] | None = None,
    ) -> Any:
        with running():
            return await self._limited(self._execute(connection, statement, parameters))

    async def _execute(
        self,
        connection: AsyncConnection,
        statement: Executable,
        parameters: Parameters | Sequence[Parameters] | None,
    ) -> Any:
        executing = asyncio.ensure_future(connection.execute(statement, parameters))
        if self.is_postgresql:
            return await executing
        try:
            return await asyncio.shield(executing)
        except asyncio.CancelledError:
            await _interrupt(connection, executing)
            raise

    async def _limited(self, work: Awaitable[T], *, since: float | None = None) -> T:
        """Waits for the work, but no longer than a statement may take; what takes longer is left to die alone."""
        task = asyncio.ensure_future(work)
        spent = 0.0 if since is None else time.monotonic() - since
        try:
            done, _ = await asyncio.wait({task}, timeout=max(0.0, self._timeout_seconds - spent))
        except asyncio.CancelledError:
            self._leave(task)
            raise
        if done:
            try:
                return task.result()
            except (OSError, PoolTimeout) as error:
                raise Unavailable(OUT_OF_REACH) from error
        self._leave(task)
        await self._forget_connections()
        raise Unavailable("The database does not answer. Try again soon.")

    async def _forget_connections(self) -> None:
        """Whatever the pools hold was opened to a server that does not answer."""
        self._reader.forget()
        await self._engine.dispose(close=False)

    def _leave(self, task: "asyncio.Future[Any]") -> None:
        task.cancel()
        self._remember(task)

    def _remember(self, task: "asyncio.Future[Any]") -> None:
        self._abandoned.add(task)
        task.add_done_callback(self._forget)

    def _forget(self, task: "asyncio.Future[Any]") -> None:
        self._abandoned.discard(task)
        if not task.cancelled():
            task.exception()

    async def _abandon(self, work: Awaitable[Any]) -> None:
        with suppress(Unavailable, DBAPIError):
            await self._limited(work)

    async def run_sync(self, work: Callable[[Connection], T]) -> T:
        """Runs a synchronous piece of SQLAlchemy (a migration, a bulk load) in one transaction."""
        async with self._engine.begin() as connection:
            return await connection.run_sync(work)

    async def close(self) -> None:
        """Waits a little for what was abandoned: a SQLite connection that nobody closes keeps the process alive."""
        if self._abandoned:
            await asyncio.wait(self._abandoned, timeout=self._timeout_seconds)
        await self.changes.close()
        await self._reader.close()
        await self._engine.dispose()


def _make_changes(settings: Settings) -> Changes:
    url = database_url(settings.database_url)
    if settings.is_postgresql:
        return PostgresChanges(url, timeout_seconds=settings.database_timeout)
    return SqliteChanges(url)


def _make_reader(settings: Settings) -> Reader:
    make = PostgresReader if settings.is_postgresql else SqliteReader
    return make(
        database_url(settings.database_url),
        connections=settings.database_pool_size,
        timeout_seconds=settings.database_timeout,
    )


async def _close_when_started(connection: AsyncConnection, starting: "asyncio.Future[Any]") -> None:
    await asyncio.wait({starting})
    if not starting.cancelled() and not starting.exception():
        await connection.close()


async def _interrupt(connection: AsyncConnection, executing: "asyncio.Future[Any]") -> None:
    """SQLite works on in its thread when its task is cancelled, unless it is told to stop."""
    raw = await connection.get_raw_connection()
    while not executing.done():
        # Told again, since a statement that still waits for the thread does not hear it.
        raw.driver_connection._conn.interrupt()  # type: ignore[union-attr] # aiosqlite's own method is a coroutine
        await asyncio.wait({executing}, timeout=0.02)
    executing.cancelled() or executing.exception()


def _told(error: Exception) -> Exception:
    """What the caller should hear: that the database is away, or the error itself, which is our bug."""
    # SQLAlchemy wraps the driver's error, and for asyncpg does so twice.
    original = error.orig if isinstance(error, DBAPIError) else error
    cause = original.__cause__ if original is not None and original.__cause__ else original
    if (isinstance(error, DBAPIError) and error.connection_invalidated) or isinstance(cause, AWAY):
        return Unavailable(OUT_OF_REACH)
    if isinstance(cause, LOST_TO_ANOTHER) or "database is locked" in str(cause):
        return Busy()
    return error

"""Reads past SQLAlchemy's execution: it compiles the statements, the drivers run them, and rows stay what drivers make.

A row is a tuple (asyncpg's Record is one) of ids, texts, booleans and lists. A moment is a datetime on PostgreSQL and
the text of the wire on SQLite, which keeps it so.
"""

import asyncio
import sqlite3
from collections.abc import Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol
from weakref import WeakKeyDictionary

import asyncpg
import orjson
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Dialect
from sqlalchemy.sql import Executable

# Statements that differ in their columns and filters are a few hundred; each connection keeps them prepared.
PREPARED_STATEMENTS = 1_000
# How long a connection may take to get over a statement that was cancelled, before it is given up.
RECOVERY_SECONDS = 1.0

# A connection that broke while it was used, or while it waited in the pool.
LOST = (asyncpg.ConnectionDoesNotExistError, asyncpg.InterfaceError, ConnectionError)

Rows = Sequence[Any]


class Reader(Protocol):
    """`fetch` may be cancelled at any moment, and its statement ends soon after."""

    async def fetch(self, statement: Executable, parameters: Mapping[str, Any]) -> Rows: ...

    def forget(self) -> None:
        """Gives up every connection: the server that they lead to does not answer."""

    async def close(self) -> None: ...


class Compiled:
    """The text of a statement and the order of its parameters."""

    __slots__ = ("_defaults", "_names", "_processors", "text")

    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)  # type: ignore[attr-defined] # every Executable has it
        self.text = str(compiled)
        self._names: list[str] = list(compiled.positiontup or ())
        self._defaults: Mapping[str, Any] = compiled.params
        self._processors: Mapping[str, Any] = compiled._bind_processors

    def arguments(self, parameters: Mapping[str, Any]) -> list[Any]:
        processors, defaults = self._processors, self._defaults
        arguments = []
        for name in self._names:
            value = parameters[name] if name in parameters else defaults[name]
            processor = processors.get(name)
            arguments.append(value if processor is None else processor(value))
        return arguments


class _Texts:
    """Statements are built once and kept by their builders, so they are compiled once as well."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._compiled: WeakKeyDictionary[Any, Compiled] = WeakKeyDictionary()

    def get(self, statement: Executable) -> Compiled:
        compiled = self._compiled.get(statement)
        if compiled is None:
            compiled = self._compiled[statement] = Compiled(statement, self._dialect)
        return compiled


class PostgresReader:
    def __init__(self, url: URL, *, connections: int, timeout_seconds: float) -> None:
        self._texts = _Texts(postgresql.asyncpg.dialect())  # type: ignore[no-untyped-call] # SQLAlchemy's own
        self._url = url.set(drivername="postgresql")
        self._connections = connections
        self._timeout_seconds = timeout_seconds
        self._pool: asyncpg.Pool | None = None
        self._recovering: set[asyncio.Task[None]] = set()

    async def fetch(self, statement: Executable, parameters: Mapping[str, Any]) -> Rows:
        compiled = self._texts.get(statement)
        arguments = compiled.arguments(parameters)
        pool = await self._opened()
        try:
            return await self._run(pool, compiled.text, arguments)
        except LOST:
            # One dead connection is seldom alone. A read can be repeated, on a connection that is new.
            if self._pool is pool:
                self.forget()
            return await self._run(await self._opened(), compiled.text, arguments)

    async def _opened(self) -> Any:
        if self._pool is None:
            self._pool = self._new_pool()
        return await self._pool

    async def _run(self, pool: Any, text: str, arguments: list[Any]) -> Rows:
        connection = await pool.acquire()
        try:
            rows: Rows = await connection.fetch(text, *arguments)
        except BaseException:
            # In a task of its own: whoever was cancelled must not wait for the server to hear of it.
            self._later(_release(pool, connection))
            raise
        await pool.release(connection)
        return rows

    def _new_pool(self) -> Any:
        return asyncpg.create_pool(
            self._url.render_as_string(hide_password=False),
            min_size=0,
            max_size=self._connections,
            timeout=self._timeout_seconds,
            statement_cache_size=PREPARED_STATEMENTS,
            max_cached_statement_lifetime=0,
            init=_prepare_postgres,
            reset=_leave_as_it_is,
        )

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._recovering.add(task)
        task.add_done_callback(self._recovering.discard)

    def forget(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            self._later(_close(pool))

    async def close(self) -> None:
        self.forget()
        if self._recovering:
            await asyncio.wait(self._recovering, timeout=2 * RECOVERY_SECONDS)


async def _close(pool: Any) -> None:
    """What still runs on its connections may end, for a while."""
    try:
        await asyncio.wait_for(pool.close(), RECOVERY_SECONDS)
    except (TimeoutError, asyncpg.InterfaceError):
        pool.terminate()


async def _release(pool: Any, connection: Any) -> None:
    try:
        await pool.release(connection, timeout=RECOVERY_SECONDS)
    except Exception:  # noqa: BLE001 - a connection that can't be saved is let go, whatever the reason
        connection.terminate()


async def _prepare_postgres(connection: Any) -> None:
    for name in ("json", "jsonb"):
        await connection.set_type_codec(name, encoder=orjson.dumps, decoder=orjson.loads, schema="pg_catalog")


async def _leave_as_it_is(_connection: Any) -> None:
    # Reads leave nothing behind: asking the server to reset a connection takes as long as a small read.
    pass


class SqliteReader:
    def __init__(self, url: URL, *, connections: int, timeout_seconds: float) -> None:
        self._texts = _Texts(sqlite.dialect())
        self._file = url.database or ""
        self._timeout_seconds = timeout_seconds
        self._threads = ThreadPoolExecutor(connections, thread_name_prefix="sqlite")
        self._free: list[sqlite3.Connection] = []
        self._slots = asyncio.Semaphore(connections)

    async def fetch(self, statement: Executable, parameters: Mapping[str, Any]) -> Rows:
        compiled = self._texts.get(statement)
        arguments = compiled.arguments(parameters)
        async with self._slots:
            connection = self._free.pop() if self._free else self._connect()
            loop = asyncio.get_running_loop()
            working = loop.run_in_executor(self._threads, _rows, connection, compiled.text, arguments)
            try:
                rows = await asyncio.shield(working)
            except asyncio.CancelledError:
                await self._stop(connection, working)
                raise
            finally:
                self._free.append(connection)
            return rows

    async def _stop(self, connection: sqlite3.Connection, working: "asyncio.Future[Rows]") -> None:
        """SQLite works on in its thread unless it is told to stop; a statement that has not begun does not hear it."""
        while not working.done():
            connection.interrupt()
            await asyncio.wait({working}, timeout=0.02)
        working.exception()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._file,
            timeout=self._timeout_seconds,
            detect_types=sqlite3.PARSE_DECLTYPES,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=PREPARED_STATEMENTS,
        )
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "query_only=ON"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def forget(self) -> None:
        """A file has no server that could go away."""

    async def close(self) -> None:
        self._threads.shutdown(wait=True)
        while self._free:
            self._free.pop().close()


def _rows(connection: sqlite3.Connection, text: str, arguments: list[Any]) -> Rows:
    return connection.execute(text, arguments).fetchall()


# What columns of these declared types hold, as PostgreSQL's driver gives it too.
sqlite3.register_converter("JSON", orjson.loads)
sqlite3.register_converter("BOOLEAN", lambda stored: stored == b"1")

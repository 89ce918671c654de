"""Reads of a SQLite file: a few connections, each used from one thread at a time."""

import asyncio
import sqlite3
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import URL
from sqlalchemy.sql import Executable

from gateway.reading.compiled import PREPARED_STATEMENTS, Texts
from gateway.reading.journal import write_ahead

Rows = Sequence[Any]


class SqliteReader:
    def __init__(self, url: URL, *, connections: int, timeout_seconds: float) -> None:
        self._texts = Texts(sqlite.dialect())
        self._file = url.database or ""
        self._timeout_seconds = timeout_seconds
        self._threads = ThreadPoolExecutor(connections, thread_name_prefix="sqlite")
        self._free: list[sqlite3.Connection] = []
        self._slots = asyncio.Semaphore(connections)

    async def fetch(self, statement: Executable, parameters: Mapping[str, Any]) -> Rows:
        compiled = self._texts.get(statement)
        arguments = compiled.arguments(parameters)
        async with asyncio.timeout(self._timeout_seconds), self._slots:
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
        write_ahead(connection.execute, timeout_seconds=self._timeout_seconds)
        for pragma in ("synchronous=FULL", "foreign_keys=ON", "query_only=ON"):
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

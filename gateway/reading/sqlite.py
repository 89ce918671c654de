"""Reads of a SQLite file: a few connections, each used from one thread at a time.

Python's driver lets go of the interpreter for each row and has to get it back: ten threads that read a page each
answered less than one did. So there are three, and a statement gives one row, the JSON of all its rows, which SQLite
makes without the interpreter.
"""

import asyncio
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import orjson
from sqlalchemy import JSON, Boolean, ColumnElement, SelectBase
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import URL
from sqlalchemy.sql import Executable

from gateway.reading.compiled import PREPARED_STATEMENTS, Compiled, Late, Parameters, Texts
from gateway.reading.journal import write_ahead
from gateway.within import within

Rows = Sequence[Any]

# With more of them pages take no less time, and single objects more.
MOST_CONNECTIONS = 3

# Between two tries to stop a statement: one that has not begun does not hear it.
PAUSE_SECONDS = 0.02


class SqliteReader:
    def __init__(self, url: URL, *, connections: int, timeout_seconds: float) -> None:
        connections = min(connections, MOST_CONNECTIONS)
        self._texts = Texts(sqlite.dialect(), _in_one_row)
        self._file = url.database or ""
        self._timeout_seconds = timeout_seconds
        self._threads = ThreadPoolExecutor(connections, thread_name_prefix="sqlite")
        self._free: list[sqlite3.Connection] = []
        # What runs on the others: a connection is free again when its statement has ended, whoever still waits.
        self._running: dict[sqlite3.Connection, asyncio.Future[Rows]] = {}
        self._slots = asyncio.Semaphore(connections)

    def is_busy(self) -> bool:
        return self._slots.locked()

    async def fetch(self, statement: Executable, parameters: Parameters | Late) -> Rows:
        compiled = self._texts.get(statement)
        with within(self._timeout_seconds):
            await self._slots.acquire()
            connection, working = self._begin(compiled, parameters)
            try:
                return await asyncio.shield(working)
            except asyncio.CancelledError:
                self._stop(connection, working)
                raise

    def _begin(
        self, compiled: Compiled, parameters: Parameters | Late
    ) -> tuple[sqlite3.Connection, "asyncio.Future[Rows]"]:
        try:
            arguments = compiled.arguments(parameters)
            connection = self._free.pop() if self._free else self._connect()
        except BaseException:
            self._slots.release()
            raise
        loop = asyncio.get_running_loop()
        working = self._running[connection] = loop.run_in_executor(
            self._threads, _rows, connection, compiled, arguments
        )
        working.add_done_callback(partial(self._ended, connection))
        return connection, working

    def _ended(self, connection: sqlite3.Connection, working: "asyncio.Future[Rows]") -> None:
        del self._running[connection]
        self._free.append(connection)
        self._slots.release()
        if not working.cancelled():
            # Whoever was cancelled does not look at it any more.
            working.exception()

    def _stop(self, connection: sqlite3.Connection, working: "asyncio.Future[Rows]") -> None:
        """SQLite works on in its thread unless it is told to stop."""
        if not working.done():
            connection.interrupt()
            asyncio.get_running_loop().call_later(PAUSE_SECONDS, self._stop, connection, working)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._file,
            timeout=self._timeout_seconds,
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
        while self._running:
            for connection in self._running:
                connection.interrupt()
            await asyncio.wait(self._running.values(), timeout=PAUSE_SECONDS)
        self._threads.shutdown(wait=True)
        while self._free:
            self._free.pop().close()


def _in_one_row(statement: Any, text: str) -> str | None:
    """The rows of a SELECT as one JSON list of lists, in their order; None for what is written as text."""
    if not isinstance(statement, SelectBase):
        return None
    names = [f"c{place}" for place, _ in enumerate(statement.selected_columns)]
    values = map(_value, names, statement.selected_columns)
    return f"WITH r({', '.join(names)}) AS ({text}) SELECT json_group_array(json_array({', '.join(values)})) FROM r"


def _value(name: str, column: ColumnElement[Any]) -> str:
    """SQLite keeps a boolean as a number and JSON as a text."""
    if isinstance(column.type, Boolean):
        return f"CASE {name} WHEN 1 THEN json('true') WHEN 0 THEN json('false') END"
    return f"json({name})" if isinstance(column.type, JSON) else name


def _rows(connection: sqlite3.Connection, compiled: Compiled, arguments: list[Any]) -> Rows:
    rows: Rows = connection.execute(compiled.text, arguments).fetchall()
    return orjson.loads(rows[0][0]) if compiled.is_rewritten else rows

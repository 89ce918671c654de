"""Whether something may have changed that a process has read before: what lets it keep what it read.

PostgreSQL tells it: a trigger notifies whoever listens. SQLite is asked: its file counts the commits of others.
"""

import asyncio
import logging
import sqlite3
from contextlib import suppress
from typing import Any, Protocol

import asyncpg
from sqlalchemy.engine import URL

# The channel that the triggers of gateway/migrations notify when an API client changes.
CHANNEL = "api_clients"
# Between two tries to listen, when the database is away.
PAUSE_SECONDS = 1.0

_log = logging.getLogger("gateway.changes")


class Changes(Protocol):
    """`generation` is another number after each change; None where changes could go unnoticed right now."""

    def generation(self) -> int | None: ...

    def start(self) -> None: ...

    async def close(self) -> None: ...


class PostgresChanges:
    def __init__(self, url: URL, *, timeout_seconds: float) -> None:
        self._url = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._timeout_seconds = timeout_seconds
        self._generation = 0
        self._listening = False
        self._task: asyncio.Task[None] | None = None

    def generation(self) -> int | None:
        return self._generation if self._listening else None

    def start(self) -> None:
        self._task = asyncio.create_task(self._listen_forever())

    async def _listen_forever(self) -> None:
        while True:
            try:
                await self._listen()
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                _log.debug("Not listening for changes: %s", type(error).__name__)
            finally:
                self._listening = False
            await asyncio.sleep(PAUSE_SECONDS)

    async def _listen(self) -> None:
        """Until the connection ends."""
        connection = await asyncpg.connect(self._url, timeout=self._timeout_seconds)
        ended = asyncio.Event()
        try:
            connection.add_termination_listener(lambda _: ended.set())
            await connection.add_listener(CHANNEL, self._notice)
            # What changed before now is not told any more.
            self._generation += 1
            self._listening = True
            await ended.wait()
        finally:
            self._listening = False
            connection.terminate()

    def _notice(self, *_: Any) -> None:
        self._generation += 1

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task


class SqliteChanges:
    def __init__(self, url: URL) -> None:
        self._file = url.database or ""
        self._connection: sqlite3.Connection | None = None

    def generation(self) -> int | None:
        """Takes microseconds: the count is in memory that all connections to the file share."""
        try:
            if self._connection is None:
                self._connection = sqlite3.connect(f"file:{self._file}?mode=ro", uri=True, isolation_level=None)
            version: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
        except sqlite3.Error:
            return None
        return version

    def start(self) -> None:
        """Nothing has to run: the file is asked each time."""

    async def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

"""A few connections to one server, kept for the next statement.

asyncpg's own pool wraps each connection, takes a lock and starts tasks for every use: for a small read, as much work
again as the read itself. This one only keeps a stack, so the connection that was used last is used next.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

# How long a connection may take to get over a statement that was cancelled, before it is cut.
CLOSING_SECONDS = 1.0


class Connections:
    def __init__(self, connect: Callable[[], Coroutine[Any, Any, Any]], most: int) -> None:
        self._connect = connect
        self._slots = most
        self._idle: list[Any] = []
        # Those that were not forgotten; the others are closed when they are given back.
        self._kept: set[Any] = set()
        # What comes to who waits is a connection, or nothing but a place for a new one.
        self._waiting: deque[asyncio.Future[Any]] = deque()
        self._opening: set[asyncio.Task[Any]] = set()
        self._closing: set[asyncio.Task[None]] = set()

    def idle(self) -> Any | None:
        """One that is open and waits to be used, until `give` or `lose`."""
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
            self._drop(connection)
        return None

    def all_in_use(self) -> bool:
        """Whether who asks now has to wait for another's to be given back."""
        return not (self._idle or self._slots)

    async def take(self) -> Any:
        """The same, or a new one. Waits where all are in use."""
        while True:
            connection = self.idle()
            if connection is not None:
                return connection
            if self._slots:
                return await self._new()
            connection = await self._wait()
            if connection in self._kept:
                return connection
            if connection is not None:
                self.lose(connection)

    async def _new(self) -> Any:
        """Who is cancelled does not wait. Connecting goes on, and what it opens is for whoever comes next."""
        self._slots -= 1
        opening: asyncio.Task[Any] = asyncio.ensure_future(self._connect())
        self._opening.add(opening)
        opening.add_done_callback(self._opened)
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            opening.add_done_callback(self._spare)
            raise

    def _opened(self, opening: "asyncio.Task[Any]") -> None:
        self._opening.discard(opening)
        if opening.cancelled() or opening.exception():
            self._free_slot()
        else:
            self._kept.add(opening.result())

    def _spare(self, opening: "asyncio.Task[Any]") -> None:
        if not (opening.cancelled() or opening.exception()):
            self.give(opening.result())

    async def _wait(self) -> Any | None:
        """A connection that was just given back, and is nobody else's; None where one may be opened."""
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        try:
            return await waiter
        except asyncio.CancelledError:
            # It was this one's turn all the same: the next one gets it.
            if waiter.done() and not waiter.cancelled():
                self._pass_on(waiter.result())
            raise

    def give(self, connection: Any) -> None:
        """The statement has ended as it should."""
        if connection not in self._kept:
            self.lose(connection)
        elif not self._wake(connection):
            self._idle.append(connection)

    def lose(self, connection: Any) -> None:
        """The statement was cancelled, or failed: the connection is closed, and whoever was cancelled need not wait."""
        self._kept.discard(connection)
        task = asyncio.ensure_future(_close(connection))
        self._closing.add(task)
        task.add_done_callback(self._closed)

    def _closed(self, task: "asyncio.Task[None]") -> None:
        self._closing.discard(task)
        self._free_slot()

    def forget(self) -> None:
        """None of the present connections is used again."""
        self._kept.clear()
        while self._idle:
            self._drop(self._idle.pop())

    def _drop(self, connection: Any) -> None:
        self._kept.discard(connection)
        connection.terminate()
        self._free_slot()

    def _free_slot(self) -> None:
        self._slots += 1
        self._wake(None)

    def _pass_on(self, connection: Any | None) -> None:
        if connection is None:
            self._wake(None)
        else:
            self.give(connection)

    def _wake(self, connection: Any | None) -> bool:
        """Whether somebody waited, who has it now."""
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(connection)
                return True
        return False

    async def close(self) -> None:
        if self._opening:
            await asyncio.wait(self._opening, timeout=CLOSING_SECONDS)
        for opening in self._opening:
            opening.cancel()
        self.forget()
        if self._closing:
            await asyncio.wait(self._closing, timeout=2 * CLOSING_SECONDS)


async def _close(connection: Any) -> None:
    """Closing waits until the server has heard that a statement was cancelled."""
    with suppress(Exception):
        await connection.close(timeout=CLOSING_SECONDS)
    if not connection.is_closed():
        connection.terminate()

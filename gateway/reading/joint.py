"""Reads by id that wait for a connection: those of one statement and one viewer become one statement.

A connection is free at once as long as the database keeps up, and then nothing is joined. Where it does not, a hundred
requests for one object each would wait for a hundred statements, one after the other.
"""

import asyncio
from collections.abc import Callable, Coroutine, Hashable, Sequence
from contextvars import Context
from typing import Any

from sqlalchemy.sql import Executable

from gateway.reading.compiled import Late, Parameters

Rows = Sequence[Any]
Fetch = Callable[[Executable, Late], Coroutine[Any, Any, Rows]]

# What asks for more at once is seldom asked for by others too, and its rows would be looked through by all.
MOST_OF_ONE = 10
# A statement of more ids is one of a full page.
MOST_IDS = 250


class JointReads:
    """`fetch` is what runs a statement: it asks for the parameters when it has a connection."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._waiting: dict[Hashable, _JointRead] = {}

    async def fetch(self, statement: Executable, ids: Sequence[Any], parameters: Parameters) -> Rows:
        """The rows of the ids, which are bound as `ids`, and of others that were asked for with equal parameters."""
        key = (statement, *parameters.values())
        read = self._waiting.get(key)
        if read is None or len(read.ids) + len(ids) > MOST_IDS:
            read = self._waiting[key] = _JointRead()
            work = self._run(key, read, statement, parameters)
            # Of the request in which it begins it takes nothing along: what ends with that must not end this.
            read.task = asyncio.get_running_loop().create_task(work, context=Context())
        try:
            return await read.join(ids)
        except asyncio.CancelledError:
            if read.is_forsaken():
                self._close(key, read)
                read.task.cancel()
            raise

    async def _run(self, key: Hashable, read: "_JointRead", statement: Executable, parameters: Parameters) -> None:
        def begin() -> Parameters:
            self._close(key, read)
            return {**parameters, "ids": list(read.ids)}

        try:
            read.answer(await self._fetch(statement, begin))
        except Exception as error:  # noqa: BLE001 - it is those who wait for it that it fails
            read.fail(error)
        finally:
            self._close(key, read)

    def _close(self, key: Hashable, read: "_JointRead") -> None:
        """Nobody joins it any more."""
        if self._waiting.get(key) is read:
            del self._waiting[key]


class _JointRead:
    """One statement, and those who wait for it."""

    __slots__ = ("_futures", "ids", "task")

    def __init__(self) -> None:
        # As a dict they are in the order in which they came, each once.
        self.ids: dict[Any, None] = {}
        self.task: asyncio.Task[None]
        self._futures: list[asyncio.Future[Rows]] = []

    async def join(self, ids: Sequence[Any]) -> Rows:
        """Each has a future: who is cancelled does not take it from the others."""
        self.ids.update(dict.fromkeys(ids))
        future: asyncio.Future[Rows] = self.task.get_loop().create_future()
        self._futures.append(future)
        return await future

    def is_forsaken(self) -> bool:
        return all(future.cancelled() for future in self._futures)

    def answer(self, rows: Rows) -> None:
        for future in self._futures:
            if not future.done():
                future.set_result(rows)

    def fail(self, error: Exception) -> None:
        for future in self._futures:
            if not future.done():
                future.set_exception(error)
                # Who waits may be cancelled in the same moment, and then nobody would look at it.
                future.exception()

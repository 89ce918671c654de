"""The statements that one request waits for, in whatever task, so that they end when the request does.

To cancel the task of a request is not enough: data loaders fetch in tasks of their own.
"""

import asyncio
from collections.abc import Awaitable, Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from typing import Any, TypeVar

T = TypeVar("T")


class Statements:
    """Those of the tasks that are started inside of `with`. `stop` cancels them and lets no other start."""

    def __init__(self) -> None:
        self.stopped = False
        self.running: set[asyncio.Future[Any]] = set()
        self._token: Token[Statements | None] | None = None

    def __enter__(self) -> "Statements":
        self._token = _current.set(self)
        return self

    def __exit__(self, *_: object) -> None:
        if self._token:
            _current.reset(self._token)

    def stop(self) -> None:
        self.stopped = True
        for statement in self.running:
            statement.cancel()


_current: ContextVar[Statements | None] = ContextVar("statements", default=None)


@contextmanager
def running(work: Coroutine[Any, Any, T]) -> Iterator[Awaitable[T]]:
    """The work, as one of the statements of the request that asks, if one does."""
    statements = _current.get()
    if statements is None:
        yield work
        return
    if statements.stopped:
        work.close()
        raise asyncio.CancelledError
    task = asyncio.ensure_future(work)
    statements.running.add(task)
    try:
        yield task
    finally:
        statements.running.discard(task)

"""The tasks in which one request waits for statements, so that these end when the request does.

To cancel the task of a request is not enough: loaders fetch in tasks of their own.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from typing import Any


class Statements:
    """Those that are run inside of `with`. `stop` cancels them and lets no other start."""

    def __init__(self) -> None:
        self.stopped = False
        self.running: set[asyncio.Task[Any]] = set()
        self._token: Token[Statements | None] | None = None

    def __enter__(self) -> "Statements":
        self._token = _current.set(self)
        return self

    def __exit__(self, *_: object) -> None:
        if self._token:
            _current.reset(self._token)

    def stop(self) -> None:
        self.stopped = True
        for task in self.running:
            task.cancel()


_current: ContextVar[Statements | None] = ContextVar("statements", default=None)


@contextmanager
def running() -> Iterator[None]:
    """Around a statement: the task that waits for it is one of the request's, if a request asks."""
    statements = _current.get()
    task = asyncio.current_task()
    if statements is None or task is None:
        yield
        return
    if statements.stopped:
        raise asyncio.CancelledError
    statements.running.add(task)
    try:
        yield
    finally:
        statements.running.discard(task)

"""The tasks in which one request waits for statements, so that these end when the request does.

To cancel the task of a request is not enough: loaders fetch in tasks of their own.
"""

import asyncio
from contextvars import ContextVar, Token
from typing import Any


class Statements:
    """Those that are run inside of `with`. `stop` cancels them and lets no other start."""

    def __init__(self) -> None:
        self.stopped = False
        self.loop = asyncio.get_running_loop()
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


class running:  # noqa: N801 - a context manager, which a generator would make three times as slow
    """Around a statement: the task that waits for it is one of the request's, if a request asks."""

    __slots__ = ("_statements", "_task")

    def __enter__(self) -> None:
        self._task: asyncio.Task[Any] | None = None
        self._statements = _current.get()
        if self._statements is not None:
            if self._statements.stopped:
                raise asyncio.CancelledError
            self._task = asyncio.current_task(self._statements.loop)
            if self._task is not None:
                self._statements.running.add(self._task)

    def __exit__(self, *_: object) -> None:
        if self._statements is not None and self._task is not None:
            self._statements.running.discard(self._task)

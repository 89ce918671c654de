"""A time limit for what nearly always ends at once: `asyncio.timeout` at a third of its cost."""

import asyncio
from types import TracebackType


class within:  # noqa: N801 - reads as the condition that it is
    """`with within(seconds):` raises TimeoutError when what is awaited inside takes longer."""

    __slots__ = ("_cancelling", "_is_late", "_seconds", "_task", "_timer")

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._is_late = False

    def __enter__(self) -> None:
        # asyncio asks the system for the process each time that it looks for the loop: once is enough.
        loop = asyncio.get_running_loop()
        task = asyncio.current_task(loop)
        if task is None:
            raise RuntimeError("There is no task whose time could be limited")
        self._task = task
        self._cancelling = task.cancelling()
        self._timer = loop.call_later(self._seconds, self._cancel)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._timer.cancel()
        # Someone else may have cancelled the task as well: then it has to end.
        if self._is_late and self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise TimeoutError from error

    def _cancel(self) -> None:
        self._is_late = True
        self._task.cancel()

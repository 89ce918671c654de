"""Work that is worth doing only as long as someone waits for it."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from gateway.errors import GatewayError, Unavailable
from gateway.http.body import Body, Disconnected
from gateway.running import Statements

T = TypeVar("T")

# Most requests are answered sooner, and need nobody to watch whether their client hangs up.
UNWATCHED_SECONDS = 0.05

# Longer than a rollback takes; where the database is away, the answer does not wait for it.
CANCELLING_SECONDS = 0.5


async def while_awaited(
    work: Coroutine[Any, Any, T], body: Body, *, timeout_seconds: float, may_need_undoing: bool
) -> T:
    """Raises Unavailable(TIMEOUT) or Disconnected, and then the work is cancelled with all its statements.

    A read is given up on the spot. To undo what was written may take longer than the answer, so a task of its own does.
    """
    with Statements() as statements:
        working = asyncio.ensure_future(work) if may_need_undoing else None
        watch = _Watch(body, timeout_seconds, statements.loop)
        try:
            return await (work if working is None else asyncio.shield(working))
        except asyncio.CancelledError:
            watch.explain()
            raise
        finally:
            watch.end()
            if working is not None and not working.done():
                working.cancel()
                await asyncio.wait({working}, timeout=CANCELLING_SECONDS)
            statements.stop()


class _Watch:
    """Cancels the task that it is made in when the time is up or the client hangs up."""

    __slots__ = ("_body", "_left_seconds", "_reason", "_task", "_timer", "_watching")

    def __init__(self, body: Body, timeout_seconds: float, loop: asyncio.AbstractEventLoop) -> None:
        unwatched = min(UNWATCHED_SECONDS, timeout_seconds)
        self._body = body
        self._left_seconds = timeout_seconds - unwatched
        self._reason: GatewayError | Disconnected | None = None
        self._task = asyncio.current_task(loop)
        self._watching: asyncio.Task[None] | None = None
        self._timer = loop.call_later(unwatched, self._begin)

    def _begin(self) -> None:
        self._watching = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        leaving = asyncio.create_task(self._body.gone())
        try:
            await asyncio.wait({leaving}, timeout=self._left_seconds)
            too_long = Unavailable("The request took too long. Ask for less at once.", code="TIMEOUT")
            self._reason = Disconnected() if leaving.done() else too_long
            if self._task is not None:
                self._task.cancel()
        finally:
            leaving.cancel()

    def explain(self) -> None:
        """Raises the reason, if it was the watch that cancelled the task."""
        if self._reason is not None and self._task is not None:
            self._task.uncancel()
            raise self._reason from None

    def end(self) -> None:
        self._timer.cancel()
        if self._watching is not None:
            self._watching.cancel()

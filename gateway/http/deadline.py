"""Work that is worth doing only as long as someone waits for it."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from gateway.errors import Unavailable
from gateway.http.body import Body, Disconnected
from gateway.running import Statements

T = TypeVar("T")

# Most requests are answered sooner, and need nobody to watch whether their client hangs up.
UNWATCHED_SECONDS = 0.05

# Longer than a rollback takes; where the database is away, the answer does not wait for it.
CANCELLING_SECONDS = 0.5


async def while_awaited(work: Coroutine[Any, Any, T], body: Body, *, timeout_seconds: float) -> T:
    """Raises Unavailable(TIMEOUT) or Disconnected, and then the work is cancelled with all its statements."""
    with Statements() as statements:
        working = asyncio.create_task(work)
    try:
        await asyncio.wait({working}, timeout=min(UNWATCHED_SECONDS, timeout_seconds))
        if not working.done():
            await _watch(working, body, timeout_seconds=max(0.0, timeout_seconds - UNWATCHED_SECONDS))
        return working.result()
    finally:
        if not working.done():
            working.cancel()
            await asyncio.wait({working}, timeout=CANCELLING_SECONDS)
        statements.stop()


async def _watch(working: "asyncio.Task[T]", body: Body, *, timeout_seconds: float) -> None:
    leaving = asyncio.create_task(body.gone())
    try:
        await asyncio.wait({working, leaving}, timeout=timeout_seconds, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            if leaving.done():
                raise Disconnected
            raise Unavailable("The request took too long. Ask for less at once.", code="TIMEOUT")
    finally:
        leaving.cancel()

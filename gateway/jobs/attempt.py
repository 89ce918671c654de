"""One attempt at one piece of work, with its lease renewed meanwhile."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from gateway.errors import Unavailable, WorkFailed
from gateway.jobs.work import LeaseLost, Work

_log = logging.getLogger("gateway.jobs")

# Of the lease's length: two renewals may fail before it lapses.
RENEWED_AFTER = 1 / 3


async def attempt(
    work: Work, handle: Callable[[Work], Awaitable[None]], *, limit_seconds: float, clock: Callable[[], datetime]
) -> None:
    """Raises what the handler does, LeaseLost, or WorkFailed where the time is up."""
    handling = asyncio.ensure_future(_handle(work, handle))
    losing = asyncio.ensure_future(_renew(work, clock))
    try:
        done, _ = await asyncio.wait({handling, losing}, timeout=limit_seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (losing, handling):
            task.cancel()
        await asyncio.gather(handling, losing, return_exceptions=True)
    if handling in done:
        return handling.result()
    if losing in done:
        raise LeaseLost
    raise WorkFailed(f"It took longer than {limit_seconds:g} seconds")


async def _handle(work: Work, handle: Callable[[Work], Awaitable[None]]) -> None:
    await handle(work)
    if not work.is_finished:
        await work.finish()


async def _renew(work: Work, clock: Callable[[], datetime]) -> None:
    """Until the lease is lost."""
    held = True
    while held:
        await asyncio.sleep(work.leases.length.total_seconds() * RENEWED_AFTER)
        try:
            held = await work.renew(clock())
        except Unavailable as error:
            # It is not lost yet, and the next renewal may come in time.
            _log.info("The lease of work %d was not renewed: %s", work.id, error.message)

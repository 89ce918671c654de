"""What the gateway does later: a handler for each kind of work, and what comes again by itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gateway.db import Database
from gateway.jobs import Handlers, Pace, Worker
from gateway.jobs.timers import PRUNING
from gateway.settings import Settings
from resolvers import (
    collaborator_attempt,
    collaborator_expiry,
    idempotency_key,
    lead_email,
    review_publish,
    subscription_end,
)

HANDLERS = Handlers(
    {
        lead_email.KIND: lead_email.send,
        review_publish.KIND: review_publish.publish,
        subscription_end.KIND: subscription_end.end,
    },
    timers=[
        PRUNING,
        idempotency_key.PRUNING,
        review_publish.OVERDUE,
        collaborator_attempt.PRUNING,
        collaborator_expiry.EXPIRING,
    ],
)


def make_worker(database: Database, settings: Settings, *, at_once: int) -> Worker:
    return Worker(database, settings, HANDLERS, pace=Pace(at_once=at_once))


@asynccontextmanager
async def beside(worker: Worker | None) -> AsyncIterator[None]:
    """The worker, if there is one, in the same process for as long as the block lasts."""
    running = worker and asyncio.create_task(worker.run())
    try:
        yield
    finally:
        if worker and running:
            worker.stop()
            await running

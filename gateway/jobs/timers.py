"""Work that comes again: each timer is one row, which its own completion puts off to the next time."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select

from gateway.db import Database
from gateway.jobs.handlers import Handlers, Timer
from gateway.jobs.work import Work
from gateway.models.deferred_job import DeferredJobStatus, deferred_jobs
from gateway.statements import any_text
from gateway.writing import Writing

# For as long a key keeps the same work from being left again.
KEPT = timedelta(days=7)
# At once, so that no transaction holds up others for long.
PRUNED_ROWS = 500

_c = deferred_jobs.c
_STARTED = select(_c.unique_key).where(any_text(_c.unique_key, "keys"))
_OLD = select(_c.id).where(_c.finished_at <= bindparam("before"), _c.status == DeferredJobStatus.DONE)
_PRUNE = delete(deferred_jobs).where(_c.id.in_(_OLD.limit(PRUNED_ROWS).with_for_update(skip_locked=True)))


async def start_timers(database: Database, handlers: Handlers, now: datetime) -> None:
    """Adds the rows of new timers; their first time comes a period from now."""
    keys = {timer.key: timer for timer in handlers.timers.values()}
    started = {key for (key,) in await database.fetch(_STARTED, {"keys": list(keys)})}
    if started == keys.keys():
        return
    async with database.transaction() as connection:
        writing = Writing(database, connection, actor="system", now=now, request_id="timers")
        for key in keys.keys() - started:
            await writing.enqueue(keys[key].kind, {}, run_at=now + keys[key].every, key=key)


async def prune(work: Work) -> None:
    """Forgets work that was done long ago. What was given up stays, until somebody has looked at it."""
    pruned = PRUNED_ROWS
    while pruned == PRUNED_ROWS:
        async with work.database.transaction() as connection:
            done = await work.database.execute(connection, _PRUNE, {"before": work.now - KEPT})
            pruned = done.rowcount


PRUNING = Timer("pruneDeferredJobs", timedelta(hours=1), prune)

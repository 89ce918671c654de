"""Work that was given up: what there is, and how it is done after all."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from gateway import audit
from gateway.models.deferred_job import DeferredJobStatus, deferred_jobs

_c = deferred_jobs.c
_DEAD = (_c.finished_at.is_not(None), _c.status == DeferredJobStatus.DEAD)


def list_dead(connection: Connection) -> Sequence[Any]:
    """Rows (id, kind, attempts, finished_at, last_error), oldest first."""
    told = select(_c.id, _c.kind, _c.attempts, _c.finished_at, _c.last_error)
    return connection.execute(told.where(*_DEAD).order_by(_c.finished_at, _c.id)).all()


def retry(connection: Connection, work_id: int | None, *, now: datetime) -> int:
    """Lets one, or with None all, wait again with all attempts before it. How many they were."""
    wanted = _DEAD if work_id is None else (*_DEAD, _c.id == work_id)
    again = {"status": DeferredJobStatus.WAITING, "run_at": now, "attempts": 0, "finished_at": None}
    found = connection.execute(update(deferred_jobs).where(*wanted).values(again).returning(_c.id, _c.kind)).all()
    entries = [
        audit.AuditEntry(
            actor="cli",
            action="deferredJobRetry",
            subject=f"gid://partners/DeferredJob/{row.id}",
            request_id="cli",
            before={"status": DeferredJobStatus.DEAD, "kind": row.kind},
            after={"status": DeferredJobStatus.WAITING, "kind": row.kind},
        )
        for row in found
    ]
    if entries:
        audit.record(connection, *entries)
    return len(entries)

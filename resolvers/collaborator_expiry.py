"""How access ends by itself: a while after the last login, at that moment exactly."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from gateway.jobs.handlers import Timer
from gateway.jobs.work import ACTOR, Work
from gateway.models.base import UtcDateTime
from gateway.models.collaborator import CollaboratorStatus, collaborators
from gateway.writing import Writing
from resolvers.gid import gid

# Without a login. That the merchant accepted counts as the first one.
LASTS = timedelta(days=90)
# At once, so that no transaction holds up others for long.
FOUND_ROWS = 500

_DUE = (
    collaborators.c.status == CollaboratorStatus.ACTIVE.value,
    collaborators.c.expires_at <= bindparam("due_at", type_=UtcDateTime),
)
_OVERDUE = select(collaborators.c.organization_id, collaborators.c.id, collaborators.c.expires_at).where(*_DUE)
# Who is at work on a row is logging in, or ending it: the next round looks again.
_FOUND = _OVERDUE.order_by(collaborators.c.expires_at, collaborators.c.id).limit(FOUND_ROWS)
_LOCKED = _FOUND.with_for_update(skip_locked=True)
_THIS = (collaborators.c.organization_id == bindparam("of_organization"), collaborators.c.id == bindparam("of_row"))
# It ended when it was due, whenever somebody came to write that down.
_EXPIRE = update(collaborators).where(*_THIS, *_DUE)
_EXPIRED = _EXPIRE.values(status=CollaboratorStatus.EXPIRED.value, ended_at=collaborators.c.expires_at)


def standing(status: str, expires_at: datetime | None, now: datetime) -> str:
    """The state at that moment: access that is due to end has ended, though the timer may not have come to it."""
    is_over = status == CollaboratorStatus.ACTIVE and expires_at is not None and expires_at <= now
    return CollaboratorStatus.EXPIRED if is_over else status


async def expire(writing: Writing, found: Row[Any], now: datetime) -> bool:
    """Ends access that is due: `found` has its key and `expires_at`. False where somebody logged in meanwhile."""
    bound = {"of_organization": found.organization_id, "of_row": found.id, "due_at": now}
    if not (await writing.execute(_EXPIRED, bound)).rowcount:
        return False
    before = {"status": CollaboratorStatus.ACTIVE}
    after = {"status": CollaboratorStatus.EXPIRED, "ended_at": found.expires_at}
    subject = gid("Collaborator", found.id)
    writing.audit("collaboratorExpire", subject, organization_id=found.organization_id, before=before, after=after)
    return True


async def expire_due(work: Work) -> None:
    rows = FOUND_ROWS
    while rows == FOUND_ROWS:
        async with work.database.transaction() as connection:
            writing = Writing(work.database, connection, actor=ACTOR, now=work.now, request_id=work.lease.kind)
            found = (await writing.execute(_LOCKED, {"due_at": work.now})).all()
            for row in found:
                await expire(writing, row, work.now)
            if found:
                await writing.finish()
        rows = len(found)


EXPIRING = Timer("collaboratorsExpire", timedelta(minutes=1), expire_due)

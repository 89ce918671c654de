"""Guesses of a shop's request code: how many an organization has had, so that nobody tries all ten thousand of them."""

import hmac
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, bindparam, delete, func, select, tuple_

from gateway.ids import new_id
from gateway.jobs.handlers import Timer
from gateway.jobs.work import Work
from gateway.models.base import UtcDateTime
from gateway.models.collaborator_attempt import LONGEST_DOMAIN, collaborator_attempts
from resolvers.context import Context
from resolvers.gid import gid
from resolvers.write import Write

MOST_ATTEMPTS = 5
PERIOD = timedelta(hours=1)
# At once, so that no transaction holds up others for long.
PRUNED_ROWS = 500

_KEY = tuple(collaborator_attempts.primary_key.columns)
_OLD = select(*_KEY).where(collaborator_attempts.c.attempted_at <= bindparam("before", type_=UtcDateTime))
_PRUNE = delete(collaborator_attempts).where(tuple_(*_KEY).in_(_OLD.limit(PRUNED_ROWS)))


def domain_of(address: str) -> str:
    """The domain of an address, however it is spelled, so that another spelling is no further guess."""
    host = urlsplit(address).hostname if "://" in address else address
    return (host or "").lower().removesuffix(".")[:LONGEST_DOMAIN]


def is_code(given: str, code: str | None) -> bool:
    """Whether it is the shop's code, in a time that says nothing of it. A shop without a code has no right one."""
    same = hmac.compare_digest(given.encode(), (code or "----").encode())
    return same and code is not None


def attempts_of(context: Context, organization_id: int, domain: str) -> ColumnElement[Any]:
    """How many wrong codes count at this moment, as a scalar: those of less than an hour ago."""
    attempts = collaborator_attempts.c
    here = (attempts.organization_id == organization_id, attempts.shop_domain == domain)
    counted = select(func.count()).where(*here, attempts.attempted_at > context.now - PERIOD)
    return counted.scalar_subquery()


async def count_attempt(write: Write, context: Context, organization_id: int, domain: str) -> None:
    """Keeps that a wrong code was sent. The code stays out of the audit: it may be that of another shop."""
    row = {
        "organization_id": organization_id,
        "id": new_id(),
        "shop_domain": domain,
        "attempted_at": context.now,
    }
    await write.insert(collaborator_attempts, row)
    after = {"shop_domain": domain, "attempted_at": context.now}
    subject = gid("Organization", organization_id)
    write.audit("collaboratorRequestAttempt", subject, organization_id=organization_id, after=after)


async def prune(work: Work) -> None:
    """Forgets what counts no more."""
    pruned = PRUNED_ROWS
    while pruned == PRUNED_ROWS:
        async with work.database.transaction() as connection:
            pruned = (await work.database.execute(connection, _PRUNE, {"before": work.now - PERIOD})).rowcount


PRUNING = Timer("pruneCollaboratorAttempts", timedelta(hours=1), prune)

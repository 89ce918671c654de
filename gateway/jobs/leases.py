"""Who does which piece of work until when. Each change asks for the token of the last claim, so that a worker whose
lease has lapsed, and whose work another has taken over, can't finish it any more.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, Update, bindparam, exists, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.db import Database
from gateway.models.deferred_job import DeferredJobStatus, deferred_jobs
from gateway.statements import any_text

# Twice as long after each failure. All attempts take between one day and two and a half: mail servers come back sooner.
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=6)
MAX_ATTEMPTS = 22

_c = deferred_jobs.c
# Written out, since a partial index serves only a condition that is known when the statement is planned.
_WAITING = _c.status == literal_column("'WAITING'")
_RUNNING = _c.status == literal_column("'RUNNING'")


@dataclass(frozen=True, slots=True)
class Lease:
    """One claim of a row; `attempt` counts from one."""

    id: int
    kind: str
    payload: Any
    key: str | None
    attempt: int
    token: int
    created_at: datetime


def _due() -> Select[bool, bool]:
    waiting = exists().where(_WAITING, _c.run_at <= bindparam("now"), any_text(_c.kind, "kinds"))
    lapsed = exists().where(_RUNNING, _c.leased_until <= bindparam("now"))
    return select(waiting.label("waiting"), lapsed.label("lapsed"))


def _claim() -> Update:
    due = select(_c.id).where(_WAITING, _c.run_at <= bindparam("now"), any_text(_c.kind, "kinds"))
    first = due.order_by(_c.run_at, _c.id).limit(1).with_for_update(skip_locked=True).scalar_subquery()
    claimed = {
        "status": DeferredJobStatus.RUNNING,
        "lease_token": _c.lease_token + 1,
        "lease_owner": bindparam("owner"),
        "leased_until": bindparam("until"),
        "attempts": _c.attempts + 1,
    }
    got = (_c.id, _c.kind, _c.payload, _c.unique_key, _c.attempts, _c.lease_token, _c.created_at)
    return update(deferred_jobs).where(_c.id == first).values(claimed).returning(*got)


def _take_back() -> Update:
    lapsed = select(_c.id).where(_RUNNING, _c.leased_until <= bindparam("now")).with_for_update(skip_locked=True)
    return update(deferred_jobs).where(_c.id.in_(lapsed)).values(_free() | {"last_error": STOPPED_ANSWERING})


def _free() -> dict[str, Any]:
    return {"status": DeferredJobStatus.WAITING, "lease_owner": None, "leased_until": None}


STOPPED_ANSWERING = "The worker that did it stopped answering"
DUE, CLAIM, TAKE_BACK = _due(), _claim(), _take_back()
HELD = update(deferred_jobs).where(_c.id == bindparam("lease_id"), _c.lease_token == bindparam("token"), _RUNNING)


class Leases:
    """Those of one worker."""

    def __init__(self, database: Database, *, owner: str, length: timedelta) -> None:
        self._database = database
        self._owner = owner
        self.length = length

    async def look(self, kinds: list[str], now: datetime) -> tuple[bool, bool]:
        """Whether work waits that is due, and whether a lease has lapsed; reads only."""
        [(waiting, lapsed)] = await self._database.fetch(DUE, {"now": now, "kinds": kinds})
        return bool(waiting), bool(lapsed)

    async def claim(self, kinds: list[str], now: datetime) -> Lease | None:
        """The work that has been due for longest, or None where nothing is."""
        given = {"now": now, "kinds": kinds, "owner": self._owner, "until": now + self.length}
        async with self._database.transaction() as connection:
            row = (await self._database.execute(connection, CLAIM, given)).first()
        return row and Lease(*row)

    async def take_back(self, now: datetime) -> None:
        """What a worker left that was killed waits again."""
        async with self._database.transaction() as connection:
            await self._database.execute(connection, TAKE_BACK, {"now": now})

    async def renew(self, lease: Lease, now: datetime) -> bool:
        """False where the lease is lost."""
        return await self._change(lease, {"leased_until": now + self.length})

    async def give_back(self, lease: Lease) -> bool:
        """As if it had never been claimed, for another worker to do at once."""
        return await self._change(lease, _free() | {"attempts": lease.attempt - 1})

    async def finish(self, lease: Lease, now: datetime, *, again_at: datetime | None) -> bool:
        async with self._database.transaction() as connection:
            return await self.finish_in(connection, lease, now, again_at=again_at)

    async def finish_in(
        self, connection: AsyncConnection, lease: Lease, now: datetime, *, again_at: datetime | None
    ) -> bool:
        """In the transaction of what the work wrote. False where the lease is lost: then nothing may be written."""
        done: dict[str, Any] = {"status": DeferredJobStatus.DONE, "finished_at": now}
        if again_at is not None:
            done = _free() | {"run_at": again_at, "attempts": 0}
        return await self._change_in(connection, lease, done | {"lease_owner": None, "leased_until": None})

    async def fail(self, lease: Lease, error: str, now: datetime, *, again_at: datetime | None) -> bool:
        """It waits for another attempt, or is given up."""
        failed: dict[str, Any] = {"status": DeferredJobStatus.DEAD, "finished_at": now}
        if again_at is not None:
            failed = _free() | {"run_at": again_at}
        failed |= {"lease_owner": None, "leased_until": None, "last_error": error}
        return await self._change(lease, failed)

    async def _change(self, lease: Lease, values: dict[str, Any]) -> bool:
        async with self._database.transaction() as connection:
            return await self._change_in(connection, lease, values)

    async def _change_in(self, connection: AsyncConnection, lease: Lease, values: dict[str, Any]) -> bool:
        held = {"lease_id": lease.id, "token": lease.token}
        return bool((await self._database.execute(connection, HELD.values(values), held)).rowcount)


def pause_after(attempt: int) -> timedelta:
    """Half of it is chance, so that what failed together does not come again together."""
    longest: timedelta = min(FIRST_PAUSE * 2 ** (attempt - 1), LONGEST_PAUSE)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - chance, not a secret

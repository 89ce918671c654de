"""One piece of work while it is done: what its handler is given."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gateway.db import Database
from gateway.jobs.leases import Lease, Leases
from gateway.mail import Letter, Mailer
from gateway.settings import Settings
from gateway.writing import Writing

ACTOR = "system"


class LeaseLost(Exception):
    """Another worker has taken the work over. Nothing was written."""


@dataclass(slots=True, kw_only=True)
class Work:
    """`now` is when the attempt began; `again_at` is when a timer's work comes again."""

    lease: Lease
    leases: Leases
    now: datetime
    again_at: datetime | None
    database: Database
    settings: Settings
    mailer: Mailer
    is_finished: bool = field(default=False, init=False)
    # Held by who writes to the work's row: a renewal would wait for the transaction that finishes it.
    settling: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    @property
    def id(self) -> int:
        return self.lease.id

    @property
    def payload(self) -> Any:
        return self.lease.payload

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Writing]:
        """The transaction in which the work is done: it is finished by what is written here, or neither is.

        Begun once, at the end: on SQLite nobody else writes meanwhile. Raises LeaseLost before anything is written.
        """
        if self.is_finished:
            raise RuntimeError("A piece of work writes once")
        async with self.settling:
            async with self.database.transaction() as connection:
                if not await self.leases.finish_in(connection, self.lease, self.now, again_at=self.again_at):
                    raise LeaseLost
                request_id = f"{self.lease.kind[:40]}-{self.id}"
                writing = Writing(self.database, connection, actor=ACTOR, now=self.now, request_id=request_id)
                yield writing
                await writing.finish()
            self.is_finished = True

    async def finish(self) -> None:
        """Of work that wrote nothing."""
        async with self.settling:
            self.is_finished = await self.leases.finish(self.lease, self.now, again_at=self.again_at)
        if not self.is_finished:
            raise LeaseLost

    async def renew(self, now: datetime) -> bool:
        """Holds the work for longer. False where the lease is lost."""
        async with self.settling:
            return self.is_finished or await self.leases.renew(self.lease, now)

    async def send(self, letter: Letter) -> None:
        """One letter for each piece of work: a repeated one has the same Message-ID, by which servers know it."""
        await self.mailer.send(letter, name=f"work-{self.id}", written_at=self.lease.created_at)

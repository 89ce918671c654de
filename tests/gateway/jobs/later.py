"""Work whose effect can be counted: a row that a second time would be refused."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Column, Insert, MetaData, String, Table, insert, select, text

from gateway.db import Database
from gateway.jobs import Handler, Handlers, Pace, Timer, Work, Worker
from gateway.models.deferred_job import deferred_jobs
from gateway.settings import Settings
from gateway.writing import Writing

T = TypeVar("T")

NOW = datetime(2026, 1, 1, tzinfo=UTC)
effects = Table("effects", MetaData(), Column("name", String(40), primary_key=True))


def insert_effect(name: str) -> Insert:
    return insert(effects).values(name=name)


async def add_effect(work: Work) -> None:
    async with work.write() as write:
        await write.execute(insert_effect(work.payload["name"]))
        write.audit("effectAdd", work.payload["name"], organization_id=None)


class Later:
    """`now` is the clock of the workers that it makes; `pass_by` turns it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = Database(settings)
        self.runner = asyncio.Runner()
        self.now = NOW

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def sql(self, statement: str) -> list[Any]:
        def run(connection: Any) -> list[Any]:
            done = connection.execute(text(statement))
            return list(done.all()) if done.returns_rows else []

        return self.run(self.database.run_sync(run))

    def leave(self, *names: str, kind: str = "effect", **options: Any) -> list[bool]:
        return self.run(self.leave_now(*names, kind=kind, **options))

    async def leave_now(self, *names: str, kind: str = "effect", **options: Any) -> list[bool]:
        async with self.database.transaction() as connection:
            writing = Writing(self.database, connection, actor="test", now=self.now, request_id="test")
            return [await writing.enqueue(kind, {"name": name}, **options) for name in names]

    async def until_done(self, count: int) -> None:
        done = select(deferred_jobs.c.id).where(deferred_jobs.c.status == "DONE")
        async with asyncio.timeout(10):
            while len(await self.database.fetch(done)) < count:  # noqa: ASYNC110 - the database is what tells
                await asyncio.sleep(0.01)

    def worker(self, handle: Handler = add_effect, *timers: Timer, **pace: Any) -> Worker:
        handlers = Handlers({"effect": handle}, timers)
        return Worker(self.database, self.settings, handlers, pace=Pace(**pace), clock=lambda: self.now)

    def work(self, handle: Handler = add_effect, *timers: Timer) -> list[str]:
        """Does what is due."""
        return self.run(self.worker(handle, *timers).run_due())

    def pass_by(self, **duration: float) -> None:
        self.now += timedelta(**duration)

    def effects(self) -> list[str]:
        return [name for (name,) in self.sql("SELECT name FROM effects ORDER BY name")]

    def rows(self, *columns: str) -> list[Any]:
        """Those columns of all work, oldest first."""
        statement = select(*(deferred_jobs.c[name] for name in columns)).order_by(deferred_jobs.c.id)
        found = self.run(self.database.run_sync(lambda connection: connection.execute(statement).all()))
        return [tuple(row) for row in found]

    def close(self) -> None:
        self.run(self.database.close())
        self.runner.close()


def work_until_killed(settings: Settings, lease_seconds: float) -> None:
    """By the clock of the machine."""

    async def work() -> None:
        pace = Pace(poll=0.05, lease=lease_seconds, at_once=4)
        await Worker(Database(settings), settings, Handlers({"effect": add_effect}), pace=pace).run()

    asyncio.run(work())

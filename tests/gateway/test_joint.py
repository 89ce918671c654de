"""Reads by id while every connection is in use: one statement for all who wait, and to each what is its own."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from sqlalchemy import select

from gateway.models.job import jobs
from gateway.reading.joint import MOST_IDS, JointReads

STATEMENT = select(jobs.c.id)
ME, SOMEBODY_ELSE = {"viewer_organization_id": 1}, {"viewer_organization_id": 2}
JOB = "query($id: ID!) { job(id: $id) { id } }"


class Reader:
    """Has a connection for a statement once the door is open."""

    def __init__(self) -> None:
        self.door = asyncio.Event()
        self.told: Exception | None = None
        self.sent: list[Mapping[str, Any]] = []
        self.given_up = 0

    async def fetch(self, _statement: object, begin: Callable[[], Mapping[str, Any]]) -> list[tuple[int]]:
        try:
            await self.door.wait()
        except asyncio.CancelledError:
            self.given_up += 1
            raise
        parameters = begin()
        self.sent.append(parameters)
        await asyncio.sleep(0)
        if self.told:
            raise self.told
        return [(id_,) for id_ in parameters["ids"]]


async def asked(*reads: Any) -> list[asyncio.Task[Any]]:
    """Tasks that have begun to wait."""
    tasks = [asyncio.ensure_future(read) for read in reads]
    await asyncio.sleep(0.01)
    return tasks


def test_who_waits_for_the_same_statement_shares_it():
    async def run() -> None:
        reader = Reader()
        joint = JointReads(reader.fetch)
        tasks = await asked(*(joint.fetch(STATEMENT, [id_], ME) for id_ in (3, 1, 3)))
        reader.door.set()
        assert await asyncio.gather(*tasks) == [[(3,), (1,)]] * 3
        assert reader.sent == [{"viewer_organization_id": 1, "ids": [3, 1]}]
        # It has been sent: who comes now has another one.
        assert await joint.fetch(STATEMENT, [2], ME) == [(2,)]

    asyncio.run(run())


def test_nothing_is_shared_with_another_viewer_or_statement():
    async def run() -> None:
        reader = Reader()
        joint = JointReads(reader.fetch)
        other = select(jobs.c.status)
        tasks = await asked(
            joint.fetch(STATEMENT, [1], ME), joint.fetch(STATEMENT, [2], SOMEBODY_ELSE), joint.fetch(other, [3], ME)
        )
        reader.door.set()
        assert await asyncio.gather(*tasks) == [[(1,)], [(2,)], [(3,)]]

    asyncio.run(run())


def test_a_statement_does_not_grow_without_bound():
    async def run() -> None:
        reader = Reader()
        joint = JointReads(reader.fetch)
        tasks = await asked(*(joint.fetch(STATEMENT, [id_], ME) for id_ in range(2 * MOST_IDS)))
        reader.door.set()
        assert [(id_,) in await task for id_, task in enumerate(tasks)] == [True] * len(tasks)
        assert [len(sent["ids"]) for sent in reader.sent] == [MOST_IDS, MOST_IDS]

    asyncio.run(run())


def test_who_gives_up_does_not_take_it_from_the_others():
    async def run() -> None:
        reader = Reader()
        joint = JointReads(reader.fetch)
        first, second = await asked(joint.fetch(STATEMENT, [1], ME), joint.fetch(STATEMENT, [2], ME))
        first.cancel()
        await asyncio.sleep(0.01)
        reader.door.set()
        assert (2,) in await second
        assert reader.given_up == 0

    asyncio.run(run())


def test_what_nobody_waits_for_is_given_up_and_joined_by_nobody():
    async def run() -> None:
        reader = Reader()
        joint = JointReads(reader.fetch)
        tasks = await asked(joint.fetch(STATEMENT, [1], ME), joint.fetch(STATEMENT, [2], ME))
        for task in tasks:
            task.cancel()
        # The next one asks in the very moment in which the last one is gone.
        await asyncio.sleep(0)
        (later,) = await asked(joint.fetch(STATEMENT, [3], ME))
        reader.door.set()
        assert await later == [(3,)]
        assert (reader.given_up, reader.sent) == (1, [{"viewer_organization_id": 1, "ids": [3]}])

    asyncio.run(run())


def test_a_failure_fails_all_who_waited_and_nobody_else():
    async def run() -> None:
        reader = Reader()
        joint = JointReads(reader.fetch)
        tasks = await asked(joint.fetch(STATEMENT, [1], ME), joint.fetch(STATEMENT, [2], ME))
        reader.told = LookupError()
        reader.door.set()
        assert [type(each) for each in await asyncio.gather(*tasks, return_exceptions=True)] == [LookupError] * 2
        reader.told = None
        assert await joint.fetch(STATEMENT, [1], ME) == [(1,)]

    asyncio.run(run())


@pytest.fixture
def narrow(template, tmp_path):
    """A gateway with one connection."""
    with template.copy(tmp_path, database_pool_size=1) as gateway:
        yield gateway


def test_each_of_many_requests_sees_what_its_viewer_may_see(narrow, monkeypatch):
    joined, plain = [], JointReads.fetch

    async def noted(self: JointReads, *arguments: Any) -> Any:
        joined.append(arguments)
        return await plain(self, *arguments)

    monkeypatch.setattr(JointReads, "fetch", noted)
    rows = narrow.rows(select(jobs.c.id, jobs.c.organization_id).order_by(jobs.c.id))
    tokens = {1: narrow.partner, 2: narrow.other_partner}

    async def ask(token: str, job_id: int) -> Any:
        body = {"query": JOB, "variables": {"id": f"gid://partners/Job/{job_id}"}}
        answer = await narrow._post("/api/unstable/graphql.json", body, {"X-Shopify-Access-Token": token})
        return answer.data["job"]

    async def ask_all() -> list[Any]:
        return await asyncio.gather(*(ask(token, job_id) for job_id, _ in rows for token in tokens.values()))

    expected = [
        {"id": f"gid://partners/Job/{job_id}"} if owner == organization_id else None
        for job_id, organization_id in rows
        for owner in tokens
    ]
    assert narrow.runner.run(ask_all()) == expected
    assert len(joined) > len(rows)

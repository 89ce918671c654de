"""Several workers: none does what another does, and what one leaves behind another takes over."""

import asyncio
from datetime import timedelta

import pytest
from later import add_effect, insert_effect
from sqlalchemy import text

from gateway.jobs import LeaseLost, Work
from gateway.jobs.leases import MAX_ATTEMPTS, STOPPED_ANSWERING, Leases

KINDS = ["effect"]


@pytest.fixture
def leases(later):
    return Leases(later.database, owner="test", length=timedelta(seconds=30))


def test_twenty_who_claim_at_once_get_twenty_different_pieces(later, leases):
    later.leave(*map(str, range(30)))

    async def claim_all():
        return await asyncio.gather(*(leases.claim(KINDS, later.now) for _ in range(20)))

    assert len({lease.id for lease in later.run(claim_all())}) == 20
    assert [status for (status,) in later.rows("status")].count("WAITING") == 10


def test_twenty_workers_do_each_piece_once(later):
    later.leave(*map(str, range(60)))

    async def work_all():
        return await asyncio.gather(*(later.worker().run_due() for _ in range(20)))

    done = later.run(work_all())
    assert sum(map(len, done)) == 60
    assert len(later.effects()) == 60
    assert set(later.rows("status", "attempts")) == {("DONE", 1)}


def test_a_lease_that_lapsed_is_taken_over_and_the_old_holder_can_do_nothing_more(later, leases):
    later.leave("a")
    old = later.run(leases.claim(KINDS, later.now))
    assert later.work() == []
    later.pass_by(seconds=29.999)
    assert later.work() == []
    later.pass_by(seconds=0.001)
    later.run(leases.take_back(later.now))
    new = later.run(leases.claim(KINDS, later.now))
    assert (new.id, new.attempt, new.token > old.token) == (old.id, 2, True)
    for refused in (
        leases.renew(old, later.now),
        leases.give_back(old),
        leases.finish(old, later.now, again_at=None),
        leases.fail(old, "late", later.now, again_at=None),
    ):
        assert later.run(refused) is False
    assert later.run(leases.finish(new, later.now, again_at=None)) is True
    assert later.rows("status", "last_error") == [("DONE", STOPPED_ANSWERING)]


def test_who_lost_the_lease_writes_nothing(later, leases):
    later.leave("a")
    told = []

    async def be_late(work: Work) -> None:
        later.pass_by(seconds=31)
        await leases.take_back(later.now)
        assert await leases.claim(KINDS, later.now)
        try:
            async with work.write() as write:
                await write.execute(insert_effect("a"))
        except LeaseLost:
            told.append("lost")
            raise

    assert later.work(be_late) == ["effect"]
    assert (told, later.effects()) == (["lost"], [])
    assert later.rows("status", "attempts") == [("RUNNING", 2)]


def test_a_lease_is_renewed_while_the_work_goes_on(later):
    later.leave("a")

    async def be_slow(work: Work) -> None:
        for _ in range(6):
            later.pass_by(seconds=0.2)
            await asyncio.sleep(0.2)
        await add_effect(work)

    later.run(later.worker(be_slow, lease=0.6).run_due())
    assert later.effects() == ["a"]
    assert later.rows("status", "attempts") == [("DONE", 1)]


def test_a_handler_whose_lease_is_lost_is_stopped(later, leases):
    later.leave("a")
    ended = []

    async def hang(work: Work) -> None:
        later.pass_by(seconds=31)
        await leases.take_back(later.now)
        assert await leases.claim(KINDS, later.now)
        try:
            await asyncio.sleep(20)
        except asyncio.CancelledError:
            ended.append(work.id)
            raise

    assert later.run(later.worker(hang, lease=0.3).run_due()) == ["effect"]
    assert len(ended) == 1
    assert later.rows("status", "attempts") == [("RUNNING", 2)]


def test_what_takes_too_long_is_stopped_and_tried_again(later):
    later.leave("a")

    async def hang(_work: Work) -> None:
        await asyncio.sleep(20)

    later.run(later.worker(hang, limit=0.2).run_due())
    assert later.rows("status", "last_error") == [("WAITING", "It took longer than 0.2 seconds")]


def test_what_kills_each_of_its_workers_is_given_up(later, leases):
    later.leave("a")
    for _ in range(MAX_ATTEMPTS):
        assert later.run(leases.claim(KINDS, later.now))
        later.pass_by(seconds=30)
        later.run(leases.take_back(later.now))
    later.work()
    assert later.rows("status", "last_error") == [("DEAD", STOPPED_ANSWERING)]
    assert later.effects() == []


def test_a_worker_does_what_is_left_while_it_runs_and_ends_when_it_is_told(later):
    worker = later.worker(poll=0.05, at_once=3)

    async def live() -> None:
        running = asyncio.create_task(worker.run())
        for count, name in enumerate(("a", "b", "c"), start=1):
            await later.leave_now(name)
            await later.until_done(count)
        worker.stop()
        async with asyncio.timeout(5):
            await running

    later.run(live())
    assert later.effects() == ["a", "b", "c"]


def test_what_is_not_done_in_time_after_stop_is_given_back(later):
    later.leave("quick", "slow")
    started = asyncio.Event()

    async def hang(work: Work) -> None:
        if work.payload["name"] == "slow":
            started.set()
            await asyncio.sleep(20)
        await asyncio.sleep(0.1)
        await add_effect(work)

    worker = later.worker(hang, poll=0.05, at_once=2, grace=0.5)

    async def live() -> None:
        running = asyncio.create_task(worker.run())
        await started.wait()
        worker.stop()
        async with asyncio.timeout(5):
            await running

    later.run(live())
    assert later.effects() == ["quick"]
    assert later.rows("status", "attempts", "lease_owner") == [("DONE", 1, None), ("WAITING", 0, None)]


def test_an_idle_worker_reads_once_in_each_poll_and_writes_nothing(later):
    later.work()
    reads = []
    fetch = later.database.fetch

    async def counted(*given):
        reads.append(given)
        return await fetch(*given)

    later.database.fetch = counted
    worker = later.worker(poll=0.1)

    async def idle() -> None:
        running = asyncio.create_task(worker.run())
        await asyncio.sleep(1.0)
        worker.stop()
        await running

    later.run(idle())
    assert 3 <= len(reads) <= 12


def test_a_worker_outlives_a_database_without_tables(later, caplog):
    later.sql("ALTER TABLE deferred_jobs RENAME TO gone")
    worker = later.worker(poll=0.05)

    async def live() -> None:
        running = asyncio.create_task(worker.run())
        await asyncio.sleep(0.3)
        await later.database.run_sync(
            lambda connection: connection.execute(text("ALTER TABLE gone RENAME TO deferred_jobs"))
        )
        await later.leave_now("a")
        await later.until_done(1)
        worker.stop()
        await running

    later.run(live())
    assert [record.levelname for record in caplog.records if record.name == "gateway.jobs"] == ["WARNING"]

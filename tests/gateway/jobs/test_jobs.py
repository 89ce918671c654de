"""Work that is left for later: done when it is due, tried again when it fails, given up in the end."""

from datetime import timedelta

import pytest
from later import NOW, add_effect, insert_effect

from gateway.errors import WorkFailed, WorkRefused
from gateway.jobs import Timer, Work
from gateway.jobs.leases import MAX_ATTEMPTS, pause_after
from gateway.jobs.timers import prune


def test_what_is_left_is_done_with_its_effect(later):
    later.leave("a", "b")
    assert later.rows("status", "attempts") == [("WAITING", 0), ("WAITING", 0)]
    assert later.work() == ["effect", "effect"]
    assert later.effects() == ["a", "b"]
    assert later.rows("status", "attempts", "leased_until", "finished_at") == [("DONE", 1, None, NOW)] * 2
    assert later.work() == []


def test_the_audit_tells_that_the_gateway_did_it(later):
    later.leave("a")
    later.work()
    [(id_,)] = later.rows("id")
    told = later.sql("SELECT actor, subject, request_id FROM audit_entries WHERE action = 'effectAdd'")
    assert [tuple(row) for row in told] == [("system", "a", f"effect-{id_}")]


def test_it_is_done_no_sooner_than_it_should(later):
    later.leave("a", run_at=NOW + timedelta(hours=1))
    later.pass_by(seconds=3599.999999)
    assert later.work() == []
    later.pass_by(seconds=0.000001)
    assert later.work() == ["effect"]


def test_what_has_been_due_for_longest_comes_first(later):
    later.leave("second", run_at=NOW + timedelta(minutes=2))
    later.leave("first", run_at=NOW + timedelta(minutes=1))
    later.pass_by(hours=1)
    order = []

    async def note(work: Work) -> None:
        order.append(work.payload["name"])

    later.work(note)
    assert order == ["first", "second"]


def test_a_key_keeps_the_same_work_from_being_left_twice_done_or_not(later):
    assert later.leave("a", key="lead:1") == [True]
    assert later.leave("b", key="lead:1") == [False]
    later.work()
    assert later.leave("c", key="lead:1") == [False]
    assert later.leave("d", key="lead:2") == [True]
    later.work()
    assert later.effects() == ["a", "d"]


def test_what_is_left_in_a_transaction_that_fails_was_never_left(later):
    later.sql("INSERT INTO effects VALUES ('taken')")

    async def fan_out(work: Work) -> None:
        async with work.write() as write:
            await write.enqueue("effect", {"name": "child"})
            await write.execute(insert_effect("taken"))
            write.audit("fanOut", "x", organization_id=None)

    later.leave("parent")
    later.work(fan_out)
    assert later.rows("status", "last_error") == [("WAITING", "A bug: IntegrityError")]


def test_a_handler_that_fails_after_its_write_began_has_written_nothing(later):
    async def fail(work: Work) -> None:
        async with work.write() as write:
            await write.execute(insert_effect("a"))
            raise WorkFailed("no luck")

    later.leave("a")
    later.work(fail)
    assert (later.effects(), later.rows("status", "last_error")) == ([], [("WAITING", "no luck")])


def test_a_write_that_does_not_say_what_it_did_is_a_bug(later):
    async def silent(work: Work) -> None:
        async with work.write() as write:
            await write.execute(insert_effect("a"))

    later.leave("a")
    later.work(silent)
    assert (later.effects(), later.rows("status", "last_error")) == ([], [("WAITING", "A bug: RuntimeError")])


def test_what_fails_is_tried_again_after_growing_pauses_until_it_is_given_up(later):
    async def fail(_work: Work) -> None:
        raise WorkFailed("the server is away")

    later.leave("a")
    pauses = []
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert later.work(fail) == ["effect"]
        [(status, attempts, run_at)] = later.rows("status", "attempts", "run_at")
        assert attempts == attempt
        if attempt < MAX_ATTEMPTS:
            assert status == "WAITING"
            pauses.append((run_at - later.now).total_seconds())
            assert later.work(fail) == []
            later.now = run_at
    assert later.rows("status", "last_error") == [("DEAD", "the server is away")]
    longest = [min(5 * 2**place, 6 * 3600) for place in range(MAX_ATTEMPTS - 1)]
    assert all(most / 2 <= pause <= most for pause, most in zip(pauses, longest, strict=True))
    assert sum(longest) / 2 > 24 * 3600
    later.pass_by(days=365)
    assert later.work(fail) == []


def test_pauses_are_not_all_the_same():
    assert len({pause_after(3) for _ in range(20)}) > 10


def test_what_is_refused_is_given_up_at_once(later):
    async def refuse(_work: Work) -> None:
        raise WorkRefused("nobody lives there")

    later.leave("a")
    later.work(refuse)
    assert later.rows("status", "attempts", "last_error") == [("DEAD", 1, "nobody lives there")]


def test_what_an_unknown_error_says_is_not_kept(later):
    async def leak(_work: Work) -> None:
        raise ValueError("smtp://user:secret@host")

    later.leave("a")
    later.work(leak)
    assert later.rows("last_error") == [("A bug: ValueError",)]


def test_work_of_a_kind_that_nobody_knows_waits_for_who_does(later):
    later.leave("a", kind="unheardOf")
    later.leave("b")
    assert later.work() == ["effect"]
    assert later.rows("kind", "status") == [("unheardOf", "WAITING"), ("effect", "DONE")]


def test_a_timer_comes_again_and_again(later):
    times = []

    async def tick(work: Work) -> None:
        times.append(work.now - NOW)

    timer = Timer("tick", timedelta(minutes=5), tick)
    assert later.work(add_effect, timer) == []
    for _ in range(3):
        later.pass_by(minutes=5)
        assert later.work(add_effect, timer) == ["tick"]
        assert later.work(add_effect, timer) == []
    assert times == [timedelta(minutes=5), timedelta(minutes=10), timedelta(minutes=15)]
    assert later.rows("kind", "unique_key", "status", "attempts") == [("tick", "timer:tick", "WAITING", 0)]


def test_a_timer_writes_once_each_time(later):
    async def tick(work: Work) -> None:
        async with work.write() as write:
            await write.execute(insert_effect(f"{work.now:%H:%M}"))
            write.audit("tick", "tick", organization_id=None)

    timer = Timer("tick", timedelta(minutes=5), tick)
    for _ in range(3):
        later.work(add_effect, timer)
        later.pass_by(minutes=5)
    assert later.effects() == ["00:05", "00:10"]


def test_a_timer_is_never_given_up(later):
    async def fail(_work: Work) -> None:
        raise WorkRefused("not today")

    timer = Timer("tick", timedelta(minutes=5), fail)
    later.work(add_effect, timer)
    for _ in range(MAX_ATTEMPTS + 2):
        later.pass_by(minutes=5)
        assert later.work(add_effect, timer) == ["tick"]
    assert later.rows("status", "last_error") == [("WAITING", "not today")]


def test_what_was_done_a_week_ago_is_forgotten_and_what_was_given_up_is_not(later):
    async def refuse(_work: Work) -> None:
        raise WorkRefused("no")

    later.leave("dead")
    later.work(refuse)
    later.leave(*(f"{number}" for number in range(3)))
    later.work()
    pruning = Timer("prune", timedelta(hours=1), prune)
    later.work(add_effect, pruning)
    later.pass_by(days=7, seconds=-1)
    assert later.work(add_effect, pruning) == ["prune"]
    assert [status for (status,) in later.rows("status")] == ["DEAD", "DONE", "DONE", "DONE", "WAITING"]
    later.pass_by(hours=1)
    assert later.work(add_effect, pruning) == ["prune"]
    assert [status for (status,) in later.rows("status")] == ["DEAD", "WAITING"]


@pytest.mark.parametrize("count", [500, 1001])
def test_pruning_takes_as_many_rounds_as_it_needs(later, count):
    later.leave(*map(str, range(count)))
    later.sql("UPDATE deferred_jobs SET status = 'DONE', finished_at = run_at")
    pruning = Timer("prune", timedelta(hours=1), prune)
    later.work(add_effect, pruning)
    later.pass_by(days=8)
    later.work(add_effect, pruning)
    assert later.rows("kind") == [("prune",)]

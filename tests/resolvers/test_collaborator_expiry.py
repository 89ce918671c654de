"""Access ends by itself 90 days after the last login, to the microsecond, whatever happens just then."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from collaborators import DOCUMENTS, ID, NUMBER, bring_to, outcome_of, set_row, take_at
from moments import context_at, executed, viewer
from records import added, audited, counts
from sqlalchemy import func, insert, select, update

from gateway.handlers import HANDLERS
from gateway.jobs import Worker
from gateway.models.audit import audit_entries
from gateway.models.collaborator import collaborators

ACTIVATED = datetime(2030, 1, 1, 12, tzinfo=UTC)
ENDS = ACTIVATED + timedelta(days=90)
MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1)


@pytest.fixture
def active(fresh):
    """Access that nobody used yet, and nothing else that lasts."""
    fresh.runner.run(fresh.database.run_sync(lambda c: c.execute(_END_ALL)))
    bring_to(fresh, "ACTIVE", activated_at=ACTIVATED, expires_at=ENDS)
    # Timers come a while after the first worker did.
    fresh.work(ACTIVATED)
    return fresh


_END_ALL = (
    update(collaborators)
    .where(collaborators.c.status == "ACTIVE")
    .values(status="REMOVED", ended_at=collaborators.c.activated_at)
)


def steps(gateway) -> int:
    """How many there were with collaborator 101. Timers of others do their work meanwhile, too."""
    entries = select(func.count()).select_from(audit_entries).where(audit_entries.c.subject == ID)
    return gateway.rows(entries)[0][0]


def row(gateway) -> dict:
    return dict(gateway.rows(select(collaborators).where(collaborators.c.id == NUMBER))[0]._mapping)


def login_at(gateway, now: datetime) -> str:
    return take_at(gateway, now, "login", "EMPLOYEE", employee_id=1)


def test_who_is_active_is_left_alone_until_the_moment_itself(active):
    held = row(active)
    assert "collaboratorsExpire" in active.work(ENDS - MICROSECOND)
    assert (row(active), steps(active)) == (held, 0)
    active.work(ENDS + timedelta(minutes=1))
    assert row(active) == held | {"status": "EXPIRED", "ended_at": ENDS}
    assert audited(active, "collaboratorsExpire") == [
        {
            "action": "collaboratorExpire",
            "actor": "system",
            "subject": ID,
            "organization_id": 1,
            "before": {"status": "ACTIVE"},
            "after": {"status": "EXPIRED", "ended_at": ENDS.isoformat()},
        }
    ]
    active.work(ENDS + DAY)
    assert steps(active) == 1


def test_at_the_moment_itself_it_ends(active):
    active.work(ENDS)
    assert (row(active)["status"], row(active)["ended_at"]) == ("EXPIRED", ENDS)


@pytest.mark.parametrize(
    ("step", "kind", "ids", "told"),
    [
        ("login", "EMPLOYEE", {"employee_id": 1}, "ACTIVE"),
        ("remove", "PARTNER", {"organization_id": 1}, "REMOVED"),
        ("remove", "MERCHANT", {"shop_id": 1}, "REMOVED"),
        ("update", "MERCHANT", {"shop_id": 1}, "ACTIVE"),
    ],
)
def test_from_that_moment_on_nothing_is_done_with_it_though_the_timer_has_not_come(active, step, kind, ids, told):
    before, held = counts(active), row(active)
    for now in (ENDS, ENDS + MICROSECOND, ENDS + 100 * DAY):
        assert take_at(active, now, step, kind, **ids) == "WRONG_STATE"
    assert (added(active, before), row(active)) == ({}, held)
    assert take_at(active, ENDS - MICROSECOND, step, kind, **ids) == told


def test_a_login_moves_the_end_and_the_end_moves_with_the_last_login_only(active):
    before = row(active)
    assert login_at(active, ENDS - MICROSECOND) == "ACTIVE"
    last = ENDS - MICROSECOND
    after = row(active)
    assert after == before | {"last_login_at": last, "expires_at": last + 90 * DAY}
    [entry] = audited(active, "the-request")
    assert entry["before"] == {"last_login_at": None, "expires_at": ENDS.isoformat()}
    assert entry["after"] == {"last_login_at": last.isoformat(), "expires_at": (last + 90 * DAY).isoformat()}
    # One that was recorded late moves nothing back.
    assert login_at(active, ACTIVATED + DAY) == "ACTIVE"
    assert row(active) == after
    active.work(ENDS + DAY)
    assert row(active) == after
    active.work(last + 90 * DAY)
    assert row(active)["ended_at"] == last + 90 * DAY


def test_a_request_never_ends_by_itself(active):
    bring_to(active, "REQUESTED")
    active.work(ENDS + 1000 * DAY)
    assert (row(active)["status"], steps(active)) == ("REQUESTED", 0)


def test_logins_race_the_end_and_one_of_them_wins(active):
    """A login that came before the moment counts if it is written before the timer comes, and else not at all."""
    login = viewer(active, "EMPLOYEE", employee_id=1)

    async def both(time: int) -> str:
        context = context_at(active, ENDS - MICROSECOND, login)
        # The timer has to be due each time.
        worker = Worker(active.database, active.settings, HANDLERS, clock=lambda: ENDS + time * DAY)
        told, _ = await asyncio.gather(executed(context, DOCUMENTS["login"], {"id": ID}), worker.run_due())
        return outcome_of(told.data)

    for time in range(5):
        bring_to(active, "ACTIVE", activated_at=ACTIVATED, expires_at=ENDS)
        told = active.runner.run(both(time))
        after = row(active)
        assert (told, after["status"]) in (("ACTIVE", "ACTIVE"), ("WRONG_STATE", "EXPIRED"))
        assert (after["expires_at"] > ENDS) == (told == "ACTIVE")
        assert steps(active) == time + 1


def test_many_end_in_one_round(active):
    base = row(active) | {"organization_id": 2}
    for shop_id in (4, 5, 6, 7, 8):
        one = insert(collaborators).values(base | {"id": 10_000 + shop_id, "shop_id": shop_id})
        active.runner.run(active.database.run_sync(lambda c, one=one: c.execute(one)))
    set_row(active, 10_008, expires_at=ENDS + MICROSECOND)
    active.work(ENDS)
    ended = select(collaborators.c.id).where(collaborators.c.ended_at == ENDS).order_by(collaborators.c.id)
    assert [each.id for each in active.rows(ended)] == [NUMBER, 10_004, 10_005, 10_006, 10_007]

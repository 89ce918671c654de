"""What a cancellation leaves for the end of the cycle: done at that moment, once, unless it ended before."""

from datetime import UTC, datetime, timedelta

import pytest
from mirror import written
from sqlalchemy import func, insert, select, update
from test_cancellation import added, cancel, held, only, write

from gateway.models.audit import audit_entries
from gateway.models.subscription import subscriptions, usage_records

MICROSECOND = timedelta(microseconds=1)
EVENTS = "{ events(first: 4) { edges { node { __typename eventType occurredAt } } } }"


def defer(gateway, app=1, shop=3):
    """Cancels at the end of the cycle, and gives that moment."""
    answer = cancel(gateway, app, shop, "deferCancellation").data["appSubscriptionCancel"]
    assert answer["userErrors"] == []
    return gateway.rows(select(subscriptions.c.cancelled_at).where(subscriptions.c.cancelled_at > datetime.now(UTC)))[
        0
    ][0]


def count_audits(gateway):
    wanted = audit_entries.c.action == "subscriptionEnd"
    return gateway.rows(select(func.count()).select_from(audit_entries).where(wanted))[0][0]


@pytest.fixture
def deferred(fresh):
    """Subscription 3, by volume, 900 units used in its cycle, the last of them a microsecond before it ends.

    100 more are used as it ends, and belong to no cycle of it.
    """
    now = datetime.now(UTC)
    fresh.work()
    write(
        fresh,
        [update(subscriptions).where(subscriptions.c.id == 3).values(billing_anchor_at=now - timedelta(days=50))],
    )
    ends_at = defer(fresh)
    assert ends_at == now + timedelta(days=10)
    row = {"organization_id": 1, "item_id": 5, "charge_id": None}
    used = [
        row | {"id": 100, "quantity_micros": 800 * 10**6, "occurred_at": now - timedelta(days=1)},
        row | {"id": 101, "quantity_micros": 100 * 10**6, "occurred_at": ends_at - MICROSECOND},
        row | {"id": 102, "quantity_micros": 100 * 10**6, "occurred_at": ends_at},
    ]
    write(fresh, [insert(usage_records), used])
    return fresh, ends_at


def test_nothing_happens_before_the_cycle_ends(deferred):
    gateway, ends_at = deferred
    before = held(gateway)
    assert "subscriptionEnd" not in gateway.work(ends_at - MICROSECOND)
    assert added(before, gateway) == {}


def test_as_it_ends_the_last_use_is_charged_and_the_end_is_told_once(deferred):
    gateway, ends_at = deferred
    before = held(gateway)
    assert gateway.work(ends_at).count("subscriptionEnd") == 1
    rows = added(before, gateway)
    charge = only(rows["app_charges"])
    # 900 of them at 0.05, the tier that all of them lie in.
    assert (charge["kind"], charge["amount_cents"], charge["created_at"]) == ("AppUsageRecord", 4500, ends_at)
    assert {row["id"] for row in rows["usage_records"]} == {100, 101}
    sale = only(rows["transactions"])
    assert (sale["gross_amount_cents"], sale["shopify_fee_cents"], sale["net_amount_cents"]) == (4500, 675, 3825)
    assert only(rows["app_events"])["type"] == "USAGE_CHARGE_APPLIED"
    change = only(rows["subscription_changes"])
    assert (change["state"], change["occurred_at"], change["cancel_effective_at"]) == ("CANCELED", ends_at, ends_at)
    assert {row["type"] for row in rows["partner_events"]} == {
        "CHARGE_USAGE",
        "EARNING_CHARGE_USAGE",
        "SUBSCRIPTION_CANCELED",
    }
    after = held(gateway)
    gateway.work(ends_at + timedelta(days=1))
    assert held(gateway) == after
    entry = only(gateway.rows(select(audit_entries).where(audit_entries.c.action == "subscriptionEnd")))
    assert (entry.actor, entry.subject) == ("system", "gid://partners/Subscription/3")
    assert entry.after == {"ended": True, "charged_cents": {"5": 4500}}


def test_work_that_is_late_charges_the_cycle_and_no_more(deferred):
    """What it writes is dated when it is written, so that who follows the events finds it after what is known."""
    gateway, ends_at = deferred
    late = ends_at + timedelta(days=40)
    before = held(gateway)
    gateway.work(late)
    rows = added(before, gateway)
    assert only(rows["app_charges"])["amount_cents"] == 4500
    assert {row["occurred_at"] for row in rows["partner_events"]} == {late}
    assert only(rows["subscription_changes"])["cancel_effective_at"] == ends_at


def test_one_that_was_cancelled_at_once_meanwhile_is_left_alone(deferred):
    gateway, ends_at = deferred
    assert cancel(gateway, 1, 3, "skipFinalUsageCharge").data["appSubscriptionCancel"]["userErrors"] == []
    before = held(gateway)
    assert "subscriptionEnd" in gateway.work(ends_at)
    assert added(before, gateway) == {}
    assert count_audits(gateway) == 0


def test_who_cancels_at_once_after_the_work_finds_nothing(deferred):
    """As where the work ends it between the moment of a request and the lock that the request takes."""
    gateway, ends_at = deferred
    gateway.work(ends_at)
    before = held(gateway)
    errors = cancel(gateway).data["appSubscriptionCancel"]["userErrors"]
    assert [(error["code"], error["field"]) for error in errors] == [("NOT_FOUND", ["shopId"])]
    assert held(gateway) == before


def test_what_has_a_charge_ends_for_older_versions_too(fresh):
    fresh.work()
    ends_at = defer(fresh, 2, 3)
    before = held(fresh)
    fresh.work(ends_at - MICROSECOND)
    assert added(before, fresh) == {}
    fresh.work(ends_at)
    rows = added(before, fresh)
    assert set(rows) == {"app_events", "partner_events"}
    event = only(rows["app_events"])
    assert (event["type"], event["charge_id"], event["occurred_at"]) == ("SUBSCRIPTION_CHARGE_CANCELED", 4, ends_at)
    assert only(rows["partner_events"])["type"] == "SUBSCRIPTION_CANCELED"
    assert count_audits(fresh) == 1
    assert cancel(fresh, 2, 3).data["appSubscriptionCancel"]["userErrors"][0]["code"] == "NOT_FOUND"


def test_a_trial_that_ends_charges_nothing(fresh):
    fresh.work()
    ends_at = defer(fresh, 1, 6)
    assert written(ends_at) == "2099-01-01T00:00:00.000000Z"
    before = held(fresh)
    fresh.work(ends_at)
    assert set(added(before, fresh)) == {"subscription_changes", "partner_events"}

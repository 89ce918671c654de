"""Cancelling a subscription: what is refused, and every row that follows from what is done."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from mirror import written
from sqlalchemy import insert, select, update
from visibility_callers import CALLERS, world

from gateway.models.app import app_charges, app_credits
from gateway.models.audit import audit_entries
from gateway.models.event import app_events
from gateway.models.partner_event import partner_events
from gateway.models.subscription import (
    billing_cycles,
    pending_updates,
    subscription_changes,
    subscription_charges,
    subscription_items,
    subscriptions,
    usage_records,
)
from gateway.models.transaction import transactions

DOCUMENT = (Path(__file__).parents[2] / "fixtures/documents/subscription_cancel.graphql").read_text(encoding="utf-8")
WRITTEN = (
    app_charges,
    app_credits,
    app_events,
    transactions,
    subscriptions,
    subscription_changes,
    subscription_charges,
)
WRITTEN += (subscription_items, pending_updates, partner_events, usage_records, billing_cycles)

FLAGS = ("deferCancellation", "prorate", "skipFinalUsageCharge")


def cancel(gateway, app=1, shop=3, *flags, token="", **options):
    variables = {"appId": f"gid://shopify/App/{app}", "shopId": f"gid://partners/Shop/{shop}"}
    variables |= {name: name in flags for name in FLAGS}
    return gateway.ask(DOCUMENT, variables, token=token, **options)


def held(gateway):
    return {table.name: {tuple(row) for row in gateway.rows(select(table))} for table in WRITTEN}


def added(before, gateway):
    """The new rows of each table, as dicts without ids."""
    after = held(gateway)
    return {
        table.name: [
            {name: value for name, value in zip(table.c.keys(), row, strict=True) if value is not None}
            for row in sorted(after[table.name] - before[table.name], key=str)
        ]
        for table in WRITTEN
        if after[table.name] - before[table.name]
    }


def write(gateway, *statements):
    def run(connection):
        for statement in statements:
            connection.execute(*statement)

    gateway.runner.run(gateway.database.run_sync(run))


@pytest.fixture
def used(fresh):
    """Subscription 3, by volume, 20 days into a cycle: 1,200 units were used, of which 400 are charged."""
    now = datetime.now(UTC)
    row = {"organization_id": 1, "item_id": 5}
    write(
        fresh,
        [update(subscriptions).where(subscriptions.c.id == 3).values(billing_anchor_at=now - timedelta(days=50))],
        [
            insert(usage_records),
            [
                row
                | {"id": 100, "quantity_micros": 400 * 10**6, "occurred_at": now - timedelta(days=19), "charge_id": 3},
                row
                | {
                    "id": 101,
                    "quantity_micros": 800 * 10**6,
                    "occurred_at": now - timedelta(days=1),
                    "charge_id": None,
                },
            ],
        ],
    )
    return fresh


def only(rows):
    (row,) = rows
    return row


def test_nothing_is_charged_where_nothing_is_due(used):
    """5.00 and 1,200 at 0.0125 are no more than the 400 at 0.05 that were charged."""
    before = held(used)
    assert cancel(used).data["appSubscriptionCancel"]["userErrors"] == []
    assert set(added(before, used)) == {"subscriptions", "subscription_changes", "partner_events"}


def test_the_last_use_is_charged_with_its_event_and_its_sale(used):
    record = {"organization_id": 1, "id": 102, "item_id": 5, "quantity_micros": 100 * 10**6, "charge_id": None}
    write(used, [insert(usage_records), record | {"occurred_at": datetime.now(UTC) - timedelta(hours=1)}])
    before = held(used)
    found = cancel(used).data["appSubscriptionCancel"]["appSubscription"]
    assert found["cancelAtEndOfCycle"] is False
    assert found["currentBillingCycle"] is None
    rows = added(before, used)
    charge = only(rows["app_charges"])
    assert (charge["kind"], charge["amount_cents"], charge["currency_code"]) == ("AppUsageRecord", 125, "USD")
    assert (charge["name"], charge["app_id"], charge["shop_id"]) == ("labels", 1, 3)
    tied = only(rows["subscription_charges"])
    assert (tied["id"], tied["subscription_id"], tied["quantity_micros"]) == (charge["id"], 3, 900 * 10**6)
    assert {row["id"] for row in rows["usage_records"] if row["charge_id"] == charge["id"]} == {101, 102}
    assert [row["type"] for row in rows["app_events"]] == ["USAGE_CHARGE_APPLIED"]
    sale = only(rows["transactions"])
    assert (sale["type"], sale["charge_id"], sale["charge_kind"]) == ("APP_USAGE_SALE", charge["id"], "AppUsageRecord")
    assert (sale["gross_amount_cents"], sale["shopify_fee_cents"], sale["net_amount_cents"]) == (125, 18, 107)
    ended = only(rows["subscriptions"])
    assert written(ended["cancelled_at"]) == found["cancelledAt"]
    assert only(rows["subscription_changes"])["state"] == "CANCELED"
    assert {row["type"] for row in rows["partner_events"]} == {
        "CHARGE_USAGE",
        "EARNING_CHARGE_USAGE",
        "SUBSCRIPTION_CANCELED",
    }
    assert {row["occurred_at"] for row in rows["partner_events"]} == {ended["cancelled_at"]}


def test_the_last_use_can_be_left_free(used):
    before = held(used)
    assert cancel(used, 1, 3, "skipFinalUsageCharge").data["appSubscriptionCancel"]["userErrors"] == []
    assert set(added(before, used)) == {"subscriptions", "subscription_changes", "partner_events"}


def test_what_is_left_of_a_cycle_is_given_back(fresh):
    """Subscription 2: 299.00 a year with a quarter off, and nothing used."""
    before = held(fresh)
    found = cancel(fresh, 2, 3, "prorate").data["appSubscriptionCancel"]["appSubscription"]
    rows = added(before, fresh)
    ended = only(rows["subscriptions"])["cancelled_at"]
    start = datetime(ended.year, 1, 27, 15, 31, 12, 654321, tzinfo=UTC)
    start = start if start <= ended else start.replace(year=start.year - 1)
    end = start.replace(year=start.year + 1)
    left = Fraction((end - ended) // timedelta(microseconds=1), (end - start) // timedelta(microseconds=1))
    cents = int(Fraction(29900) * 3 / 4 * left)
    credit = only(rows["app_credits"])
    assert (credit["amount_cents"], credit["currency_code"], credit["test"]) == (cents, "USD", False)
    sale = only(rows["transactions"])
    fee = -(cents * 15 // 100)
    assert (sale["type"], sale["charge_id"], sale["charge_kind"]) == ("APP_SALE_CREDIT", 4, "AppSubscription")
    assert (sale["gross_amount_cents"], sale["shopify_fee_cents"], sale["net_amount_cents"]) == (
        -cents,
        fee,
        -cents - fee,
    )
    # It has a charge, so older versions hear of its end too.
    assert {row["type"] for row in rows["app_events"]} == {"CREDIT_APPLIED", "SUBSCRIPTION_CHARGE_CANCELED"}
    assert {row["type"] for row in rows["partner_events"]} == {
        "CREDIT_APPLIED",
        "EARNING_CREDIT",
        "SUBSCRIPTION_CANCELED",
    }
    assert "subscription_changes" not in rows
    # What was to change at the end of the cycle does not.
    assert found["pendingUpdate"] is None
    assert fresh.rows(select(pending_updates.c.id).where(pending_updates.c.organization_id == 1)) == []


def test_a_subscription_can_end_with_its_cycle(used):
    before = held(used)
    found = cancel(used, 1, 3, "deferCancellation").data["appSubscriptionCancel"]
    rows = added(before, used)
    ends_at = found["appSubscription"]["currentBillingCycle"]["endTime"]
    assert (found["appSubscription"]["cancelAtEndOfCycle"], found["appSubscription"]["cancelledAt"]) == (True, None)
    assert written(only(rows["subscriptions"])["cancelled_at"]) == ends_at
    change = only(rows["subscription_changes"])
    assert (change["state"], written(change["cancel_effective_at"])) == ("CANCELLATION_SCHEDULED", ends_at)
    active = (
        '{ activeSubscription(appId: "gid://shopify/App/1", shopId: "gid://shopify/Shop/3") { cancelAtEndOfCycle } }'
    )
    assert used.ask(active).data == {"activeSubscription": {"cancelAtEndOfCycle": True}}
    # The end is told when it comes; until then it is only announced.
    told = "{ events(first: 2) { edges { node { eventType ... on SubscriptionStatus { cancelEffectiveOn state } } } } }"
    scheduled = {"eventType": "SUBSCRIPTION_CANCELLATION_SCHEDULED", "cancelEffectiveOn": ends_at[:10]}
    scheduled["state"] = "CANCELLATION_SCHEDULED"
    assert used.ask(told).data["events"]["edges"] == [{"node": scheduled}]
    again = cancel(used, 1, 3, "deferCancellation").data["appSubscriptionCancel"]
    assert [(error["code"], error["field"]) for error in again["userErrors"]] == [
        ("WRONG_STATE", ["deferCancellation"])
    ]


def test_one_that_would_end_later_can_end_now(used):
    cancel(used, 1, 3, "deferCancellation")
    found = cancel(used, 1, 3, "skipFinalUsageCharge").data["appSubscriptionCancel"]["appSubscription"]
    assert found["cancelAtEndOfCycle"] is False
    states = "{ events(first: 5) { edges { node { eventType occurredAt } } } }"
    nodes = [edge["node"] for edge in used.ask(states).data["events"]["edges"]]
    kinds = [node["eventType"] for node in nodes]
    assert kinds == ["SUBSCRIPTION_CANCELED", "SUBSCRIPTION_CANCELLATION_SCHEDULED"]
    changes = select(subscription_changes.c.state).where(subscription_changes.c.occurred_at > datetime.now(UTC))
    assert used.rows(changes) == []


def test_a_trial_ends_when_it_would(fresh):
    found = cancel(fresh, 1, 6, "deferCancellation").data["appSubscriptionCancel"]["appSubscription"]
    assert found["trialEndsAt"] == "2099-01-01T00:00:00.000000Z"
    ends = fresh.rows(select(subscriptions.c.cancelled_at).where(subscriptions.c.id == 4))
    assert ends[0][0] == datetime(2099, 1, 1, tzinfo=UTC)


def test_a_trial_gives_nothing_back(fresh):
    before = held(fresh)
    assert cancel(fresh, 1, 6, "prorate").data["appSubscriptionCancel"]["userErrors"] == []
    assert set(added(before, fresh)) == {"subscriptions", "subscription_changes", "partner_events"}


def test_a_test_subscription_moves_no_money(fresh):
    now = datetime.now(UTC)
    write(
        fresh, [update(subscriptions).where(subscriptions.c.id == 4).values(billing_anchor_at=now - timedelta(days=15))]
    )
    before = held(fresh)
    cancel(fresh, 1, 6, "prorate")
    rows = added(before, fresh)
    assert only(rows["app_credits"])["test"] is True
    assert "transactions" not in rows


REFUSED = [
    (1, 3, ("prorate", "skipFinalUsageCharge"), [("INVALID", ["skipFinalUsageCharge"])]),
    (1, 3, ("deferCancellation", "prorate"), [("INVALID", ["prorate"])]),
    (1, 3, ("deferCancellation", "skipFinalUsageCharge"), [("INVALID", ["skipFinalUsageCharge"])]),
    (
        3,
        3,
        ("deferCancellation", "prorate", "skipFinalUsageCharge"),
        [("NOT_FOUND", ["appId"]), ("INVALID", ["prorate"]), ("INVALID", ["skipFinalUsageCharge"])],
    ),
    (1, 1, (), [("NOT_FOUND", ["shopId"])]),
    (1, 999, (), [("NOT_FOUND", ["shopId"])]),
    (999, 3, (), [("NOT_FOUND", ["appId"])]),
]


@pytest.mark.parametrize(("app", "shop", "flags", "errors"), REFUSED, ids=str)
def test_what_is_refused_changes_nothing(shared, app, shop, flags, errors):
    before = held(shared)
    answer = cancel(shared, app, shop, *flags).data["appSubscriptionCancel"]
    assert answer["appSubscription"] is None
    assert [(error["code"], error["field"]) for error in answer["userErrors"]] == errors
    assert held(shared) == before


def test_nobody_else_cancels_it(shared):
    before = held(shared)
    assert cancel(shared, token=shared.other_partner).data["appSubscriptionCancel"]["appSubscription"] is None
    for token in (shared.merchant, None):
        answer = cancel(shared, token=token).data["appSubscriptionCancel"]
        assert [error["code"] for error in answer["userErrors"]] == ["NOT_FOUND"]
    assert held(shared) == before


def test_a_repeated_call_has_one_effect_and_one_answer(used):
    headers = {"Idempotency-Key": "once"}
    first = cancel(used, headers=headers).data
    before = held(used)
    assert cancel(used, headers=headers).data == first
    assert held(used) == before
    assert cancel(used).data["appSubscriptionCancel"]["userErrors"][0]["code"] == "NOT_FOUND"


def test_the_audit_tells_what_it_was_and_became(fresh):
    cancel(fresh, 1, 6, "deferCancellation")
    entry = fresh.rows(select(audit_entries).where(audit_entries.c.action == "appSubscriptionCancel"))[0]
    assert entry.subject == "gid://partners/Subscription/4"
    assert entry.before == {"cancelled_at": None, "cancel_at_end_of_cycle": False}
    assert entry.after == {"cancelled_at": "2099-01-01T00:00:00+00:00", "cancel_at_end_of_cycle": True}


def test_who_may_only_see_financials_sees_what_was_cancelled(template, tmp_path):
    with world(template, tmp_path) as asked:
        caller = CALLERS["VIEW_FINANCIALS"]
        variables = {"appId": "gid://shopify/App/2", "shopId": "gid://shopify/Shop/3"}
        variables |= {name: name == "deferCancellation" for name in FLAGS}
        found = asked.ask(caller, DOCUMENT, variables).data["appSubscriptionCancel"]["appSubscription"]
        assert [item["price"]["__typename"] for item in found["items"]] == ["FlatRatePrice", "TieredPrice"]
        assert (found["shop"], found["app"]) == ({"id": "gid://shopify/Shop/3"}, {"id": "gid://shopify/App/2"})
        alone = '{ activeSubscription(appId: "gid://shopify/App/2", shopId: "gid://shopify/Shop/3") { billingPeriod } }'
        assert asked.ask(caller, alone).codes == [(None, "403")]

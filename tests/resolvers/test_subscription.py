"""Active subscriptions: everything of the type, computed for the moment of the request."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from mirror import written
from sqlalchemy import insert, update

from gateway.models.subscription import subscription_discounts, subscriptions, usage_records

DOCUMENT = (Path(__file__).parents[2] / "fixtures/documents/active_subscription.graphql").read_text(encoding="utf-8")


def ask(gateway, app, shop, token="", **options):
    variables = {"appId": f"gid://shopify/App/{app}", "shopId": f"gid://partners/Shop/{shop}"}
    return gateway.ask(DOCUMENT, variables, token=token, **options)


def write(gateway, *statements):
    def run(connection):
        for statement in statements:
            connection.execute(*statement)

    gateway.runner.run(gateway.database.run_sync(run))


def year_of(anchor):
    """The year from the anchor's last return on."""
    now = datetime.now(UTC)
    start = anchor.replace(year=now.year)
    start = start if start <= now else anchor.replace(year=now.year - 1)
    return {"startTime": written(start), "endTime": written(start.replace(year=start.year + 1))}


def test_a_subscription_word_for_word(shared):
    answer = ask(shared, 2, 3)
    anchor = datetime(2024, 1, 27, 15, 31, 12, 654321, tzinfo=UTC)
    cycle = year_of(anchor)
    remaining = 50 - (int(cycle["startTime"][:4]) - 2024)
    assert answer.data["activeSubscription"] == {
        "app": {
            "apiKey": "7d793037a0760186574b0282f2f435e7",
            "id": "gid://shopify/App/2",
            "name": "Nordlys Omtaler ⭐",
        },
        "billingPeriod": "ANNUAL",
        "cancelAtEndOfCycle": False,
        "currentBillingCycle": cycle,
        "items": [
            {
                "description": "Growth, billed each year",
                "discount": {
                    "amount": None,
                    "discountEndsAt": "2074-01-27T15:31:12.654321Z",
                    "originalDiscountCycles": 50,
                    "percentage": 25.0,
                    "remainingDiscountCycles": remaining,
                },
                "handle": "growth",
                "price": {"__typename": "FlatRatePrice", "active": True, "currency": "USD", "amount": "299.00"},
                "usage": None,
            },
            {
                "description": "Reviews beyond 100",
                "discount": None,
                "handle": "reviews",
                "price": {
                    "__typename": "TieredPrice",
                    "active": True,
                    "currency": "USD",
                    "tiersMode": "GRADUATED",
                    "tiers": [
                        {"amount": "0.00", "amountPerUnit": "0.00", "upTo": 100},
                        {"amount": "1.00", "amountPerUnit": "0.01", "upTo": 1000},
                        {"amount": "0.00", "amountPerUnit": "0.000001", "upTo": None},
                    ],
                },
                "usage": {"cost": {"amount": "0.00", "currencyCode": "USD"}, "quantity": 0.0},
            },
        ],
        "legacySubscriptionId": "gid://shopify/AppSubscription/4",
        "pendingUpdate": {
            "billingPeriod": "EVERY_30_DAYS",
            "items": [
                {
                    "description": "Growth, billed each month ⭐",
                    "discount": None,
                    "handle": "growth-monthly",
                    "price": {"__typename": "FlatRatePrice", "active": True, "currency": "USD", "amount": "25.00"},
                    "usage": None,
                }
            ],
            "legacySubscriptionId": None,
        },
        "shop": {
            "id": "gid://shopify/Shop/3",
            "myshopifyDomain": "two-rivers-outfitters.myshopify.com",
            "name": "Two Rivers Outfitters",
        },
        "trialEndsAt": "2024-01-27T15:31:12.654321Z",
    }


def test_a_trial_has_no_cycle_and_its_discount_is_still_to_come(shared):
    found = ask(shared, 1, 6).data["activeSubscription"]
    assert (found["currentBillingCycle"], found["trialEndsAt"]) == (None, "2099-01-01T00:00:00.000000Z")
    assert found["items"][0]["discount"] == {
        "amount": "5.00",
        "discountEndsAt": None,
        "originalDiscountCycles": None,
        "percentage": None,
        "remainingDiscountCycles": None,
    }


def test_a_discount_that_was_used_up_is_none(shared):
    assert ask(shared, 1, 3).data["activeSubscription"]["items"][0]["discount"] is None


def test_a_shop_without_a_contract_reads_null(shared):
    # Shop 1 cancelled; shop 5 deals with nobody; 999 does not exist.
    for shop in (1, 5, 999):
        answer = ask(shared, 1, shop)
        assert (answer.data, answer.statements) == ({"activeSubscription": None}, 1)


@pytest.mark.parametrize("app", [3, 999, 10**30])
def test_an_app_of_somebody_else_is_an_error_beside_data(shared, app):
    answer = ask(shared, app, 3)
    assert answer.body["data"] == {"activeSubscription": None}
    assert answer.codes == [(["activeSubscription"], "NOT_FOUND")]
    assert answer.body["errors"][0]["message"] == "App not found"


def test_both_forms_of_ids_are_taken_and_others_are_refused(shared):
    document = '{ activeSubscription(appId: "gid://%s/App/2", shopId: "gid://%s/Shop/3") { billingPeriod } }'
    for hosts in (("partners", "shopify"), ("shopify", "partners")):
        assert shared.ask(document % hosts).data == {"activeSubscription": {"billingPeriod": "ANNUAL"}}
    refused = shared.ask(document.replace("Shop/", "App/") % ("partners", "partners"))
    assert refused.codes == [(["activeSubscription"], "INVALID_ID")]
    for host in ("partners", "shopify"):
        assert shared.ask(f'{{ node(id: "gid://{host}/App/2") {{ id }} }}').data == {
            "node": {"id": "gid://partners/App/2"}
        }


def test_each_relation_costs_a_statement(shared):
    # Subscription, app, shop, items, pending update with its items, discounts of both, prices of both, tiers, tiers
    # and use for what it costs.
    assert ask(shared, 2, 3).statements <= 13


def used(item_id, row_id, quantity, age):
    row = {"organization_id": 1, "id": row_id, "item_id": item_id, "quantity_micros": int(quantity * 10**6)}
    return row | {"occurred_at": datetime.now(UTC) - age, "charge_id": None}


@pytest.mark.parametrize(
    ("quantity", "cost"),
    # Volume: 0.05 for each up to 1,000, then 5.00 and 0.0125 for each.
    [(0.5, "0.025"), (1000, "50.00"), (1000.5, "17.50625"), (1001, "17.5125")],
)
def test_use_of_the_current_cycle_costs_by_the_tiers(fresh, quantity, cost):
    now = datetime.now(UTC)
    anchor = now - timedelta(days=65)
    write(
        fresh,
        [update(subscriptions).where(subscriptions.c.id == 3).values(billing_anchor_at=anchor)],
        [insert(usage_records), used(5, 100, quantity / 2, timedelta(days=1))],
        [insert(usage_records), used(5, 101, quantity / 2, timedelta(days=5) - timedelta(seconds=1))],
        # Before the cycle, and after now.
        [insert(usage_records), used(5, 102, 7, timedelta(days=5, seconds=1))],
        [insert(usage_records), used(5, 103, 9, timedelta(days=-1))],
    )
    found = ask(fresh, 1, 3).data["activeSubscription"]
    start = anchor + timedelta(days=60)
    assert found["currentBillingCycle"] == {"startTime": written(start), "endTime": written(start + timedelta(days=30))}
    assert found["items"][0]["usage"] == {"cost": {"amount": cost, "currencyCode": "USD"}, "quantity": quantity}


def test_a_discount_is_told_with_the_cycles_that_are_left(fresh):
    starts_at = datetime.now(UTC) - timedelta(days=61)
    write(
        fresh,
        [update(subscription_discounts).where(subscription_discounts.c.id == 5).values(cycles=4, starts_at=starts_at)],
    )
    assert ask(fresh, 1, 3).data["activeSubscription"]["items"][0]["discount"] == {
        "amount": None,
        "discountEndsAt": written(starts_at + timedelta(days=120)),
        "originalDiscountCycles": 4,
        "percentage": 10.0,
        "remainingDiscountCycles": 2,
    }


def test_it_takes_the_permission_to_manage_apps(shared):
    answer = ask(shared, 2, 3, token=None)
    assert answer.body["data"] == {"activeSubscription": None}
    assert answer.body["errors"][0]["message"] == "App not found"
    assert ask(shared, 2, 3, token=shared.merchant).body["data"] == {"activeSubscription": None}


def test_older_versions_know_nothing_of_it(shared):
    answer = ask(shared, 2, 3, version="2026-04")
    assert answer.body["errors"][0]["message"] == "Field 'activeSubscription' doesn't exist on type 'QueryRoot'"

"""Events of all 21 types, with the fields of their interfaces."""

import pytest
from mirror import rows_of, written

from gateway.models.event import AppEventTypes
from resolvers.event import EVENT_TYPENAMES

ALL = """query ($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on App {
      id
      events(first: 250) {
        nodes {
          __typename type occurredAt app { id } shop { id }
          ... on AppCreditEvent { appCredit { __typename id name amount { amount currencyCode } test } }
          ... on AppPurchaseOneTimeEvent { charge { __typename id name amount { amount currencyCode } test } }
          ... on AppUsageRecordEvent { charge { __typename id name amount { amount currencyCode } test } }
          ... on AppSubscriptionEvent { charge { __typename id name amount { amount currencyCode } test billingOn } }
          ... on RelationshipUninstalled { reason description }
        }
      }
    }
  }
}"""
CHARGE_OF = {"ONE_TIME": "AppPurchaseOneTime", "SUBSCRIPTION": "AppSubscription", "USAGE": "AppUsageRecord"}


def told(row: dict) -> dict:
    """The event as ALL asks for it, told from the fixtures' rows."""
    event = {
        "__typename": EVENT_TYPENAMES[row["type"]],
        "type": row["type"],
        "occurredAt": written(row["occurred_at"]),
        "app": {"id": f"gid://partners/App/{row['app_id']}"},
        "shop": {"id": f"gid://partners/Shop/{row['shop_id']}"},
    }
    if row["type"] == "RELATIONSHIP_UNINSTALLED":
        event |= {"reason": row["reason"], "description": row["description"]}
    if row["credit_id"]:
        event["appCredit"] = charge("AppCredit", rows_of("app_credits", id=row["credit_id"])[0])
    if row["charge_id"]:
        charged = rows_of("app_charges", id=row["charge_id"])[0]
        assert row["type"].startswith(next(start for start, kind in CHARGE_OF.items() if kind == charged["kind"]))
        event["charge"] = charge(charged["kind"], charged)
    return event


def charge(typename: str, row: dict) -> dict:
    whole, cents = divmod(row["amount_cents"], 100)
    told = {
        "__typename": typename,
        "id": f"gid://shopify/{typename}/{row['id']}",
        "name": row["name"],
        "amount": {"amount": f"{whole}.{cents:02d}", "currencyCode": row["currency_code"]},
        "test": row["test"],
    }
    if typename == "AppSubscription":
        told["billingOn"] = row["billing_on"] and written(row["billing_on"])
    return told


def test_each_event_tells_all_its_fields(shared):
    apps = ["gid://partners/App/1", "gid://partners/App/2"]
    answer = shared.ask(ALL, {"ids": apps})
    for number, app in enumerate(answer.data["nodes"], start=1):
        rows = rows_of("app_events", app_id=number)
        newest_first = sorted(rows, key=lambda row: (row["occurred_at"], row["id"]), reverse=True)
        assert app["events"]["nodes"] == [told(row) for row in newest_first]
    # The apps as asked for by id, the events, and what they refer to: apps, shops, charges, credits.
    assert answer.statements == 6


def test_the_fixtures_hold_events_of_all_types():
    assert {row["type"] for row in rows_of("app_events", organization_id=1)} == set(AppEventTypes)


def test_two_events_word_for_word(shared):
    answer = shared.ask("""{
      app(id: "gid://partners/App/1") {
        id name apiKey
        events(types: [RELATIONSHIP_UNINSTALLED, CREDIT_APPLIED], shopId: "gid://partners/Shop/1") {
          nodes {
            __typename type occurredAt app { name } shop { name }
            ... on RelationshipUninstalled { reason description }
            ... on CreditApplied { appCredit { id amount { amount currencyCode } } }
          }
        }
      }
    }""")
    assert answer.data["app"] == {
        "id": "gid://partners/App/1",
        "name": "Fjord Shipping Labels",
        "apiKey": "5d41402abc4b2a76b9719d911017c592",
        "events": {
            "nodes": [
                {
                    "__typename": "RelationshipUninstalled",
                    "type": "RELATIONSHIP_UNINSTALLED",
                    "occurredAt": "2025-02-14T12:00:00.000000Z",
                    "app": {"name": "Fjord Shipping Labels"},
                    "shop": {"name": "Fjellbutikken"},
                    "reason": "Not used any more",
                    "description": 'Vi pakker alt selv nå.\n"Takk for hjelpen" 👋',
                },
                {
                    "__typename": "CreditApplied",
                    "type": "CREDIT_APPLIED",
                    "occurredAt": "2023-03-05T09:00:04.718281Z",
                    "app": {"name": "Fjord Shipping Labels"},
                    "shop": {"name": "Fjellbutikken"},
                    "appCredit": {
                        "id": "gid://shopify/AppCredit/1",
                        "amount": {"amount": "14.50", "currencyCode": "USD"},
                    },
                },
            ]
        },
    }


@pytest.mark.parametrize(
    ("kind", "typename"),
    [
        ("RELATIONSHIP_INSTALLED", "RelationshipInstalled"),
        ("SUBSCRIPTION_APPROACHING_CAPPED_AMOUNT", "SubscriptionApproachingCappedAmount"),
        ("USAGE_CHARGE_APPLIED", "UsageChargeApplied"),
    ],
)
def test_a_kind_of_event_is_a_type_of_its_own(kind, typename):
    assert EVENT_TYPENAMES[AppEventTypes(kind)] == typename

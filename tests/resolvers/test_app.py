"""Crediting a store for an app."""

from decimal import Decimal

import pytest
from harness import Answer, Gateway
from records import added, audited, counts, newest, partner_actor

from gateway.errors import UserErrorCode
from gateway.models.app import app_credits
from gateway.models.event import app_events
from resolvers.app import check_credit

CREDIT = """mutation (
  $appId: ID!, $shopId: ID!, $amount: MoneyInput!, $description: String!, $test: Boolean
) {
  appCreditCreate(appId: $appId, shopId: $shopId, amount: $amount, description: $description, test: $test) {
    appCredit { __typename id name amount { amount currencyCode } test }
    userErrors { field code message }
  }
}"""
GIVEN = {
    "appId": "gid://partners/App/1",
    "shopId": "gid://shopify/Shop/3",
    "amount": {"amount": "12.5", "currencyCode": "EUR"},
    "description": "Labels that did not stick",
}
NO_APP = {"code": "NOT_FOUND", "field": ["appId"], "message": "There is no app with this id"}
NO_SHOP = {"code": "NOT_FOUND", "field": ["shopId"], "message": "No shop with this id has used the app"}
NO_AMOUNT = {"code": "BLANK", "field": ["amount", "amount"], "message": "Say how much is credited"}
BAD_AMOUNT = {
    "code": "INVALID",
    "field": ["amount", "amount"],
    "message": "A credit is more than 0 and at most 10,000,000,000, with at most two decimal places",
}
NO_CURRENCY = {"code": "BLANK", "field": ["amount", "currencyCode"], "message": "Say in which currency"}
NO_DESCRIPTION = {"code": "BLANK", "field": ["description"], "message": "Say what the credit is for"}
LONG_DESCRIPTION = {"code": "TOO_LONG", "field": ["description"], "message": "A description has at most 255 characters"}


def credit(gateway: Gateway, **given) -> Answer:
    return gateway.ask(CREDIT, GIVEN | given, headers={"X-Request-Id": "the-request"})


def test_a_credit_is_booked_with_its_event_and_its_audit(fresh):
    before = counts(fresh)
    answer = credit(fresh, test=True)
    row, event = newest(fresh, app_credits), newest(fresh, app_events)
    credit_id = f"gid://shopify/AppCredit/{row['id']}"
    assert answer.data["appCreditCreate"] == {
        "appCredit": {
            "__typename": "AppCredit",
            "id": credit_id,
            "name": "Labels that did not stick",
            "amount": {"amount": "12.50", "currencyCode": "EUR"},
            "test": True,
        },
        "userErrors": [],
    }
    # The check, the credit, its event, the audit, and the credit read back.
    assert answer.statements == 5
    # A trigger tells the stream of the event.
    written = {"app_credits": 1, "app_events": 1, "audit_entries": 1, "partner_events": 1}
    assert added(fresh, before) == written
    booked = {
        "organization_id": 1,
        "id": row["id"],
        "app_id": 1,
        "shop_id": 3,
        "name": "Labels that did not stick",
        "amount_cents": 1250,
        "currency_code": "EUR",
        "test": True,
        "created_at": row["created_at"],
    }
    assert row == booked
    assert event == {
        "organization_id": 1,
        "id": event["id"],
        "type": "CREDIT_PENDING",
        "app_id": 1,
        "shop_id": 3,
        "occurred_at": row["created_at"],
        "charge_id": None,
        "credit_id": row["id"],
        "reason": None,
        "description": None,
    }
    assert audited(fresh, "the-request") == [
        {
            "action": "appCreditCreate",
            "actor": partner_actor(fresh),
            "subject": credit_id,
            "organization_id": 1,
            "before": None,
            "after": booked | {"created_at": row["created_at"].isoformat()},
        }
    ]


def test_the_new_credit_is_found_by_its_id_and_among_the_events(fresh):
    credit_id = credit(fresh).data["appCreditCreate"]["appCredit"]["id"]
    answer = fresh.ask(
        """query ($id: ID!) {
          node(id: $id) { id }
          app(id: "gid://partners/App/1") { events(chargeId: $id) { nodes { type shop { name } } } }
        }""",
        {"id": credit_id},
    )
    event = {"type": "CREDIT_PENDING", "shop": {"name": "Two Rivers Outfitters"}}
    assert answer.data == {"node": {"id": credit_id}, "app": {"events": {"nodes": [event]}}}


@pytest.mark.parametrize(
    ("given", "reasons"),
    [
        ({"appId": "gid://partners/App/999"}, [NO_APP]),
        ({"appId": "gid://partners/App/3"}, [NO_APP]),
        ({"appId": "gid://partners/App/" + "9" * 30}, [NO_APP]),
        ({"shopId": "gid://partners/Shop/999"}, [NO_SHOP]),
        ({"shopId": "gid://partners/Shop/8"}, [NO_SHOP]),
        ({"amount": {"currencyCode": "USD"}}, [NO_AMOUNT]),
        ({"amount": {"amount": None, "currencyCode": "USD"}}, [NO_AMOUNT]),
        ({"amount": {"amount": "1"}}, [NO_CURRENCY]),
        ({"amount": {}}, [NO_AMOUNT, NO_CURRENCY]),
        ({"description": ""}, [NO_DESCRIPTION]),
        ({"description": " \t\n\u3000"}, [NO_DESCRIPTION]),
        ({"description": "x" * 256}, [LONG_DESCRIPTION]),
        ({"description": "🦊" * 256}, [LONG_DESCRIPTION]),
        (
            {"appId": "gid://partners/App/999", "shopId": "gid://partners/Shop/999", "amount": {}, "description": ""},
            [NO_APP, NO_AMOUNT, NO_CURRENCY, NO_DESCRIPTION],
        ),
        (
            {
                "shopId": "gid://partners/Shop/999",
                "amount": {"amount": "-1", "currencyCode": None},
                "description": "x" * 300,
            },
            [NO_SHOP, BAD_AMOUNT, NO_CURRENCY, LONG_DESCRIPTION],
        ),
    ],
)
def test_a_credit_is_refused_with_every_reason_and_nothing_is_written(shared, given, reasons):
    before = counts(shared)
    answer = credit(shared, **given)
    assert answer.data["appCreditCreate"] == {"appCredit": None, "userErrors": reasons}
    assert added(shared, before) == {}
    assert answer.statements == 1


TOO_FINE = "10000000000.000000000000000001"
BAD_AMOUNTS = ["0", "0.00", "-0", "-1", "-0.01", "0.001", "0.009", "10000000000.01", TOO_FINE, "1000000000000000"]


@pytest.mark.parametrize("amount", BAD_AMOUNTS)
def test_an_amount_that_is_no_credit_is_refused(amount):
    reasons = list(check_credit(Decimal(amount), "USD", "x", organization_id=1, has_shop=True))
    told = [(reason.code, reason.field, reason.message) for reason in reasons]
    assert told == [(UserErrorCode.INVALID, ("amount", "amount"), BAD_AMOUNT["message"])]


NO_NUMBERS = ["NaN", "Infinity", "-inf", "1e3", "1E400", "9" * 19, "0x10", "1,5", "1_000", "", " 1", "１", 1e300, True]


@pytest.mark.parametrize("amount", [*NO_NUMBERS, [], {}])
def test_what_is_no_decimal_number_never_reaches_a_resolver(shared, amount):
    answer = credit(shared, amount={"amount": amount, "currencyCode": "USD"})
    assert (answer.codes, answer.statements) == ([(None, "BAD_USER_INPUT")], 0)


AMOUNTS = {"0.01": "0.01", "0.010": "0.01", 5: "5.00", 1.1: "1.10", "0012.5": "12.50"}
AMOUNTS |= {"10000000000": "10000000000.00", "9999999999.99": "9999999999.99"}


def test_any_other_amount_is_credited_to_the_cent(fresh):
    for amount, told in AMOUNTS.items():
        answer = credit(fresh, amount={"amount": amount, "currencyCode": "xts"})
        assert answer.data["appCreditCreate"]["appCredit"]["amount"] == {"amount": told, "currencyCode": "xts"}


def test_a_description_of_up_to_255_characters_is_kept_as_it_is(fresh):
    for description in ["x", "x" * 255, "🦊" * 255, "=1+1", " a\nb ", "'; --"]:
        answer = credit(fresh, description=description, test=None)
        told = answer.data["appCreditCreate"]["appCredit"]
        assert (told["name"], told["test"]) == (description, False)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"appId": "gid://partners/Shop/1"}, "INVALID_ID"),
        ({"shopId": "1"}, "INVALID_ID"),
        ({"description": "a\0b"}, "INVALID_TEXT"),
        ({"appId": "\0"}, "INVALID_TEXT"),
    ],
)
def test_an_argument_that_can_not_be_read_fails_the_field_and_nothing_is_written(shared, given, code):
    before = counts(shared)
    answer = credit(shared, **given)
    assert answer.body["data"] == {"appCreditCreate": None}
    assert answer.codes == [(["appCreditCreate"], code)]
    assert added(shared, before) == {}

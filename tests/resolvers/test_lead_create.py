"""Leads: what a merchant may send to whom, and what is written then."""

from decimal import Decimal

import pytest
from holders import token_of
from leads import GIVEN, create, errors
from records import added, audited, counts, newest
from sqlalchemy import update

from gateway.errors import UserErrorCode
from gateway.models.lead import leads
from gateway.models.partner import partners
from gateway.viewer import ApiPermission, ViewerKind
from resolvers.lead_write import Facts, check_create

WRITTEN = {"leads": 1, "deferred_jobs": 1, "audit_entries": 1}
PYTHON = {
    "contact_name": "Kari",
    "contact_email": "kari@example.com",
    "contact_country_code": "NO",
    "description": "Skis.",
}
FINE = Facts(is_listed=True, has_country=True, is_offered=True)


def test_a_lead_is_written_with_its_letter_and_its_audit(fresh):
    before = counts(fresh)
    answer = create(fresh)
    row = newest(fresh, leads)
    lead_id = f"gid://partners/Lead/{row['id']}"
    made = {name: value for name, value in GIVEN.items() if name not in ("partnerId", "serviceHandle")}
    assert answer.data["leadCreate"] == {
        "lead": made
        | {
            "id": lead_id,
            "status": "NEW",
            "emailedAt": None,
            "service": {"handle": "CUSTOMIZE_DESIGN"},
            "partner": {"id": "gid://partners/Partner/1"},
            "shop": {"id": "gid://partners/Shop/1"},
            "merchantUser": {"id": "gid://partners/MerchantUser/1"},
        },
        "userErrors": [],
    }
    # The partner, on PostgreSQL the lock, the facts; the lead, the letter, the audit. Then five are read back.
    assert answer.statements == 10 + fresh.database.is_postgresql
    assert added(fresh, before) == WRITTEN
    assert row["created_at"] == row["updated_at"]
    # How the merchant is reached is not told to support.
    [entry] = audited(fresh, "the-request")
    assert entry["after"] == {
        "partner_id": 1,
        "shop_id": 1,
        "merchant_user_id": 1,
        "service_handle": "CUSTOMIZE_DESIGN",
        "budget_cents": 150050,
        "currency_code": "NOK",
        "status": "NEW",
    }
    assert (entry["action"], entry["subject"], entry["organization_id"]) == ("leadCreate", lead_id, 1)


def test_spaces_around_are_left_out_and_a_budget_may_be(fresh):
    answer = create(fresh, contactName=" Kari ", description="\nSkis.\n\nAnd boots. ", budget=None)
    lead = answer.data["leadCreate"]["lead"]
    assert (lead["contactName"], lead["description"], lead["budget"]) == ("Kari", "Skis.\n\nAnd boots.", None)


def test_every_broken_rule_is_told_at_once_and_nothing_is_written(shared):
    before = counts(shared)
    answer = create(
        shared,
        contactName="a\nb",
        contactEmail="kari",
        contactCountryCode="XX",
        serviceHandle="HEADLESS_COMMERCE",
        budget={"amount": "-1"},
        description="\u200b",
    )
    assert errors(answer) == [
        ("NOT_FOUND", "input.serviceHandle"),
        ("INVALID", "input.contactName"),
        ("INVALID", "input.contactEmail"),
        ("NOT_FOUND", "input.contactCountryCode"),
        ("BLANK", "input.description"),
        ("INVALID", "input.budget.amount"),
        ("BLANK", "input.budget.currencyCode"),
    ]
    assert answer.statements == 2 + shared.database.is_postgresql
    assert added(shared, before) == {}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, []),
        ({"contact_name": "x" * 255}, []),
        ({"contact_name": "x" * 256}, [("TOO_LONG", "contactName")]),
        ({"contact_name": " "}, [("BLANK", "contactName")]),
        ({"contact_name": "a\r\nBcc: b@example.com"}, [("INVALID", "contactName")]),
        ({"contact_email": ""}, [("INVALID", "contactEmail")]),
        ({"contact_email": "a@example.com\nBcc: b@example.com"}, [("INVALID", "contactEmail")]),
        ({"description": "𝒦" * 5_000}, []),
        ({"description": "𝒦" * 5_001}, [("TOO_LONG", "description")]),
        ({"description": ""}, [("BLANK", "description")]),
        ({"budget": None}, []),
        ({"budget": {}}, [("BLANK", "budget.amount"), ("BLANK", "budget.currencyCode")]),
        *[
            ({"budget": {"amount": Decimal(amount), "currency_code": "USD"}}, [("INVALID", "budget.amount")] * broken)
            for amount, broken in (
                ("0.01", 0),
                ("0", 1),
                ("-0.01", 1),
                ("0.001", 1),
                ("10000000000", 0),
                ("10000000000.01", 1),
            )
        ],
    ],
)
def test_what_a_lead_may_hold(given, expected):
    told = [(reason.code, ".".join(reason.field)) for reason in check_create(PYTHON | given, FINE)]
    assert told == [(code, f"input.{field}") for code, field in expected]


@pytest.mark.parametrize(
    ("partner", "code"),
    [
        # Of shop 1: partner 5 is blocked, 3 was never listed, 999 is nobody; 4 takes new clients, and 5 does not.
        (1, None),
        (4, None),
        (5, "BLOCKED"),
        (3, "NOT_FOUND"),
        (6, "NOT_FOUND"),
        (999, "NOT_FOUND"),
    ],
)
def test_only_listed_partners_that_are_not_blocked_are_written_to(fresh, partner, code):
    before = counts(fresh)
    answer = create(fresh, partnerId=f"gid://partners/Partner/{partner}")
    assert errors(answer) == ([(code, "input.partnerId")] if code else [])
    assert added(fresh, before) == ({} if code else WRITTEN)


def test_one_that_was_listed_is_seen_through_an_older_lead_but_not_written_to(shared):
    token = shared.tokens.merchants[3, 3]
    seen = shared.ask('{ partner(id: "gid://partners/Partner/6") { listed } }', token=token)
    assert seen.data["partner"] == {"listed": False}
    assert errors(create(shared, token, partnerId="gid://partners/Partner/6")) == [("NOT_FOUND", "input.partnerId")]


def test_a_partner_without_an_address_gets_the_lead_and_no_letter(fresh):
    without = update(partners).where(partners.c.organization_id == 1).values(contact_email=None)
    fresh.runner.run(fresh.database.run_sync(lambda connection: connection.execute(without)))
    before = counts(fresh)
    assert errors(create(fresh)) == []
    assert added(fresh, before) == {"leads": 1, "audit_entries": 1}


def test_one_who_takes_no_new_clients_is_written_to(fresh):
    token = fresh.tokens.merchants[3, 3]
    answer = create(fresh, token, partnerId="gid://partners/Partner/5")
    assert errors(answer) == []


def test_only_merchants_write_leads(fresh):
    employee = fresh.tokens.employee
    blocked = token_of(fresh, ViewerKind.MERCHANT, shop_id=2, merchant_user_id=2)
    partner = token_of(fresh, ViewerKind.PARTNER, *ApiPermission, organization_id=2)
    before = counts(fresh)
    for token in (None, employee, partner, fresh.partner):
        answer = create(fresh, token)
        assert errors(answer) == [("NOT_ELIGIBLE", "input")]
        assert answer.statements == 0
    assert errors(create(fresh, blocked)) == [(UserErrorCode.BLOCKED, "input.partnerId")]
    assert added(fresh, before) == {}


def test_an_id_of_another_type_is_refused(shared):
    assert create(shared, partnerId="gid://partners/Shop/1").codes == [(["leadCreate"], "INVALID_ID")]

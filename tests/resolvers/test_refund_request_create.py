"""Opening a refund request: who may, of which invoice, and for how much."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from holders import partner_without, token_of
from records import added, audited, counts, newest
from refunds import bring_to, create, outcome, run
from sqlalchemy import update

from gateway.models.invoice import invoices
from gateway.models.refund_request import refund_requests
from gateway.viewer import ApiPermission, ViewerKind
from resolvers.refund_request_rules import LONGEST_REASON, check_create

NEVER = datetime(2999, 1, 1, tzinfo=UTC)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
WRITTEN = {"refund_requests": 1, "audit_entries": 1}
PAID = {"status": "PAID", "currency_code": "USD", "refundable_cents": 1_000}
ONE = {"amount": Decimal(1), "currency_code": "USD"}
PYTHON = {"reason": "Late.", "amount": ONE}


def test_a_request_is_written_with_its_audit(fresh):
    before = counts(fresh)
    answer = create(fresh, reason=" Half of the pages are missing.\n")
    row = newest(fresh, refund_requests)
    subject = f"gid://partners/RefundRequest/{row['id']}"
    assert answer.data["refundRequestCreate"] == {
        "refundRequest": {"id": subject, "status": "DISCUSSING"},
        "userErrors": [],
    }
    # The invoice is locked, what is left is read; the request and the audit are written. Then it is read back.
    assert answer.statements == 5
    assert added(fresh, before) == WRITTEN
    made = {
        "organization_id": 1,
        "id": row["id"],
        "invoice_id": 1,
        "job_id": 1,
        "shop_id": 1,
        "amount_cents": 100_000,
        "currency_code": "USD",
        "reason": "Half of the pages are missing.",
        "status": "DISCUSSING",
        "opened_by": "MERCHANT",
    }
    assert {name: row[name] for name in made} == made
    # Whoever opens it has agreed.
    assert (row["merchant_agreed_at"], row["partner_agreed_at"]) == (row["created_at"], None)
    [entry] = audited(fresh, "the-request")
    assert (entry["action"], entry["subject"], entry["before"]) == ("refundRequestCreate", subject, None)
    assert {name: entry["after"][name] for name in made} == made


def test_one_that_the_partner_opens_has_the_agreement_of_the_partner(fresh):
    assert outcome(create(fresh, fresh.partner)) == "DISCUSSING"
    row = newest(fresh, refund_requests)
    told = (row["opened_by"], row["merchant_agreed_at"], row["partner_agreed_at"])
    assert told == ("PARTNER", None, row["created_at"])


@pytest.mark.parametrize(
    "phase",
    [(NEVER, NEVER), (LONG_AGO, NEVER), (LONG_AGO, LONG_AGO)],
    ids=["OPEN", "WINDING_DOWN", "CLOSED"],
)
def test_both_sides_open_requests_in_every_phase_and_read_what_they_are_about(template, tmp_path, phase):
    winding_down_from, closed_from = phase
    settings = {"marketplace_winding_down_from": winding_down_from, "marketplace_closed_from": closed_from}
    with template.copy(tmp_path, **settings) as gateway:
        alone = token_of(gateway, ViewerKind.PARTNER, ApiPermission.MANAGE_DISPUTES, organization_id=1)
        # Shop 7 never had more than requests that were turned down.
        shop = token_of(gateway, ViewerKind.MERCHANT, shop_id=7, merchant_user_id=7)
        for token, invoice in ((gateway.merchant, 1), (alone, 1), (shop, 6)):
            given = {"invoiceId": f"gid://partners/Invoice/{invoice}", "amount": {"amount": "1", "currencyCode": "USD"}}
            answer = create(gateway, token, **given)
            made = answer.data["refundRequestCreate"]["refundRequest"]["id"]
            below = "status invoice { id status refundableAmount { amount } } job { id conversation { id } }"
            read = gateway.ask(f'{{ refundRequest(id: "{made}") {{ {below} }} }}', token=token)
            assert read.data["refundRequest"]["invoice"]["id"] == given["invoiceId"]
            assert read.data["refundRequest"]["job"]["conversation"] is not None


def test_who_may_ask_of_whose_invoice(fresh):
    callers = {
        "another merchant": (fresh.tokens.merchants[3, 3], "NOT_FOUND"),
        "another partner": (fresh.other_partner, "NOT_FOUND"),
        "support": (fresh.tokens.employee, "NOT_ELIGIBLE"),
        "nobody": (None, "NOT_ELIGIBLE"),
        "a partner without the permission": (partner_without(fresh, ApiPermission.MANAGE_DISPUTES), "403"),
    }
    before = counts(fresh)
    for caller, (token, code) in callers.items():
        answer = create(fresh, token)
        assert (caller, outcome(answer)) == (caller, code)
        assert answer.statements == (1 if code == "NOT_FOUND" else 0)
    assert outcome(create(fresh, invoiceId="gid://partners/Invoice/999999")) == "NOT_FOUND"
    assert outcome(create(fresh, invoiceId="gid://partners/Job/1")) == "INVALID_ID"
    assert added(fresh, before) == {}


@pytest.mark.parametrize("status", ["OPEN", "CLOSED", "REFUNDED"])
def test_only_a_paid_invoice_is_paid_back(fresh, status):
    run(fresh, update(invoices).where(invoices.c.id == 1).values(status=status))
    before = counts(fresh)
    answer = create(fresh)
    assert answer.data["refundRequestCreate"]["userErrors"] == [
        {
            "code": "WRONG_STATE",
            "field": ["input", "invoiceId"],
            "message": f"Only what was paid can be paid back: the invoice is {status}",
        }
    ]
    assert added(fresh, before) == {}


@pytest.mark.parametrize(
    ("state", "left"),
    [
        ("DISCUSSING, opened by the merchant", 100_000),
        ("AGREED", 100_000),
        ("SUBMITTED", 100_000),
        ("APPROVED", 100_000),
        ("DECLINED", 120_000),
        ("WITHDRAWN", 120_000),
    ],
)
def test_what_is_pending_or_approved_is_not_asked_for_again(fresh, state, left):
    bring_to(fresh, state)
    most = f"{left // 100}.00"
    read = '{ node(id: "gid://partners/Invoice/1") { ...on Invoice { refundableAmount { amount currencyCode } } } }'
    token = token_of(fresh, ViewerKind.PARTNER, ApiPermission.MANAGE_JOBS, organization_id=1)
    amount = fresh.ask(read, token=token).data["node"]["refundableAmount"]
    assert amount == {"amount": most, "currencyCode": "USD"}
    above = create(fresh, amount={"amount": f"{left // 100}.01", "currencyCode": "USD"})
    assert above.data["refundRequestCreate"]["userErrors"] == [
        {
            "code": "EXCEEDS_PAID_AMOUNT",
            "field": ["input", "amount", "amount"],
            "message": f"At most {most} USD can be paid back: the rest is in other refund requests",
        }
    ]
    assert outcome(create(fresh, amount=amount)) == "DISCUSSING"


@pytest.mark.parametrize(
    ("given", "invoice", "expected"),
    [
        ({}, PAID, []),
        ({}, None, [("NOT_FOUND", "invoiceId")]),
        ({"amount": {}}, PAID, [("BLANK", "amount.amount"), ("BLANK", "amount.currencyCode")]),
        ({"amount": ONE | {"currency_code": "CAD"}}, PAID, [("INVALID", "amount.currencyCode")]),
        ({"reason": " \u200b"}, PAID, [("BLANK", "reason")]),
        ({"reason": "雪" * LONGEST_REASON}, PAID, []),
        ({"reason": "雪" * (LONGEST_REASON + 1)}, PAID, [("TOO_LONG", "reason")]),
        *[
            ({"amount": ONE | {"amount": Decimal(amount)}}, PAID, [(code, "amount.amount")] if code else [])
            for amount, code in (
                ("0.01", ""),
                ("10.00", ""),
                ("10.000", ""),
                ("10.01", "EXCEEDS_PAID_AMOUNT"),
                ("0", "INVALID"),
                ("-1", "INVALID"),
                ("0.001", "INVALID"),
                ("9.999", "INVALID"),
            )
        ],
        (
            {"amount": ONE | {"amount": Decimal(-1)}, "reason": ""},
            PAID | {"status": "OPEN"},
            [("WRONG_STATE", "invoiceId"), ("INVALID", "amount.amount"), ("BLANK", "reason")],
        ),
    ],
)
def test_what_a_request_may_hold(given, invoice, expected):
    told = [(reason.code, ".".join(reason.field)) for reason in check_create(PYTHON | given, invoice)]
    assert told == [(code, f"input.{field}") for code, field in expected]


def test_a_key_is_of_one_request(fresh):
    before = counts(fresh)
    small = {"amount": {"amount": "1.00", "currencyCode": "USD"}}
    first, again = (create(fresh, key="k", **small) for _ in range(2))
    assert first.data == again.data
    other = create(fresh, key="k")
    assert other.data["refundRequestCreate"]["userErrors"][0]["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert added(fresh, before) == WRITTEN | {"idempotency_keys": 1}


def test_the_refusal_is_told_in_the_language_of_the_caller(shared):
    headers = {"Accept-Language": "nb"}
    document = 'mutation { refundRequestAgree(id: "gid://partners/RefundRequest/1") { userErrors { code message } } }'
    answer = shared.ask(document, token=shared.merchant, headers=headers)
    assert answer.data["refundRequestAgree"]["userErrors"] == [
        {"code": "WRONG_STATE", "message": "Din side har allerede sagt ja: det er den andre som må"}
    ]

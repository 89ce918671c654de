"""Fifty at once: an invoice is never paid back more than was paid, and nobody meets a deadlock."""

from collections import Counter

from harness import Gateway
from records import added, counts
from refunds import CREATE, DOCUMENTS, GIVEN, REQUEST, add_submitted, bring_to, create, outcome, together
from sqlalchemy import func, select

from gateway.models.invoice import invoices
from gateway.models.refund_request import refund_requests
from gateway.models.transaction import TransactionType, transactions


def asked(gateway: Gateway, invoice_id: int) -> tuple[int, str]:
    """What all requests of the invoice that were not turned down come to, and the invoice's state."""
    kept = ("DISCUSSING", "AGREED", "SUBMITTED", "APPROVED")
    of_invoice = (refund_requests.c.invoice_id == invoice_id, refund_requests.c.status.in_(kept))
    [(cents,)] = gateway.rows(select(func.sum(refund_requests.c.amount_cents)).where(*of_invoice))
    [(status,)] = gateway.rows(select(invoices.c.status).where(invoices.c.id == invoice_id))
    return int(cents), status


def adjusted(gateway: Gateway) -> list[tuple[int, int, int]]:
    """The adjustments that were booked since the fixtures: gross, fee and net."""
    own = transactions.c.type == TransactionType.SERVICE_SALE_ADJUSTMENT
    amounts = ("gross_amount_cents", "shopify_fee_cents", "net_amount_cents")
    statement = select(*(transactions.c[name] for name in amounts)).where(own, transactions.c.id > 1000)
    return [tuple(row) for row in gateway.rows(statement)]


def test_fifty_requests_never_ask_for_more_than_was_paid(fresh):
    before = counts(fresh)
    given = GIVEN | {"amount": {"amount": "150.00", "currencyCode": "USD"}}
    sides = [fresh.merchant, fresh.partner] * 25
    answers = together(fresh, [(CREATE, {"input": given}, token) for token in sides])
    # Of 1,200.00 there were 1,000.00 left.
    assert Counter(map(outcome, answers)) == {"DISCUSSING": 6, "EXCEEDS_PAID_AMOUNT": 44}
    assert added(fresh, before) == {"refund_requests": 6, "audit_entries": 6}
    assert asked(fresh, 1) == (110_000, "PAID")
    assert outcome(create(fresh, amount={"amount": "100.00", "currencyCode": "USD"})) == "DISCUSSING"
    assert outcome(create(fresh, amount={"amount": "0.01", "currencyCode": "USD"})) == "EXCEEDS_PAID_AMOUNT"


def test_a_hundred_equal_requests_with_one_key_are_one(fresh):
    before = counts(fresh)
    variables = {"input": GIVEN | {"amount": {"amount": "1.00", "currencyCode": "USD"}}, "key": "k"}
    answers = together(fresh, [(CREATE, variables, fresh.merchant)] * 100)
    assert outcome(answers[0]) == "DISCUSSING"
    assert [answer.body for answer in answers] == [answers[0].body] * 100
    assert added(fresh, before) == {"refund_requests": 1, "audit_entries": 1, "idempotency_keys": 1}


def test_of_fifty_agreements_one_counts(fresh):
    before = counts(fresh)
    sides = [fresh.merchant, fresh.partner] * 25
    answers = together(fresh, [(DOCUMENTS["agree"], {"id": REQUEST}, token) for token in sides])
    assert Counter(map(outcome, answers)) == {"AGREED": 1, "WRONG_STATE": 49}
    assert added(fresh, before) == {"audit_entries": 1}


def test_of_fifty_decisions_about_one_request_one_counts(fresh):
    bring_to(fresh, "SUBMITTED")
    before = counts(fresh)
    decisions = [DOCUMENTS[name] for name in ("approve", "decline")] * 25
    answers = together(fresh, [(document, {"id": REQUEST}, fresh.tokens.employee) for document in decisions])
    told = Counter(map(outcome, answers))
    approved = told["APPROVED"]
    assert told == {"WRONG_STATE": 49, "APPROVED" if approved else "DECLINED": 1}
    assert added(fresh, before) == ({"transactions": 1, "audit_entries": 2} if approved else {"audit_entries": 1})


def test_a_request_is_withdrawn_or_approved_and_never_both(fresh):
    bring_to(fresh, "SUBMITTED")
    both = [(DOCUMENTS["withdraw"], fresh.merchant), (DOCUMENTS["approve"], fresh.tokens.employee)] * 25
    answers = together(fresh, [(document, {"id": REQUEST}, token) for document, token in both])
    told = Counter(map(outcome, answers))
    [status] = told.keys() - {"WRONG_STATE"}
    assert told == {"WRONG_STATE": 49, status: 1}
    assert len(adjusted(fresh)) == (status == "APPROVED")
    [(kept,)] = fresh.rows(select(refund_requests.c.status).where(refund_requests.c.id == 1))
    assert kept == status


def test_fifty_parts_of_one_invoice_give_back_all_of_it_and_of_its_fee(fresh):
    """999.99 USD with a fee of 100.00: no part of the fee is a whole number of cents."""
    add_submitted(fresh, *[1_999] * 49, 99_999 - 49 * 1_999)
    before = counts(fresh)
    requests = [f"gid://partners/RefundRequest/{1001 + place}" for place in range(50)]
    answers = together(fresh, [(DOCUMENTS["approve"], {"id": each}, fresh.tokens.employee) for each in requests])
    assert Counter(map(outcome, answers)) == {"APPROVED": 50}
    # One entry for each request, one for each adjustment, and one for the invoice.
    assert added(fresh, before) == {"transactions": 50, "audit_entries": 101}
    booked = adjusted(fresh)
    assert tuple(map(sum, zip(*booked, strict=True))) == (-99_999, -10_000, -89_999)
    assert {fee for gross, fee, _ in booked if gross == -1_999} <= {-199, -200}
    assert all(gross - fee == net for gross, fee, net in booked)
    assert asked(fresh, 6) == (99_999, "REFUNDED")

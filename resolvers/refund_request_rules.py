"""Who may do what to a refund request, in which state: DISCUSSING, AGREED, SUBMITTED, then APPROVED or DECLINED.

Either side may end it as WITHDRAWN until support has decided. Each check is told the request's row, None where the
viewer has no such request, and the viewer's side, None where it is on neither.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from gateway.errors import Reason, UserErrorCode
from gateway.models.invoice import InvoiceStatus
from gateway.models.refund_request import RefundParty, RefundRequestStatus
from gateway.viewer import Viewer, ViewerKind
from resolvers import rules
from resolvers.refund import PENDING

LONGEST_REASON = 5_000
LONGEST_NOTE = 5_000
CENT = Decimal("0.01")

# The column in which the agreement of a side is kept.
AGREED_AT: Mapping[RefundParty, str] = {
    RefundParty.MERCHANT: "merchant_agreed_at",
    RefundParty.PARTNER: "partner_agreed_at",
}

Found = Mapping[str, Any] | None


def side_of(viewer: Viewer) -> RefundParty | None:
    sides = {ViewerKind.MERCHANT: RefundParty.MERCHANT, ViewerKind.PARTNER: RefundParty.PARTNER}
    return sides.get(viewer.kind)


def check_create(given: Mapping[str, Any], invoice: Found) -> Iterator[Reason]:
    """`invoice` is its row with `refundable_cents`; None where the viewer has none to ask a refund of."""
    reason, amount = given["reason"], given["amount"].get("amount")
    if invoice is None:
        yield Reason(UserErrorCode.NOT_FOUND, ("input", "invoiceId"), "There is no invoice with this id")
    elif invoice["status"] != InvoiceStatus.PAID:
        message = "Only what was paid can be paid back: the invoice is {status}"
        yield Reason(UserErrorCode.WRONG_STATE, ("input", "invoiceId"), message, {"status": str(invoice["status"])})
    yield from rules.required(amount, ("input", "amount", "amount"))
    if amount is not None and (amount <= 0 or amount % CENT):
        message = "A refund is more than 0, with at most two decimal places"
        yield Reason(UserErrorCode.INVALID, ("input", "amount", "amount"), message)
    yield from rules.required(given["amount"].get("currency_code"), ("input", "amount", "currencyCode"))
    if invoice is not None:
        yield from _check_amount(given["amount"], invoice)
    yield from rules.required(reason, ("input", "reason"))
    yield from rules.text(reason, ("input", "reason"), longest=LONGEST_REASON)


def _check_amount(given: Mapping[str, Any], invoice: Mapping[str, Any]) -> Iterator[Reason]:
    amount, currency, own = given.get("amount"), given.get("currency_code"), invoice["currency_code"]
    if currency is not None and currency != own:
        message = "A refund is in the currency of its invoice, which is {currency}"
        yield Reason(UserErrorCode.INVALID, ("input", "amount", "currencyCode"), message, {"currency": own})
    elif amount is not None and invoice["status"] == InvoiceStatus.PAID and amount * 100 > invoice["refundable_cents"]:
        message = "At most {most} {currency} can be paid back: the rest is in other refund requests"
        most = str(Decimal(invoice["refundable_cents"]).scaleb(-2))
        params = {"most": most, "currency": own}
        yield Reason(UserErrorCode.EXCEEDS_PAID_AMOUNT, ("input", "amount", "amount"), message, params)


def check_agree(found: Found, side: RefundParty | None) -> Iterator[Reason]:
    if found is None:
        yield unknown()
    elif side is None:
        yield Reason(UserErrorCode.NOT_ELIGIBLE, ("id",), "Only the merchant and the partner agree on a refund")
    elif found["status"] != RefundRequestStatus.DISCUSSING:
        yield _wrong_state(found)
    elif found[AGREED_AT[side]] is not None:
        message = "Your side has agreed already: it is the other one that has to"
        yield Reason(UserErrorCode.WRONG_STATE, ("id",), message)


def check_submit(found: Found, side: RefundParty | None) -> Iterator[Reason]:
    if found is None:
        yield unknown()
    elif side is not RefundParty.PARTNER:
        yield Reason(UserErrorCode.NOT_ELIGIBLE, ("id",), "Only the partner sends a refund request to support")
    elif found["status"] == RefundRequestStatus.DISCUSSING:
        message = "The merchant and the partner have not both agreed yet"
        yield Reason(UserErrorCode.NOT_AGREED, ("id",), message)
    elif found["status"] != RefundRequestStatus.AGREED:
        yield _wrong_state(found)


def check_withdraw(found: Found, side: RefundParty | None) -> Iterator[Reason]:
    if found is None:
        yield unknown()
    elif side is None:
        message = "Only the merchant and the partner withdraw a refund request"
        yield Reason(UserErrorCode.NOT_ELIGIBLE, ("id",), message)
    elif found["status"] not in PENDING:
        yield _wrong_state(found)


def check_resolve(found: Found, viewer: Viewer, note: str | None) -> Iterator[Reason]:
    if found is None:
        yield unknown()
    elif viewer.kind is not ViewerKind.EMPLOYEE:
        yield Reason(UserErrorCode.NOT_ELIGIBLE, ("id",), "Only support decides about a refund request")
    elif found["status"] != RefundRequestStatus.SUBMITTED:
        yield _wrong_state(found)
    yield from rules.text(note, ("note",), longest=LONGEST_NOTE)


def unknown() -> Reason:
    return Reason(UserErrorCode.NOT_FOUND, ("id",), "There is no refund request with this id")


def _wrong_state(found: Mapping[str, Any]) -> Reason:
    message = "This can't be done to a refund request that is {status}"
    return Reason(UserErrorCode.WRONG_STATE, ("id",), message, {"status": str(found["status"])})

"""The money of refunds: what is left of an invoice, and the part of the platform's fee that goes back with it."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, FromClause, case, cast, func, or_, select

from gateway.models.invoice import InvoiceStatus, invoices
from gateway.models.refund_request import RefundRequestStatus, refund_requests
from gateway.models.transaction import transactions

# Support has not decided yet: the amount is kept for it.
PENDING = (RefundRequestStatus.DISCUSSING, RefundRequestStatus.AGREED, RefundRequestStatus.SUBMITTED)


def refundable_cents() -> ColumnElement[int]:
    """What can still be asked for, of the row of `invoices` in the statement: paid, and neither pending nor approved.

    Requests are counted whoever asks, also where the viewer may not see them: the rule is about all of them.
    """
    kept = _of_invoice(
        func.sum(refund_requests.c.amount_cents), refund_requests, *PENDING, RefundRequestStatus.APPROVED
    )
    return case((invoices.c.status == InvoiceStatus.PAID.value, invoices.c.amount_cents - kept), else_=0)


def approved_cents() -> ColumnElement[int]:
    """What was paid back already."""
    return _of_invoice(func.sum(refund_requests.c.amount_cents), refund_requests, RefundRequestStatus.APPROVED)


def fee_given_back_cents() -> ColumnElement[int]:
    """What the adjustments of approved requests gave back of the fee; not negative."""
    same = (transactions.c.organization_id == refund_requests.c.organization_id) & (
        transactions.c.id == refund_requests.c.adjustment_id
    )
    given = func.sum(-transactions.c.shopify_fee_cents)
    return _of_invoice(given, refund_requests.join(transactions, same), RefundRequestStatus.APPROVED)


def _of_invoice(total: Any, source: FromClause, *statuses: RefundRequestStatus) -> ColumnElement[int]:
    own = (
        refund_requests.c.organization_id == invoices.c.organization_id,
        refund_requests.c.invoice_id == invoices.c.id,
        or_(*(refund_requests.c.status == status.value for status in statuses)),
    )
    # PostgreSQL sums 64-bit numbers to numerics.
    whole = cast(func.coalesce(total, 0), BigInteger)
    return select(whole).select_from(source).where(*own).correlate(invoices).scalar_subquery()


def fee_share_cents(*, fee_cents: int, paid_cents: int, refunded_cents: int, given_back_cents: int) -> int:
    """The fee's part of one refund, so that all refunds together give back the exact part of the fee, to the cent.

    `refunded_cents` is what was paid back with this refund, `given_back_cents` what of the fee was given back before
    it. What is due for all of them is rounded, half a cent up, and this refund gets the difference: an error of
    rounding never adds up, and when everything is paid back all of the fee was.
    """
    due = (2 * fee_cents * refunded_cents + paid_cents) // (2 * paid_cents)
    return due - given_back_cents

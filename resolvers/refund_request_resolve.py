"""Support's decision about a refund request, and what an approval books."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, select, update

from gateway.errors import UserErrors
from gateway.execution.sources import Call
from gateway.ids import new_id
from gateway.models.invoice import InvoiceStatus, invoices
from gateway.models.refund_request import RefundDecision, RefundRequestStatus, refund_requests
from gateway.models.transaction import TransactionType, transactions
from resolvers import visibility
from resolvers.arguments import with_ids
from resolvers.context import Context
from resolvers.gid import gid
from resolvers.mutation import mutation
from resolvers.refund import approved_cents, fee_given_back_cents, fee_share_cents
from resolvers.refund_request_rules import check_resolve
from resolvers.refund_request_write import wanted
from resolvers.rules import is_blank
from resolvers.scope import Scope
from resolvers.write import Write

Row = Mapping[str, Any]


@mutation("organization_id", "refund_request_id")
async def resolve(call: Call) -> tuple[Any, ...]:
    """Approves a request, which books the refund, or declines it."""
    call = with_ids(call, id={"RefundRequest"})
    context: Context = call.context
    request_id, note = call.arguments["id"], call.arguments.get("note")
    if visibility.sees_none(refund_requests, context.scope):
        raise UserErrors(*check_resolve(None, context.viewer, note))
    async with context.write() as write:
        await write.execute(_lock_invoice(request_id, context.scope))
        found = (await write.execute(wanted(request_id, context.scope))).mappings().first()
        if reasons := list(check_resolve(found, context.viewer, note)):
            raise UserErrors(*reasons)
        assert found is not None  # noqa: S101 - an unknown request was refused
        approved = call.arguments["decision"] == RefundDecision.APPROVE
        after: dict[str, Any] = {
            "status": RefundRequestStatus.APPROVED if approved else RefundRequestStatus.DECLINED,
            "resolved_at": context.now,
            "resolution_note": None if note is None or is_blank(note) else note.strip(),
        }
        if approved:
            after["adjustment_id"] = await _book(write, found, context.now)
        own = (refund_requests.c.organization_id == found["organization_id"], refund_requests.c.id == found["id"])
        await write.execute(update(refund_requests).where(*own).values(after))
        before = {name: found[name] for name in after}
        subject = gid("RefundRequest", found["id"])
        organization_id = found["organization_id"]
        write.audit("refundRequestResolve", subject, organization_id=organization_id, before=before, after=after)
        return write.answers(organization_id, found["id"])


def _lock_invoice(request_id: int, scope: Scope) -> Select[Any]:
    """What is left of an invoice is told one refund after the other. Only then the request itself is locked."""
    of_invoice = (
        refund_requests.c.organization_id == invoices.c.organization_id,
        refund_requests.c.invoice_id == invoices.c.id,
    )
    of_request = exists().where(
        visibility.VISIBLE[refund_requests](scope), refund_requests.c.id == request_id, *of_invoice
    )
    return select(invoices.c.id).where(of_request).with_for_update(key_share=True)


async def _book(write: Write, found: Row, now: datetime) -> int:
    """The adjustment of the sale, and the invoice's new state where nothing is left of it; the adjustment's id."""
    organization_id = found["organization_id"]
    invoice = (await write.execute(_billed(found))).mappings().one()
    adjustment = _adjustment(found, invoice, now)
    await write.insert(transactions, adjustment)
    subject = gid("ServiceSaleAdjustment", adjustment["id"])
    write.audit("refundRequestResolve", subject, organization_id=organization_id, after=adjustment)
    if invoice["refunded_cents"] + found["amount_cents"] == invoice["amount_cents"]:
        own = (invoices.c.organization_id == organization_id, invoices.c.id == found["invoice_id"])
        await write.execute(update(invoices).where(*own).values(status=InvoiceStatus.REFUNDED))
        told = {"before": {"status": invoice["status"]}, "after": {"status": InvoiceStatus.REFUNDED}}
        subject = gid("Invoice", found["invoice_id"])
        write.audit("refundRequestResolve", subject, organization_id=organization_id, **told)
    return int(adjustment["id"])


def _billed(found: Row) -> Select[Any]:
    """The invoice with the fee of its sale, and what was given back before."""
    sale = (transactions.c.organization_id == invoices.c.organization_id) & (transactions.c.id == invoices.c.sale_id)
    fee = select(transactions.c.shopify_fee_cents).where(sale).correlate(invoices).scalar_subquery()
    told = (
        invoices.c.amount_cents,
        invoices.c.status,
        fee.label("fee_cents"),
        approved_cents().label("refunded_cents"),
        fee_given_back_cents().label("given_back_cents"),
    )
    own = (invoices.c.organization_id == found["organization_id"], invoices.c.id == found["invoice_id"])
    return select(*told).select_from(invoices).where(*own)


def _adjustment(found: Row, invoice: Row, now: datetime) -> dict[str, Any]:
    """The partner gives back what it was paid, without the fee that the platform gives back. Other costs stay."""
    amount, fee = found["amount_cents"], None
    if invoice["fee_cents"] is not None:
        fee = fee_share_cents(
            fee_cents=invoice["fee_cents"],
            paid_cents=invoice["amount_cents"],
            refunded_cents=invoice["refunded_cents"] + amount,
            given_back_cents=invoice["given_back_cents"],
        )
    return {
        "organization_id": found["organization_id"],
        "id": new_id(),
        "type": TransactionType.SERVICE_SALE_ADJUSTMENT,
        "created_at": now,
        "shop_id": found["shop_id"],
        "gross_amount_cents": -amount,
        "shopify_fee_cents": None if fee is None else -fee,
        "net_amount_cents": (fee or 0) - amount,
        "currency_code": found["currency_code"],
    }

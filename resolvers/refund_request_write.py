"""Refund requests as the two sides open them, agree on them, send them to support, and take them back.

Locks are taken in one order, the invoice before its requests. Whoever changes what an invoice's requests come to
upwards, or books a refund, holds the invoice.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, update

from gateway.errors import Reason, UserErrorCode, UserErrors
from gateway.execution.sources import Call
from gateway.ids import new_id
from gateway.models.invoice import invoices
from gateway.models.job import jobs
from gateway.models.refund_request import RefundParty, RefundRequestStatus, refund_requests
from resolvers import visibility
from resolvers.arguments import with_ids
from resolvers.context import Context
from resolvers.gid import gid, parse_as
from resolvers.mutation import mutation
from resolvers.refund import refundable_cents
from resolvers.refund_request_rules import (
    AGREED_AT,
    Found,
    check_agree,
    check_create,
    check_submit,
    check_withdraw,
    side_of,
)
from resolvers.scope import Scope

Check = Callable[[Found, RefundParty | None], Iterator[Reason]]
Change = Callable[[Mapping[str, Any], RefundParty, datetime], dict[str, Any]]


@mutation("organization_id", "refund_request_id")
async def create(call: Call) -> tuple[Any, ...]:
    """Opens a request; whoever opens it has agreed."""
    given = call.arguments["input"]
    context: Context = call.context
    invoice_id = parse_as(given["invoice_id"], {"Invoice"})
    side = side_of(context.viewer)
    if side is None:
        message = "Only the merchant and the partner of an invoice ask for a refund: send the token of one of them"
        raise UserErrors(Reason(UserErrorCode.NOT_ELIGIBLE, ("input",), message))
    async with context.write() as write:
        invoice = (await write.execute(_invoice(invoice_id, context.scope))).mappings().first()
        if invoice is not None:
            # Read by a statement of its own, after the lock: so it counts what others asked for meanwhile.
            own = (invoices.c.organization_id == invoice["organization_id"], invoices.c.id == invoice_id)
            left = (await write.execute(select(refundable_cents()).select_from(invoices).where(*own))).scalar_one()
            invoice = {**invoice, "refundable_cents": left}
        if reasons := list(check_create(given, invoice)):
            raise UserErrors(*reasons)
        assert invoice is not None  # noqa: S101 - an unknown invoice was refused
        row = _opened(given, invoice, side, context.now)
        await write.insert(refund_requests, row)
        subject = gid("RefundRequest", row["id"])
        write.audit("refundRequestCreate", subject, organization_id=row["organization_id"], after=row)
        return write.answers(row["organization_id"], row["id"])


def _invoice(invoice_id: int, scope: Scope) -> Select[Any]:
    """Locked until the transaction ends, so that requests of one invoice are opened one after the other."""
    same = (jobs.c.organization_id == invoices.c.organization_id) & (jobs.c.id == invoices.c.job_id)
    named = ("organization_id", "id", "job_id", "currency_code", "status")
    columns = (*(invoices.c[name] for name in named), jobs.c.shop_id)
    here = (visibility.invoices_to_refund(scope), invoices.c.id == invoice_id)
    statement = select(*columns).select_from(invoices.join(jobs, same)).where(*here)
    return statement.order_by(invoices.c.organization_id).limit(1).with_for_update(of=invoices, key_share=True)


def _opened(given: Mapping[str, Any], invoice: Mapping[str, Any], side: RefundParty, now: datetime) -> dict[str, Any]:
    return {
        "organization_id": invoice["organization_id"],
        "id": new_id(),
        "invoice_id": invoice["id"],
        "job_id": invoice["job_id"],
        "shop_id": invoice["shop_id"],
        "amount_cents": int(given["amount"]["amount"] * 100),
        "currency_code": invoice["currency_code"],
        "reason": given["reason"].strip(),
        "status": RefundRequestStatus.DISCUSSING,
        "opened_by": side,
        AGREED_AT[side]: now,
        "created_at": now,
    }


@mutation("organization_id", "refund_request_id")
async def agree(call: Call) -> tuple[Any, ...]:
    """The side that did not open the request; then both have agreed."""
    return await _move(call, "refundRequestAgree", check_agree, _agreed)


def _agreed(_found: Mapping[str, Any], side: RefundParty, now: datetime) -> dict[str, Any]:
    return {"status": RefundRequestStatus.AGREED, AGREED_AT[side]: now}


@mutation("organization_id", "refund_request_id")
async def submit(call: Call) -> tuple[Any, ...]:
    return await _move(call, "refundRequestSubmit", check_submit, _submitted)


def _submitted(_found: Mapping[str, Any], _side: RefundParty, now: datetime) -> dict[str, Any]:
    return {"status": RefundRequestStatus.SUBMITTED, "submitted_at": now}


@mutation("organization_id", "refund_request_id")
async def withdraw(call: Call) -> tuple[Any, ...]:
    """Either side, whichever opened it: a refund needs both of them until support has decided."""
    return await _move(call, "refundRequestWithdraw", check_withdraw, _withdrawn)


def _withdrawn(_found: Mapping[str, Any], _side: RefundParty, _now: datetime) -> dict[str, Any]:
    return {"status": RefundRequestStatus.WITHDRAWN}


async def _move(call: Call, action: str, check: Check, change: Change) -> tuple[Any, ...]:
    """Locks the request, so that of two moves at once the second starts from where the first one went."""
    call = with_ids(call, id={"RefundRequest"})
    context: Context = call.context
    side = side_of(context.viewer)
    if visibility.sees_none(refund_requests, context.scope):
        raise UserErrors(*check(None, side))
    async with context.write() as write:
        found = (await write.execute(wanted(call.arguments["id"], context.scope))).mappings().first()
        if reasons := list(check(found, side)):
            raise UserErrors(*reasons)
        assert found is not None  # noqa: S101 - an unknown request was refused
        assert side is not None  # noqa: S101 - whoever is on neither side was refused
        after = change(found, side, context.now)
        organization_id = found["organization_id"]
        own = (refund_requests.c.organization_id == organization_id, refund_requests.c.id == found["id"])
        await write.execute(update(refund_requests).where(*own).values(after))
        before = {name: found[name] for name in after}
        subject = gid("RefundRequest", found["id"])
        write.audit(action, subject, organization_id=organization_id, before=before, after=after)
        return write.answers(organization_id, found["id"])


def wanted(request_id: int, scope: Scope) -> Select[Any]:
    """The request of that id, if the viewer sees it, locked until the transaction ends."""
    here = (visibility.VISIBLE[refund_requests](scope), refund_requests.c.id == request_id)
    statement = select(refund_requests).where(*here).order_by(refund_requests.c.organization_id).limit(1)
    return statement.with_for_update(key_share=True)

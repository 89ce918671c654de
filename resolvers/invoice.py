"""Invoices: what of them can be paid back, and what was asked for."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Select, select

from gateway.execution.rows import Grouped, Layout, Rows
from gateway.execution.sources import Call, batch
from gateway.models.invoice import invoices
from gateway.models.refund_request import refund_requests
from gateway.statements import key_parameters, key_table
from resolvers.children import children
from resolvers.loaders import reference
from resolvers.refund import refundable_cents

invoice = reference(invoices, "organization_id", "invoice_id")

_MONEY = Layout(("amount_cents", "currency_code"))


@batch("organization_id", "id", "currency_code")
async def refundable_amount(parents: Rows, call: Call) -> Rows:
    """In one statement with the state of the invoice, so that the two agree."""
    postgresql = call.context.database.is_postgresql
    keys = parents.columns("organization_id", "id")
    fetched = await call.context.fetch(_refundable_statement(postgresql=postgresql), key_parameters(keys, postgresql))
    currencies = parents.column("currency_code")
    return Rows(zip((row[0] for row in fetched), currencies, strict=True), _MONEY)


@lru_cache(maxsize=2)
def _refundable_statement(*, postgresql: bool) -> Select[Any]:
    """Of invoices that the viewer sees already."""
    keys = key_table(postgresql)
    here = (invoices.c.organization_id == keys.c.organization_id) & (invoices.c.id == keys.c.id)
    return select(refundable_cents()).select_from(keys.join(invoices, here)).order_by(keys.c.place)


@batch("organization_id", "id")
async def list_refund_requests(parents: Rows, call: Call) -> Grouped:
    return await children(refund_requests, "invoice_id", "created_at", parents, call, newest_first=True)

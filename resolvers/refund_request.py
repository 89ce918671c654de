"""Refund requests, as they are read."""

from sqlalchemy import bindparam

from gateway.execution.rows import Pages, Rows
from gateway.execution.sources import Call, batch
from gateway.models.refund_request import refund_requests
from gateway.models.transaction import transactions
from gateway.statements import any_text
from resolvers.arguments import with_ids
from resolvers.listing import Listing, list_rows
from resolvers.loaders import reference
from resolvers.node import find
from resolvers.page import newest_first

REFUND_REQUESTS = Listing(
    table=refund_requests,
    order=newest_first("refu", "created_at"),
    filters={
        "statuses": any_text(refund_requests.c.status, "statuses"),
        "invoice_id": refund_requests.c.invoice_id == bindparam("invoice_id"),
    },
)

find_refund_request = find("RefundRequest")
adjustment = reference(transactions, "organization_id", "adjustment_id")
written = reference(refund_requests, "organization_id", "refund_request_id")


@batch()
async def list_refund_requests(_parents: Rows, call: Call) -> Pages:
    return await list_rows(REFUND_REQUESTS, with_ids(call, invoice_id={"Invoice"}))

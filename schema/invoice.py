"""What partners billed."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.models.invoice import InvoiceStatus
from resolvers import invoice as invoice_rows
from resolvers import job as job_rows
from resolvers import transaction as transaction_rows
from schema.base import Node, column, enum, money, relation
from schema.money import Money
from schema.scalars import DateTime
from schema.transaction import ServiceSale

if TYPE_CHECKING:
    from schema.job import Job
    from schema.refund_request import RefundRequest

enum(
    InvoiceStatus,
    "What became of an invoice.",
    {
        "OPEN": "Not paid yet.",
        "PAID": "Paid; a part may have been given back.",
        "CLOSED": "Closed before it was paid.",
        "REFUNDED": "Paid, and given back whole.",
    },
)


@strawberry.type(description="A bill for a job.")
class Invoice(Node):
    number: str = column("number", "The number on it, unique within the organization.")
    job: Annotated["Job", strawberry.lazy("schema.job")] = relation(job_rows.parent_job, "The job that it is for.")
    amount: Money = money("amount_cents", "What was billed.")
    status: InvoiceStatus = column("status", "What became of it.")
    issued_at: DateTime = column("issued_at", "When it was sent.")
    paid_at: DateTime | None = column("paid_at", "When it was paid; null before.")
    sale: ServiceSale | None = relation(
        transaction_rows.sale,
        "The earning that it became; null before it is paid, and for those who may not see earnings.",
    )
    refundable_amount: Money = relation(
        invoice_rows.refundable_amount,
        "What can still be asked back: what was paid, without what was paid back and what open refund requests ask for."
        " Zero unless the invoice is PAID.",
    )
    refund_requests: list[Annotated["RefundRequest", strawberry.lazy("schema.refund_request")]] = relation(
        invoice_rows.list_refund_requests,
        "What was asked back, newest first; empty for partners' tokens without `MANAGE_DISPUTES`.",
    )

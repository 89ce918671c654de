"""What a partner billed for a job."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, Index, String, Table, UniqueConstraint

from gateway.models.base import (
    belongs_to,
    cents,
    choice,
    currency_code,
    id_column,
    metadata,
    moment,
    of_organization,
    one_of,
)


class InvoiceStatus(StrEnum):
    OPEN = "OPEN"
    PAID = "PAID"
    CLOSED = "CLOSED"
    REFUNDED = "REFUNDED"


invoices = Table(
    "invoices",
    metadata,
    *of_organization(),
    id_column(primary_key=True),
    id_column("job_id", nullable=False),
    Column("number", String(64), nullable=False),
    cents("amount_cents"),
    currency_code(),
    choice("status", InvoiceStatus),
    moment("issued_at"),
    moment("paid_at", nullable=True),
    id_column("sale_id", nullable=True),
    one_of("status", InvoiceStatus),
    CheckConstraint("status NOT IN ('PAID', 'REFUNDED') OR paid_at IS NOT NULL", name="paid_at"),
    belongs_to("jobs", "job_id"),
    belongs_to("transactions", "sale_id"),
    UniqueConstraint("organization_id", "number"),
    Index(None, "organization_id", "job_id", "issued_at", "id"),
    Index(None, "organization_id", "sale_id"),
)

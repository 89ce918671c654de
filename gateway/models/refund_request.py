"""Requests to pay an invoice back, from the first talk to what support decided."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, Table

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
    text,
)


class RefundRequestStatus(StrEnum):
    DISCUSSING = "DISCUSSING"
    AGREED = "AGREED"
    SUBMITTED = "SUBMITTED"
    APPROVED = "APPROVED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"


class RefundParty(StrEnum):
    MERCHANT = "MERCHANT"
    PARTNER = "PARTNER"


class RefundDecision(StrEnum):
    APPROVE = "APPROVE"
    DECLINE = "DECLINE"


# `adjustment_id` is the transaction that an approval booked.
refund_requests = Table(
    "refund_requests",
    metadata,
    *of_organization(),
    id_column(primary_key=True),
    id_column("invoice_id", nullable=False),
    id_column("job_id", nullable=False),
    id_column("shop_id", nullable=False),
    cents("amount_cents"),
    currency_code(),
    text("reason"),
    choice("status", RefundRequestStatus),
    choice("opened_by", RefundParty),
    moment("merchant_agreed_at", nullable=True),
    moment("partner_agreed_at", nullable=True),
    moment("submitted_at", nullable=True),
    moment("resolved_at", nullable=True),
    text("resolution_note", nullable=True),
    id_column("adjustment_id", nullable=True),
    moment("created_at"),
    one_of("status", RefundRequestStatus),
    one_of("opened_by", RefundParty),
    CheckConstraint("amount_cents > 0", name="amount_cents"),
    CheckConstraint(
        "status NOT IN ('AGREED', 'SUBMITTED', 'APPROVED', 'DECLINED')"
        " OR (merchant_agreed_at IS NOT NULL AND partner_agreed_at IS NOT NULL)",
        name="agreed",
    ),
    CheckConstraint(
        "status NOT IN ('SUBMITTED', 'APPROVED', 'DECLINED') OR submitted_at IS NOT NULL", name="submitted_at"
    ),
    CheckConstraint("(status IN ('APPROVED', 'DECLINED')) = (resolved_at IS NOT NULL)", name="resolved_at"),
    CheckConstraint("(status = 'APPROVED') = (adjustment_id IS NOT NULL)", name="adjustment_id"),
    belongs_to("invoices", "invoice_id"),
    belongs_to("jobs", "job_id"),
    belongs_to("shops", "shop_id", tenant=False),
    belongs_to("transactions", "adjustment_id"),
    Index(None, "organization_id", "invoice_id", "created_at", "id"),
    Index(None, "organization_id", "job_id"),
    Index(None, "organization_id", "created_at", "id"),
    Index(None, "organization_id", "shop_id"),
    Index(None, "organization_id", "adjustment_id"),
    Index(None, "shop_id", "created_at", "id"),
    Index(None, "created_at", "id"),
    Index(None, "status", "created_at", "id"),
)

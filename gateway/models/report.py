"""What merchants told support of a partner. The partner never learns of it."""

from enum import StrEnum

from sqlalchemy import Column, Index, String, Table, UniqueConstraint

from gateway.models.base import belongs_to, choice, id_column, metadata, moment, of_organization, one_of, text


class PartnerReportKind(StrEnum):
    BAD_EXPERIENCE = "BAD_EXPERIENCE"
    PROGRAM_AGREEMENT_VIOLATION = "PROGRAM_AGREEMENT_VIOLATION"


partner_reports = Table(
    "partner_reports",
    metadata,
    *of_organization(),
    id_column(primary_key=True),
    Column("case_number", String(32), nullable=False),
    id_column("partner_id", nullable=False),
    id_column("shop_id", nullable=False),
    id_column("merchant_user_id", nullable=True),
    choice("kind", PartnerReportKind),
    text("description"),
    id_column("job_id", nullable=True),
    moment("created_at"),
    one_of("kind", PartnerReportKind),
    belongs_to("partners", "partner_id"),
    belongs_to("shops", "shop_id", tenant=False),
    belongs_to("merchant_users", "merchant_user_id", tenant=False),
    belongs_to("jobs", "job_id"),
    UniqueConstraint("case_number"),
    Index(None, "organization_id", "created_at", "id"),
    Index(None, "organization_id", "merchant_user_id"),
    Index(None, "organization_id", "job_id"),
    Index(None, "shop_id", "created_at", "id"),
    Index(None, "created_at", "id"),
)

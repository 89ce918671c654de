"""Partners that a merchant wants to hear no more from, with what was closed by it."""

from enum import StrEnum

from sqlalchemy import Column, Index, Integer, Table, UniqueConstraint

from gateway.models.base import belongs_to, choice, id_column, metadata, moment, of_organization, one_of, text


class PartnerBlockReason(StrEnum):
    SPAM = "SPAM"
    NO_LONGER_NEEDED = "NO_LONGER_NEEDED"
    BAD_EXPERIENCE = "BAD_EXPERIENCE"
    OTHER = "OTHER"


partner_blocks = Table(
    "partner_blocks",
    metadata,
    *of_organization(),
    id_column(primary_key=True),
    id_column("partner_id", nullable=False),
    id_column("shop_id", nullable=False),
    id_column("merchant_user_id", nullable=True),
    choice("reason", PartnerBlockReason),
    text("note", nullable=True),
    moment("created_at"),
    Column("closed_proposal_count", Integer, nullable=False),
    Column("closed_job_count", Integer, nullable=False),
    Column("closed_invoice_count", Integer, nullable=False),
    one_of("reason", PartnerBlockReason),
    belongs_to("partners", "partner_id"),
    belongs_to("shops", "shop_id", tenant=False),
    belongs_to("merchant_users", "merchant_user_id", tenant=False),
    UniqueConstraint("organization_id", "shop_id"),
    Index(None, "organization_id", "merchant_user_id"),
    Index(None, "shop_id", "created_at", "id"),
    Index(None, "created_at", "id"),
)

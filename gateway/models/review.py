"""What merchants said of a partner's work. Only published ones count, and only from the moment that they are."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, Index, Integer, Table, UniqueConstraint

from gateway.models.base import belongs_to, choice, id_column, metadata, moment, of_organization, one_of, text
from gateway.models.directory import directory_services, of_directory, word


class ReviewStatus(StrEnum):
    PENDING = "PENDING"
    PUBLISHED = "PUBLISHED"
    REJECTED = "REJECTED"


# `publish_at` is when the timer publishes it; `published_at` when it was.
reviews = Table(
    "reviews",
    metadata,
    *of_organization(),
    id_column(primary_key=True),
    id_column("partner_id", nullable=False),
    word("service_handle", directory_services.c.handle),
    id_column("shop_id", nullable=False),
    id_column("merchant_user_id", nullable=True),
    Column("quality_rating", Integer, nullable=False),
    Column("communication_rating", Integer, nullable=False),
    text("comment", nullable=True),
    choice("status", ReviewStatus),
    moment("submitted_at"),
    moment("publish_at"),
    moment("published_at", nullable=True),
    moment("rejected_at", nullable=True),
    text("rejection_reason", nullable=True),
    one_of("status", ReviewStatus),
    CheckConstraint("quality_rating BETWEEN 1 AND 5", name="quality_rating"),
    CheckConstraint("communication_rating BETWEEN 1 AND 5", name="communication_rating"),
    CheckConstraint("(status = 'PUBLISHED') = (published_at IS NOT NULL)", name="published_at"),
    CheckConstraint("(status = 'REJECTED') = (rejected_at IS NOT NULL)", name="rejected_at"),
    CheckConstraint("(rejected_at IS NULL) = (rejection_reason IS NULL)", name="rejection_reason"),
    belongs_to("partners", "partner_id"),
    belongs_to("shops", "shop_id", tenant=False),
    belongs_to("merchant_users", "merchant_user_id", tenant=False),
    of_directory("service_handle", directory_services.c.handle),
    UniqueConstraint("organization_id", "partner_id", "shop_id", "service_handle"),
    Index(None, "organization_id", "partner_id", "status", "published_at", "id"),
    Index(None, "organization_id", "submitted_at", "id"),
    Index(None, "organization_id", "merchant_user_id"),
    Index(None, "shop_id", "submitted_at", "id"),
    Index(None, "submitted_at", "id"),
    Index(None, "status", "publish_at", "id"),
)

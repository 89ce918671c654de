"""Wrong codes with which an organization asked for access to a shop, kept for as long as they count."""

from sqlalchemy import Column, Index, String, Table

from gateway.models.base import id_column, metadata, moment, of_organization

LONGEST_DOMAIN = 255

# By the domain as it was asked for, since who guesses must not learn whether there is such a shop.
collaborator_attempts = Table(
    "collaborator_attempts",
    metadata,
    *of_organization(),
    id_column(primary_key=True),
    Column("shop_domain", String(LONGEST_DOMAIN), nullable=False),
    moment("attempted_at"),
    Index("ix_collaborator_attempts_counted", "organization_id", "shop_domain", "attempted_at"),
    Index(None, "attempted_at"),
)

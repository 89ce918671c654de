"""Those who act: organizations with their team, shops with their staff, and the platform's employees."""

from sqlalchemy import Column, Index, String, Table, UniqueConstraint

from gateway.models.base import belongs_to, id_column, metadata, moment, of_organization, text

organizations = Table(
    "organizations",
    metadata,
    id_column(primary_key=True),
    text("name"),
    text("avatar_url", nullable=True),
    moment("created_at"),
)

team_members = Table(
    "team_members",
    metadata,
    *of_organization(),
    id_column(primary_key=True),
    text("name"),
    text("avatar_url", nullable=True),
)

employees = Table(
    "employees",
    metadata,
    id_column(primary_key=True),
    text("name"),
    text("avatar_url", nullable=True),
)

shops = Table(
    "shops",
    metadata,
    id_column(primary_key=True),
    text("name"),
    Column("myshopify_domain", String(255), nullable=False),
    text("avatar_url", nullable=True),
    UniqueConstraint("myshopify_domain"),
)

merchant_users = Table(
    "merchant_users",
    metadata,
    id_column(primary_key=True),
    id_column("shop_id", nullable=False),
    text("name"),
    text("avatar_url", nullable=True),
    text("timezone"),
    belongs_to("shops", "shop_id", tenant=False),
    Index(None, "shop_id"),
)

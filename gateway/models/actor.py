"""Those who act: organizations with their team, shops with their staff, and the platform's employees."""

from sqlalchemy import Boolean, CheckConstraint, Column, Index, String, Table, UniqueConstraint, false

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
    # Merchants of other shops write no reviews.
    Column("paid_plan_eligible", Boolean, nullable=False, server_default=false()),
    # Four digits that a partner must know to ask for access; without them nobody can.
    Column("request_code", String(4), nullable=True),
    CheckConstraint("length(request_code) = 4 AND trim(request_code, '0123456789') = ''", name="request_code"),
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

"""Tokens and what they may do. The token itself is never stored."""

from sqlalchemy import JSON, Column, ForeignKeyConstraint, Index, String, Table, UniqueConstraint

from gateway.models.base import belongs_to, choice, id_column, metadata, moment, one_of, text
from gateway.viewer import ViewerKind

api_clients = Table(
    "api_clients",
    metadata,
    id_column(primary_key=True),
    choice("kind", ViewerKind),
    text("name"),
    id_column("organization_id", nullable=True),
    id_column("shop_id", nullable=True),
    id_column("merchant_user_id", nullable=True),
    id_column("employee_id", nullable=True),
    Column("permissions", JSON, nullable=False),
    Column("token_hash", String(64), nullable=False),
    # A rotated token stays good until `previous_expires_at`, so that its holders can change over.
    Column("previous_token_hash", String(64), nullable=True),
    moment("previous_expires_at", nullable=True),
    moment("created_at"),
    moment("last_used_at", nullable=True),
    moment("expires_at", nullable=True),
    moment("revoked_at", nullable=True),
    one_of("kind", ViewerKind),
    ForeignKeyConstraint(["organization_id"], ["organizations.id"]),
    belongs_to("shops", "shop_id", tenant=False),
    belongs_to("merchant_users", "merchant_user_id", tenant=False),
    belongs_to("employees", "employee_id", tenant=False),
    UniqueConstraint("token_hash"),
    Index(None, "previous_token_hash"),
    Index(None, "organization_id"),
)

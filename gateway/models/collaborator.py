"""Access of partners to shops: asked for, given, and ended."""

from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, Column, Index, Table
from sqlalchemy import text as sql

from gateway.models.base import belongs_to, choice, id_column, metadata, moment, of_organization, one_of, text


class CollaboratorStatus(StrEnum):
    REQUESTED = "REQUESTED"
    ACTIVE = "ACTIVE"
    DECLINED = "DECLINED"
    CANCELLED = "CANCELLED"
    REMOVED = "REMOVED"
    EXPIRED = "EXPIRED"


class StorePermission(StrEnum):
    HOME = "HOME"
    ORDERS = "ORDERS"
    DRAFT_ORDERS = "DRAFT_ORDERS"
    PRODUCTS = "PRODUCTS"
    GIFT_CARDS = "GIFT_CARDS"
    CUSTOMERS = "CUSTOMERS"
    REPORTS = "REPORTS"
    DASHBOARDS = "DASHBOARDS"
    MARKETING = "MARKETING"
    DISCOUNTS = "DISCOUNTS"
    THEMES = "THEMES"
    BLOG_POSTS_AND_PAGES = "BLOG_POSTS_AND_PAGES"
    NAVIGATION = "NAVIGATION"
    DOMAINS = "DOMAINS"
    APPS = "APPS"
    SETTINGS = "SETTINGS"


_OPEN = sql("status IN ('REQUESTED', 'ACTIVE')")

# `permissions` are those asked for while it is REQUESTED, then those that were given.
collaborators = Table(
    "collaborators",
    metadata,
    *of_organization(),
    id_column(primary_key=True),
    id_column("shop_id", nullable=False),
    choice("status", CollaboratorStatus),
    Column("permissions", JSON, nullable=False),
    text("message", nullable=True),
    moment("requested_at"),
    moment("activated_at", nullable=True),
    moment("last_login_at", nullable=True),
    moment("expires_at", nullable=True),
    moment("ended_at", nullable=True),
    one_of("status", CollaboratorStatus),
    CheckConstraint(
        "CASE WHEN status IN ('ACTIVE', 'REMOVED', 'EXPIRED') THEN activated_at IS NOT NULL"
        " ELSE activated_at IS NULL END",
        name="activated_at",
    ),
    CheckConstraint("status <> 'ACTIVE' OR expires_at IS NOT NULL", name="expires_at"),
    CheckConstraint("(status IN ('REQUESTED', 'ACTIVE')) = (ended_at IS NULL)", name="ended_at"),
    belongs_to("shops", "shop_id", tenant=False),
    # At most one that is open between a partner and a shop, whatever happens at the same time.
    Index(
        "uq_collaborators_open", "organization_id", "shop_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
    ),
    Index(None, "organization_id", "shop_id", "status"),
    Index(None, "organization_id", "requested_at", "id"),
    Index(None, "shop_id", "requested_at", "id"),
    Index(None, "requested_at", "id"),
    Index(None, "status", "expires_at", "id"),
)

"""Apps, what shops were charged for them and what was given back."""

from enum import StrEnum

from sqlalchemy import Boolean, Column, Index, String, Table, UniqueConstraint

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


class AppChargeKind(StrEnum):
    """The members are the names of the types that a charge has on the wire."""

    AppPurchaseOneTime = "AppPurchaseOneTime"
    AppSubscription = "AppSubscription"
    AppUsageRecord = "AppUsageRecord"


apps = Table(
    "apps",
    metadata,
    *of_organization(),
    id_column(primary_key=True),
    text("name"),
    Column("api_key", String(64), nullable=False),
    UniqueConstraint("organization_id", "api_key"),
)

app_charges = Table(
    "app_charges",
    metadata,
    *of_organization(),
    id_column(primary_key=True),
    choice("kind", AppChargeKind),
    id_column("app_id", nullable=False),
    id_column("shop_id", nullable=False),
    text("name"),
    cents("amount_cents"),
    currency_code(),
    Column("test", Boolean, nullable=False),
    moment("billing_on", nullable=True),
    moment("created_at"),
    one_of("kind", AppChargeKind),
    belongs_to("apps", "app_id"),
    belongs_to("shops", "shop_id", tenant=False),
    Index(None, "organization_id", "app_id"),
    Index(None, "organization_id", "shop_id"),
)

app_credits = Table(
    "app_credits",
    metadata,
    *of_organization(),
    id_column(primary_key=True),
    id_column("app_id", nullable=False),
    id_column("shop_id", nullable=False),
    text("name"),
    cents("amount_cents"),
    currency_code(),
    Column("test", Boolean, nullable=False),
    moment("created_at"),
    belongs_to("apps", "app_id"),
    belongs_to("shops", "shop_id", tenant=False),
    Index(None, "organization_id", "app_id"),
    Index(None, "organization_id", "shop_id"),
)

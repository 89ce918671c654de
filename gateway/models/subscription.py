"""What shops subscribe to: items with their discounts and use, cycles, updates to come, and what came of them."""

from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

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
)
from gateway.models.base import text as long_text
from gateway.models.transaction import AppPricingInterval


class SubscriptionStatusState(StrEnum):
    CANCELED = "CANCELED"
    CANCELLATION_SCHEDULED = "CANCELLATION_SCHEDULED"
    CREATED = "CREATED"
    FROZEN = "FROZEN"
    UNFROZEN = "UNFROZEN"
    UPDATED = "UPDATED"


# Cycles follow each other from `billing_anchor_at` on, which is when the trial ends, if there is one. `cancelled_at`
# may lie ahead: then `cancel_at_end_of_cycle` is true. `charge_id` is the charge by which older versions know it.
subscriptions = Table(
    "subscriptions",
    metadata,
    *of_organization(),
    id_column(primary_key=True),
    id_column("app_id", nullable=False),
    id_column("shop_id", nullable=False),
    id_column("plan_id", nullable=True),
    id_column("charge_id", nullable=True),
    choice("billing_interval", AppPricingInterval),
    moment("billing_anchor_at"),
    moment("trial_ends_at", nullable=True),
    Column("cancel_at_end_of_cycle", Boolean, nullable=False),
    moment("cancelled_at", nullable=True),
    Column("test", Boolean, nullable=False),
    moment("created_at"),
    one_of("billing_interval", AppPricingInterval),
    CheckConstraint("cancelled_at IS NOT NULL OR NOT cancel_at_end_of_cycle", name="cancelled_when"),
    belongs_to("apps", "app_id"),
    belongs_to("shops", "shop_id", tenant=False),
    belongs_to("plans", "plan_id"),
    belongs_to("app_charges", "charge_id"),
    Index(None, "organization_id", "app_id", "shop_id", "created_at", "id"),
    Index(None, "organization_id", "shop_id"),
    Index(None, "organization_id", "charge_id"),
    # A shop pays for an app once.
    Index(
        "uq_subscriptions_running",
        "organization_id",
        "app_id",
        "shop_id",
        unique=True,
        sqlite_where=text("cancelled_at IS NULL"),
        postgresql_where=text("cancelled_at IS NULL"),
    ),
)

# What a subscription becomes at the end of the current cycle.
pending_updates = Table(
    "pending_updates",
    metadata,
    *of_organization(),
    id_column(primary_key=True),
    id_column("subscription_id", nullable=False),
    id_column("charge_id", nullable=True),
    choice("billing_interval", AppPricingInterval),
    moment("created_at"),
    one_of("billing_interval", AppPricingInterval),
    belongs_to("subscriptions", "subscription_id"),
    belongs_to("app_charges", "charge_id"),
    UniqueConstraint("organization_id", "subscription_id"),
)

# An item with a `pending_update_id` is one to come.
subscription_items = Table(
    "subscription_items",
    metadata,
    *of_organization(),
    id_column(primary_key=True),
    id_column("subscription_id", nullable=False),
    id_column("pending_update_id", nullable=True),
    id_column("price_id", nullable=False),
    Column("position", Integer, nullable=False),
    Column("handle", String(255), nullable=True),
    long_text("description", nullable=True),
    belongs_to("subscriptions", "subscription_id"),
    belongs_to("pending_updates", "pending_update_id"),
    belongs_to("prices", "price_id"),
    Index(None, "organization_id", "subscription_id"),
    Index(None, "organization_id", "pending_update_id"),
)

# What an item costs less, by its id: an amount for each cycle, or hundredths of a percent. Without `cycles` for ever.
subscription_discounts = Table(
    "subscription_discounts",
    metadata,
    *of_organization(),
    id_column(primary_key=True),
    cents("amount_cents", nullable=True),
    Column("basis_points", Integer, nullable=True),
    Column("cycles", Integer, nullable=True),
    moment("starts_at"),
    CheckConstraint("(amount_cents IS NULL) = (basis_points IS NOT NULL)", name="amount_or_share"),
    belongs_to("subscription_items", "id"),
)

# What a shop used, in millionths of a unit; `charge_id` once it was charged.
usage_records = Table(
    "usage_records",
    metadata,
    *of_organization(),
    id_column(primary_key=True),
    id_column("item_id", nullable=False),
    Column("quantity_micros", BigInteger, nullable=False),
    moment("occurred_at"),
    id_column("charge_id", nullable=True),
    CheckConstraint("quantity_micros >= 0", name="quantity"),
    belongs_to("subscription_items", "item_id"),
    belongs_to("app_charges", "charge_id"),
    Index(None, "organization_id", "item_id", "occurred_at", "id"),
    Index(None, "organization_id", "charge_id"),
)

# The cycles that were charged. Which one is the current one, the clock tells.
billing_cycles = Table(
    "billing_cycles",
    metadata,
    *of_organization(),
    id_column(primary_key=True),
    id_column("subscription_id", nullable=False),
    id_column("transaction_id", nullable=True),
    moment("starts_at"),
    moment("ends_at"),
    moment("charged_at"),
    cents("amount_cents"),
    currency_code(),
    belongs_to("subscriptions", "subscription_id"),
    belongs_to("transactions", "transaction_id"),
    UniqueConstraint("organization_id", "subscription_id", "starts_at"),
    Index(None, "organization_id", "transaction_id"),
)

# Which subscription a charge belongs to, by the charge's id, and how much was used of what the shop agreed to.
subscription_charges = Table(
    "subscription_charges",
    metadata,
    *of_organization(),
    id_column(primary_key=True),
    id_column("subscription_id", nullable=False),
    id_column("plan_id", nullable=True),
    Column("quantity_micros", BigInteger, nullable=True),
    cents("capped_amount_cents", nullable=True),
    cents("balance_used_cents", nullable=True),
    belongs_to("app_charges", "id"),
    belongs_to("subscriptions", "subscription_id"),
    belongs_to("plans", "plan_id"),
    Index(None, "organization_id", "subscription_id"),
)

# What `app_events` has no kind for, and all changes of a subscription that has no charge.
subscription_changes = Table(
    "subscription_changes",
    metadata,
    *of_organization(),
    id_column(primary_key=True),
    id_column("subscription_id", nullable=False),
    id_column("plan_id", nullable=True),
    choice("state", SubscriptionStatusState),
    moment("occurred_at"),
    moment("cancel_effective_at", nullable=True),
    one_of("state", SubscriptionStatusState),
    belongs_to("subscriptions", "subscription_id"),
    belongs_to("plans", "plan_id"),
    Index(None, "organization_id", "subscription_id", "occurred_at", "id"),
)

"""What happened between an app and a shop."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, Table

from gateway.models.base import belongs_to, choice, id_column, metadata, moment, of_organization, one_of, text


class AppEventTypes(StrEnum):
    RELATIONSHIP_INSTALLED = "RELATIONSHIP_INSTALLED"
    RELATIONSHIP_UNINSTALLED = "RELATIONSHIP_UNINSTALLED"
    RELATIONSHIP_REACTIVATED = "RELATIONSHIP_REACTIVATED"
    RELATIONSHIP_DEACTIVATED = "RELATIONSHIP_DEACTIVATED"
    ONE_TIME_CHARGE_ACCEPTED = "ONE_TIME_CHARGE_ACCEPTED"
    ONE_TIME_CHARGE_ACTIVATED = "ONE_TIME_CHARGE_ACTIVATED"
    ONE_TIME_CHARGE_DECLINED = "ONE_TIME_CHARGE_DECLINED"
    ONE_TIME_CHARGE_EXPIRED = "ONE_TIME_CHARGE_EXPIRED"
    SUBSCRIPTION_CHARGE_ACCEPTED = "SUBSCRIPTION_CHARGE_ACCEPTED"
    SUBSCRIPTION_CHARGE_ACTIVATED = "SUBSCRIPTION_CHARGE_ACTIVATED"
    SUBSCRIPTION_CHARGE_CANCELED = "SUBSCRIPTION_CHARGE_CANCELED"
    SUBSCRIPTION_CHARGE_DECLINED = "SUBSCRIPTION_CHARGE_DECLINED"
    SUBSCRIPTION_CHARGE_EXPIRED = "SUBSCRIPTION_CHARGE_EXPIRED"
    SUBSCRIPTION_CHARGE_FROZEN = "SUBSCRIPTION_CHARGE_FROZEN"
    SUBSCRIPTION_CHARGE_UNFROZEN = "SUBSCRIPTION_CHARGE_UNFROZEN"
    SUBSCRIPTION_CAPPED_AMOUNT_UPDATED = "SUBSCRIPTION_CAPPED_AMOUNT_UPDATED"
    SUBSCRIPTION_APPROACHING_CAPPED_AMOUNT = "SUBSCRIPTION_APPROACHING_CAPPED_AMOUNT"
    CREDIT_APPLIED = "CREDIT_APPLIED"
    CREDIT_FAILED = "CREDIT_FAILED"
    CREDIT_PENDING = "CREDIT_PENDING"
    USAGE_CHARGE_APPLIED = "USAGE_CHARGE_APPLIED"


app_events = Table(
    "app_events",
    metadata,
    *of_organization(),
    id_column(primary_key=True),
    choice("type", AppEventTypes),
    id_column("app_id", nullable=False),
    id_column("shop_id", nullable=False),
    moment("occurred_at"),
    id_column("charge_id", nullable=True),
    id_column("credit_id", nullable=True),
    text("reason", nullable=True),
    text("description", nullable=True),
    one_of("type", AppEventTypes),
    # What an event is about is never missing, since the fields that show it are never null.
    CheckConstraint("(type LIKE 'CREDIT%') = (credit_id IS NOT NULL)", name="credit"),
    CheckConstraint("(type LIKE '%CHARGE%' OR type LIKE '%CAPPED%') = (charge_id IS NOT NULL)", name="charge"),
    belongs_to("apps", "app_id"),
    belongs_to("shops", "shop_id", tenant=False),
    belongs_to("app_charges", "charge_id"),
    belongs_to("app_credits", "credit_id"),
    Index(None, "organization_id", "app_id", "occurred_at", "id"),
    Index(None, "organization_id", "shop_id"),
    Index(None, "organization_id", "charge_id"),
    Index(None, "organization_id", "credit_id"),
)

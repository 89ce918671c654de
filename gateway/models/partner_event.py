"""The one stream of what happened to an organization's apps and themes, made by the database of the rows behind it."""

from enum import IntEnum, StrEnum

from sqlalchemy import Column, Index, Integer, String, Table, UniqueConstraint

from gateway.models.app import AppChargeKind
from gateway.models.base import cents, choice, id_column, metadata, moment, of_organization, one_of, text


class EventType(StrEnum):
    CHARGE_ONE_TIME = "CHARGE_ONE_TIME"
    CHARGE_RECURRING = "CHARGE_RECURRING"
    CHARGE_USAGE = "CHARGE_USAGE"
    CREDIT_APPLIED = "CREDIT_APPLIED"
    CREDIT_FAILED = "CREDIT_FAILED"
    CREDIT_PENDING = "CREDIT_PENDING"
    EARNING_ADJUSTMENT = "EARNING_ADJUSTMENT"
    EARNING_CHARGE_ONE_TIME = "EARNING_CHARGE_ONE_TIME"
    EARNING_CHARGE_RECURRING = "EARNING_CHARGE_RECURRING"
    EARNING_CHARGE_USAGE = "EARNING_CHARGE_USAGE"
    EARNING_CREDIT = "EARNING_CREDIT"
    EARNING_REFUND = "EARNING_REFUND"
    RELATIONSHIP_DEACTIVATED = "RELATIONSHIP_DEACTIVATED"
    RELATIONSHIP_INSTALLED = "RELATIONSHIP_INSTALLED"
    RELATIONSHIP_REACTIVATED = "RELATIONSHIP_REACTIVATED"
    RELATIONSHIP_UNINSTALLED = "RELATIONSHIP_UNINSTALLED"
    SUBSCRIPTION_CANCELED = "SUBSCRIPTION_CANCELED"
    SUBSCRIPTION_CANCELLATION_SCHEDULED = "SUBSCRIPTION_CANCELLATION_SCHEDULED"
    SUBSCRIPTION_CREATED = "SUBSCRIPTION_CREATED"
    SUBSCRIPTION_FROZEN = "SUBSCRIPTION_FROZEN"
    SUBSCRIPTION_UNFROZEN = "SUBSCRIPTION_UNFROZEN"
    SUBSCRIPTION_UPDATED = "SUBSCRIPTION_UPDATED"


class SubjectType(StrEnum):
    APP = "APP"
    THEME = "THEME"


class EventSource(IntEnum):
    """Which table the row behind an event is in; `id` is that row's."""

    APP_EVENT = 1
    TRANSACTION = 2
    SUBSCRIPTION_CHANGE = 3
    BILLING_CYCLE = 4


# The names of themes that transactions tell, each with the id of the transaction that told it first. Triggers fill it.
themes = Table(
    "themes",
    metadata,
    *of_organization(),
    id_column(primary_key=True),
    text("name"),
    UniqueConstraint("organization_id", "name"),
)

_SUBJECT = ("organization_id", "subject_type", "subject_id")
_PLACE = ("occurred_at", "id", "source")

# Filled by triggers alone, in the transaction that writes the row behind the event (decision 0016). `amount_cents` is
# that of the charge or credit, and the gross amount of an earning.
partner_events = Table(
    "partner_events",
    metadata,
    *of_organization(),
    id_column(primary_key=True),
    Column("source", Integer, primary_key=True, autoincrement=False),
    choice("type", EventType),
    moment("occurred_at"),
    choice("subject_type", SubjectType),
    id_column("subject_id", nullable=False),
    id_column("shop_id", nullable=True),
    id_column("charge_id", nullable=True),
    choice("charge_kind", AppChargeKind, nullable=True),
    id_column("subscription_id", nullable=True),
    id_column("plan_id", nullable=True),
    cents("amount_cents", nullable=True),
    cents("net_amount_cents", nullable=True),
    cents("shopify_fee_cents", nullable=True),
    Column("currency_code", String(3), nullable=True),
    text("description", nullable=True),
    text("reason", nullable=True),
    moment("cancel_effective_at", nullable=True),
    one_of("type", EventType),
    one_of("subject_type", SubjectType),
    Index("ix_partner_events_place", "organization_id", *_PLACE),
    Index("ix_partner_events_type", "organization_id", "subject_type", "type", *_PLACE),
    Index("ix_partner_events_subject_type", "organization_id", "subject_type", *_PLACE),
    Index("ix_partner_events_subject", "organization_id", "subject_type", "subject_id", *_PLACE),
    Index("ix_partner_events_subject_with_type", "organization_id", "subject_type", "subject_id", "type", *_PLACE),
    Index("ix_partner_events_subject_with_shop", "organization_id", "subject_type", "subject_id", "shop_id", *_PLACE),
    Index("ix_partner_events_subject_shop_type", *_SUBJECT, "shop_id", "type", *_PLACE),
)

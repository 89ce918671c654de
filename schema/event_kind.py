"""The enums that tell one part of an event's kind each."""

from enum import StrEnum

from gateway.models.subscription import SubscriptionStatusState
from schema.base import enum


class ChargeType(StrEnum):
    ONE_TIME = "ONE_TIME"
    RECURRING = "RECURRING"
    USAGE = "USAGE"


class CreditStatus(StrEnum):
    APPLIED = "APPLIED"
    FAILED = "FAILED"
    PENDING = "PENDING"


class EarningType(StrEnum):
    ADJUSTMENT = "ADJUSTMENT"
    CHARGE = "CHARGE"
    CREDIT = "CREDIT"
    REFUND = "REFUND"


class RelationshipState(StrEnum):
    DEACTIVATED = "DEACTIVATED"
    INSTALLED = "INSTALLED"
    REACTIVATED = "REACTIVATED"
    UNINSTALLED = "UNINSTALLED"


enum(
    ChargeType,
    "The kinds of charges.",
    {"ONE_TIME": "Paid once.", "RECURRING": "Paid for a cycle.", "USAGE": "Paid for what was used."},
)
enum(
    CreditStatus,
    "What became of a credit.",
    {"APPLIED": "It was given.", "FAILED": "It could not be given.", "PENDING": "It will be given."},
)
enum(
    EarningType,
    "The kinds of earnings.",
    {
        "ADJUSTMENT": "A correction in the partner's favour.",
        "CHARGE": "A store was charged.",
        "CREDIT": "A store was given a credit.",
        "REFUND": "A correction that gives money back.",
    },
)
enum(
    RelationshipState,
    "What became of an app in a store.",
    {
        "DEACTIVATED": "The store was closed, and the app with it.",
        "INSTALLED": "The store installed it.",
        "REACTIVATED": "The store is open again, and the app with it.",
        "UNINSTALLED": "The store uninstalled it.",
    },
)
enum(
    SubscriptionStatusState,
    "What became of a subscription.",
    {
        "CANCELED": "It ended.",
        "CANCELLATION_SCHEDULED": "It will end with its cycle.",
        "CREATED": "It began.",
        "FROZEN": "It rests, for the store does not pay.",
        "UNFROZEN": "It goes on, for the store has paid.",
        "UPDATED": "It was changed.",
    },
)


def charge_type(kind: str) -> str:
    """CHARGE_ONE_TIME is ONE_TIME."""
    return kind.removeprefix("CHARGE_")


def credit_status(kind: str) -> str:
    return kind.removeprefix("CREDIT_")


def earning_type(kind: str) -> str:
    """EARNING_CHARGE_USAGE is a CHARGE, as all earnings from charges are."""
    return kind.split("_")[1]


def state(kind: str) -> str:
    """RELATIONSHIP_INSTALLED is INSTALLED, SUBSCRIPTION_CANCELLATION_SCHEDULED is CANCELLATION_SCHEDULED."""
    return kind.partition("_")[2]

"""How long the cycles of subscriptions are."""

from gateway.models.transaction import AppPricingInterval
from schema.base import enum

enum(AppPricingInterval, "How often a subscription is billed.")

__all__ = ["AppPricingInterval"]

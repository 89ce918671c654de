"""Plans, and prices of both kinds: flat ones, and those with tiers."""

from decimal import Decimal as ExactDecimal

import strawberry

from gateway.models.money import Currency
from gateway.models.plan import TiersMode
from resolvers import plan as plan_rows
from resolvers.tier import MICRO
from schema.base import column, computed, enum, relation
from schema.interval import AppPricingInterval
from schema.money import exact, from_cents
from schema.scalars import Decimal

enum(
    TiersMode,
    "How tiers make a price.",
    {
        "GRADUATED": "Each tier costs for the units that lie in it.",
        "VOLUME": "The tier that the last unit lies in costs for all units.",
    },
)


def from_micros(amount_micros: int) -> str:
    return exact(ExactDecimal(amount_micros) * MICRO)


@strawberry.type(description="A tier of a price that depends on use: the units after the tier before it.")
class PriceTier:
    amount: Decimal = computed(
        from_cents, "amount_cents", description="What is due as soon as the tier is reached, whatever lies in it."
    )
    amount_per_unit: Decimal = computed(
        from_micros, "amount_per_unit_micros", description="What each unit costs; it may be less than a cent."
    )
    up_to: int | None = column("up_to", "The last unit of the tier; null where it has no end.")


@strawberry.interface(description="What an item of a subscription costs.")
class Price:
    active: bool = column("active", "Whether new subscriptions can have it.")
    currency: Currency = column("currency_code", "In which currency.")


@strawberry.type(description="A price that is the same in every cycle.")
class FlatRatePrice(Price):
    amount: Decimal = computed(from_cents, "amount_cents", description="How much for a cycle, without a discount.")


@strawberry.type(description="A price that depends on how much is used in a cycle.")
class TieredPrice(Price):
    tiers: list[PriceTier] = relation(plan_rows.list_tiers, "The tiers, from the first unit on.")
    tiers_mode: TiersMode = column("tiers_mode", "How the tiers make the price.")


@strawberry.interface(description="What a plan costs.")
class PlanPrice:
    currency_code: Currency = column("currency_code", "In which currency.")


@strawberry.type(description="A price of a plan that is the same in every cycle.")
class FlatRatePlanPrice(PlanPrice):
    amount: Decimal = computed(from_cents, "amount_cents", description="How much for a cycle.")


@strawberry.type(description="A price of a plan that depends on how much is used in a cycle.")
class TieredPlanPrice(PlanPrice):
    tiers: list[PriceTier] = relation(plan_rows.list_tiers, "The tiers, from the first unit on.")
    tiers_mode: TiersMode = column("tiers_mode", "How the tiers make the price.")


@strawberry.type(description="What stores can subscribe to.")
class Plan:
    billing_period: AppPricingInterval | None = column("billing_interval", "How long a cycle is.")
    handle: str | None = column("handle", "The plan's name for programs.")
    prices: list[PlanPrice] = relation(plan_rows.list_prices, "What it costs; several prices add up.")
    trial_days: int | None = column("trial_days", "How many days it can be tried; null where it can't.")
    trial_days_remaining: int | None = column(
        "trial_days_remaining",
        "How many days of the trial were left then, one that had begun among them; null without a trial.",
    )


TYPES = (FlatRatePrice, TieredPrice, FlatRatePlanPrice, TieredPlanPrice)

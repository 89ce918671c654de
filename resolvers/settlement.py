"""What is due when a subscription ends within a cycle: what was used, not charged, and what was paid, not used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from resolvers.cycle import Cycle
from resolvers.discount import Discount, discounted_cents
from resolvers.tier import CENT, Tier, cost

# What the platform keeps of each sale of an app.
APP_FEE_PERCENT = 15


@dataclass(frozen=True, slots=True)
class Item:
    """`amount_cents` of a flat price, or `mode` with tiers; `used` in the cycle, of which `charged` was charged."""

    id: int
    name: str
    currency_code: str
    amount_cents: int | None
    mode: str | None
    tiers: Sequence[Tier]
    discount: Discount | None
    used: Decimal
    charged: Decimal


def usage_cents(item: Item, interval: str, now: datetime) -> int:
    """What is left to charge for the item, rounded to the cent. By volume more can cost less, and nothing is due."""
    if item.mode is None:
        return 0
    whole, before = (
        discounted_cents(cost(item.tiers, item.mode, quantity) / CENT, item.discount, interval, now)
        for quantity in (item.used, item.charged)
    )
    return max(0, int((whole - before).quantize(Decimal(1), ROUND_HALF_UP)))


def unused_cents(items: Sequence[Item], cycle: Cycle | None, interval: str, now: datetime) -> Mapping[str, int]:
    """By currency: the share of the cycle that is left, of what its flat prices came to; parts of a cent are kept."""
    if cycle is None:
        return {}
    paid: dict[str, Fraction] = {}
    for item in items:
        if item.amount_cents is not None:
            amount = discounted_cents(item.amount_cents, item.discount, interval, now)
            paid[item.currency_code] = paid.get(item.currency_code, Fraction(0)) + Fraction(amount)
    share = cycle.share_left(now)
    unused = {currency: int(amount * share) for currency, amount in paid.items()}
    return {currency: cents for currency, cents in unused.items() if cents}


def fee_cents(gross_cents: int) -> int:
    """The platform's part of a sale, or of what is given back; parts of a cent are the partner's."""
    fee = abs(gross_cents) * APP_FEE_PERCENT // 100
    return fee if gross_cents >= 0 else -fee

"""What use costs by the tiers of a price. Amounts are Decimals in the unit of the currency; nothing is rounded."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from gateway.models.plan import TiersMode

# Millionths are what the database keeps quantities and amounts for a unit in.
MICRO = Decimal("0.000001")
CENT = Decimal("0.01")
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Tier:
    """`up_to` is its last unit, None where it has no end; `amount` is due as soon as the tier is reached."""

    up_to: int | None
    amount: Decimal
    amount_per_unit: Decimal


def cost(tiers: Sequence[Tier], mode: str, quantity: Decimal) -> Decimal:
    """GRADUATED: each tier costs for the units in it. VOLUME: the tier of the last unit costs for all of them.

    The tiers are in order. What was not used costs nothing; what lies beyond the last tier costs as in it.
    """
    if quantity <= 0 or not tiers:
        return NOTHING
    return _volume(tiers, quantity) if mode == TiersMode.VOLUME else _graduated(tiers, quantity)


def _volume(tiers: Sequence[Tier], quantity: Decimal) -> Decimal:
    tier = next((tier for tier in tiers if tier.up_to is None or quantity <= tier.up_to), tiers[-1])
    return tier.amount + quantity * tier.amount_per_unit


def _graduated(tiers: Sequence[Tier], quantity: Decimal) -> Decimal:
    total, below = NOTHING, NOTHING
    for tier in tiers:
        is_last = tier is tiers[-1] or tier.up_to is None
        within = quantity - below if is_last else min(quantity, Decimal(tier.up_to or 0)) - below
        if within <= 0:
            break
        total += tier.amount + within * tier.amount_per_unit
        below += within
    return total

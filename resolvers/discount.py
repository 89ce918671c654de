"""What is left of a discount, and what an amount comes to with it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from resolvers.cycle import cycle_at, start_of

BASIS_POINTS = 10_000


@dataclass(frozen=True, slots=True)
class Discount:
    """Of each cycle from the one at `starts_at` on: `cycles` of them, or all. Either an amount or a share is set."""

    amount_cents: int | None
    basis_points: int | None
    cycles: int | None
    starts_at: datetime


def remaining_cycles(discount: Discount, interval: str, now: datetime) -> int | None:
    """How many cycles it still makes cheaper, the one that `now` lies in among them; None where it never ends."""
    if discount.cycles is None:
        return None
    current = cycle_at(discount.starts_at, interval, now)
    return discount.cycles if current is None else max(0, discount.cycles - current.number)


def ends_at(discount: Discount, interval: str) -> datetime | None:
    """When the first cycle without it starts."""
    return None if discount.cycles is None else start_of(discount.starts_at, interval, discount.cycles)


def discounted_cents(amount_cents: int | Decimal, discount: Discount | None, interval: str, now: datetime) -> Decimal:
    """What the cycle at `now` costs, in cents that are not rounded; never less than nothing."""
    amount = Decimal(amount_cents)
    if discount is None or now < discount.starts_at or remaining_cycles(discount, interval, now) == 0:
        return amount
    if discount.basis_points is not None:
        return amount * (BASIS_POINTS - discount.basis_points) / BASIS_POINTS
    return max(Decimal(0), amount - (discount.amount_cents or 0))

"""Billing cycles: which one a moment lies in, and how much of it is left. Cycles follow each other without a gap."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from gateway.models.transaction import AppPricingInterval

MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Cycle:
    """`number` counts from 0; `ends_at` is when the next one starts."""

    number: int
    starts_at: datetime
    ends_at: datetime

    def share_left(self, now: datetime) -> Fraction:
        """Of the cycle: from 1 where it begins down to 0 where it ends. Exact, as amounts are."""
        microsecond = timedelta(microseconds=1)
        left = min(max(self.ends_at - now, timedelta()), self.ends_at - self.starts_at)
        return Fraction(left // microsecond, (self.ends_at - self.starts_at) // microsecond)


def start_of(anchor: datetime, interval: str, number: int) -> datetime:
    """When the cycle of that number starts. A year that began on 29 February goes on from the 28th in other years."""
    if interval == AppPricingInterval.EVERY_30_DAYS:
        return anchor + MONTH * number
    year = anchor.year + number
    try:
        return anchor.replace(year=year)
    except ValueError:
        return anchor.replace(year=year, day=28)


def cycle_at(anchor: datetime, interval: str, now: datetime) -> Cycle | None:
    """The cycle that holds the moment; None before the first one, as during a trial."""
    if now < anchor:
        return None
    if interval == AppPricingInterval.EVERY_30_DAYS:
        number = (now - anchor) // MONTH
    else:
        number = now.year - anchor.year
        if start_of(anchor, interval, number) > now:
            number -= 1
    return Cycle(number, start_of(anchor, interval, number), start_of(anchor, interval, number + 1))

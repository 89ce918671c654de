"""Cycles by the clock, and what they leave of a discount."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from resolvers.cycle import Cycle, cycle_at
from resolvers.discount import Discount, discounted_cents, ends_at, remaining_cycles

INSTANT = timedelta(microseconds=1)
ANCHOR = datetime(2026, 1, 1, 12, tzinfo=UTC)


def day(month, day, year=2026):
    return datetime(year, month, day, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "cycle"),
    [
        (ANCHOR - INSTANT, None),
        (ANCHOR, Cycle(0, ANCHOR, day(1, 31))),
        (day(1, 31) - INSTANT, Cycle(0, ANCHOR, day(1, 31))),
        (day(1, 31), Cycle(1, day(1, 31), day(3, 2))),
        (day(12, 27), Cycle(12, day(12, 27), day(1, 26, 2027))),
    ],
)
def test_months_have_30_days(now, cycle):
    assert cycle_at(ANCHOR, "EVERY_30_DAYS", now) == cycle


LEAP = datetime(2024, 2, 29, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "cycle"),
    [
        (LEAP, Cycle(0, LEAP, day(2, 28, 2025))),
        (day(2, 28, 2025) - INSTANT, Cycle(0, LEAP, day(2, 28, 2025))),
        (day(2, 28, 2025), Cycle(1, day(2, 28, 2025), day(2, 28, 2026))),
        (day(2, 28, 2028), Cycle(3, day(2, 28, 2027), day(2, 29, 2028))),
        (day(2, 29, 2028), Cycle(4, day(2, 29, 2028), day(2, 28, 2029))),
    ],
)
def test_years_begin_on_the_same_day(now, cycle):
    assert cycle_at(LEAP, "ANNUAL", now) == cycle


@pytest.mark.parametrize(
    ("now", "left"),
    [
        (day(1, 1), Fraction(1)),
        (day(1, 11), Fraction(2, 3)),
        (day(1, 31), Fraction(0)),
        (day(2, 20), Fraction(0)),
        (day(1, 1, 2025), Fraction(1)),
    ],
)
def test_the_share_of_a_cycle_that_is_left(now, left):
    assert Cycle(0, ANCHOR, day(1, 31)).share_left(now) == left


@pytest.mark.parametrize(
    ("now", "remaining", "cents"),
    [
        (ANCHOR - INSTANT, 3, "999"),
        (ANCHOR, 3, "749.25"),
        (day(1, 31) - INSTANT, 3, "749.25"),
        (day(1, 31), 2, "749.25"),
        (day(3, 2), 1, "749.25"),
        (day(4, 1) - INSTANT, 1, "749.25"),
        (day(4, 1), 0, "999"),
        (day(12, 1), 0, "999"),
    ],
)
def test_a_discount_is_used_up_cycle_by_cycle(now, remaining, cents):
    quarter = Discount(None, 2_500, 3, ANCHOR)
    assert remaining_cycles(quarter, "EVERY_30_DAYS", now) == remaining
    assert discounted_cents(999, quarter, "EVERY_30_DAYS", now) == Decimal(cents)
    assert ends_at(quarter, "EVERY_30_DAYS") == day(4, 1)


def test_a_discount_without_an_end_stays():
    always = Discount(300, None, None, ANCHOR)
    assert remaining_cycles(always, "ANNUAL", day(1, 1, 2050)) is None
    assert ends_at(always, "ANNUAL") is None
    assert discounted_cents(999, always, "ANNUAL", day(1, 1, 2050)) == 699


def test_nothing_costs_less_than_nothing():
    assert discounted_cents(200, Discount(300, None, None, ANCHOR), "ANNUAL", ANCHOR) == 0

"""What use costs, at each edge of a tier and beside it, in both modes."""

from decimal import Decimal

import pytest

from resolvers.tier import Tier, cost

# 100 units for 5.00 and nothing each, the next 900 for 0.05 each, from 1,001 on 20.00 and 0.0125 each.
TIERS = (
    Tier(100, Decimal("5.00"), Decimal(0)),
    Tier(1000, Decimal(0), Decimal("0.05")),
    Tier(None, Decimal("20.00"), Decimal("0.0125")),
)
WITH_AN_END = (Tier(10, Decimal("1.00"), Decimal("0.10")), Tier(20, Decimal("2.00"), Decimal("0.20")))


@pytest.mark.parametrize(
    ("quantity", "graduated", "volume"),
    [
        ("0", "0", "0"),
        ("0.000001", "5", "5"),
        ("1", "5", "5"),
        ("99.999999", "5", "5"),
        ("100", "5", "5"),
        ("100.000001", "5.00000005", "5.00000005"),
        ("101", "5.05", "5.05"),
        ("999", "49.95", "49.95"),
        ("999.5", "49.975", "49.975"),
        ("1000", "50", "50"),
        ("1000.000001", "70.0000000125", "32.5000000125"),
        ("1001", "70.0125", "32.5125"),
        ("1000000", "12557.5", "12520"),
    ],
)
def test_each_tier_costs_what_it_says(quantity, graduated, volume):
    assert cost(TIERS, "GRADUATED", Decimal(quantity)) == Decimal(graduated)
    assert cost(TIERS, "VOLUME", Decimal(quantity)) == Decimal(volume)


@pytest.mark.parametrize(
    ("quantity", "graduated", "volume"),
    [("10", "2", "2"), ("11", "4.2", "4.2"), ("20", "6", "6"), ("21", "6.2", "6.2"), ("120", "26", "26")],
)
def test_what_lies_beyond_the_last_tier_costs_as_in_it(quantity, graduated, volume):
    assert cost(WITH_AN_END, "GRADUATED", Decimal(quantity)) == Decimal(graduated)
    assert cost(WITH_AN_END, "VOLUME", Decimal(quantity)) == Decimal(volume)


@pytest.mark.parametrize("mode", ["GRADUATED", "VOLUME"])
def test_one_tier_without_an_end_is_a_price_for_each_unit(mode):
    tier = (Tier(None, Decimal(0), Decimal("0.000001")),)
    assert cost(tier, mode, Decimal("123456789.5")) == Decimal("123.4567895")


@pytest.mark.parametrize("mode", ["GRADUATED", "VOLUME"])
def test_a_price_without_tiers_costs_nothing(mode):
    assert cost((), mode, Decimal(5)) == 0

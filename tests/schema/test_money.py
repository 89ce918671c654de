"""How amounts are written and read."""

from decimal import Decimal

import pytest
from graphql import GraphQLError

from schema.money import from_cents
from schema.scalars import read_decimal, write_decimal


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("9.99", Decimal("9.99")),
        ("-0.01", Decimal("-0.01")),
        ("0012.50", Decimal("12.50")),
        ("9" * 18 + "." + "9" * 18, Decimal("9" * 18 + "." + "9" * 18)),
        (5, Decimal(5)),
        (1.1, Decimal("1.1")),
    ],
)
def test_a_decimal_is_read_exactly(value, number):
    assert read_decimal(value) == number


@pytest.mark.parametrize(
    "value",
    [
        "",
        "x",
        "1e3",
        "1E400",
        "NaN",
        "Infinity",
        "-inf",
        "0x10",
        "1,5",
        "1_000",
        "+1",
        ".5",
        "5.",
        " 1",
        "1\n",
        "--1",
        "１",
        "٣",
        "9" * 19,
        "0." + "0" * 19,
        10**18 * 10,
        1e300,
        float("nan"),
        True,
        None,
        [],
        {},
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_is_no_decimal_is_refused(value):
    with pytest.raises(GraphQLError, match=r"^Decimal takes a number like 9.99, not "):
        read_decimal(value)


@pytest.mark.parametrize(
    ("amount_cents", "text"),
    [(0, "0.00"), (1, "0.01"), (-5, "-0.05"), (120000, "1200.00"), (-2500, "-25.00"), (10**12, "10000000000.00")],
)
def test_cents_are_written_with_two_decimal_places(amount_cents, text):
    assert write_decimal(from_cents(amount_cents)) == text


def test_a_decimal_is_never_written_with_an_exponent():
    assert write_decimal(Decimal("1E+10")) == "10000000000"
    assert write_decimal(Decimal("1E-10")) == "0.0000000001"

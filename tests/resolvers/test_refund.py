"""The fee's share of refunds: exact to the cent, however an invoice is paid back."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolvers.refund import fee_share_cents


def shares(fee: int, paid: int, refunds: list[int]) -> list[int]:
    """What each of the refunds gives back of the fee, one after the other."""
    told: list[int] = []
    for place, _ in enumerate(refunds):
        refunded = sum(refunds[: place + 1])
        told.append(
            fee_share_cents(fee_cents=fee, paid_cents=paid, refunded_cents=refunded, given_back_cents=sum(told))
        )
    return told


@pytest.mark.parametrize(
    ("fee", "paid", "refunds", "expected"),
    [
        (10_000, 99_999, [99_999], [10_000]),
        (8_000, 80_000, [20_000, 60_000], [2_000, 6_000]),
        # Ten percent of each would be 3.33 three times, and a cent would be lost.
        (1_000, 10_000, [3_333, 3_333, 3_334], [333, 334, 333]),
        # Half a cent is rounded up; then the next one gets nothing.
        (1, 2, [1, 1], [1, 0]),
        (1, 10, [1] * 10, [0, 0, 0, 0, 1, 0, 0, 0, 0, 0]),
        (0, 500, [1, 499], [0, 0]),
        (500, 500, [1, 499], [1, 499]),
    ],
)
def test_what_each_refund_gives_back_of_the_fee(fee, paid, refunds, expected):
    assert shares(fee, paid, refunds) == expected
    assert sum(expected) == fee


@given(
    st.integers(1, 10**12).flatmap(lambda paid: st.tuples(st.integers(0, paid), st.just(paid))),
    st.lists(st.floats(0, 1), max_size=30),
)
def test_refunds_never_drift_from_the_exact_share(amounts, cuts):
    fee, paid = amounts
    ends = sorted({*(int(cut * paid) for cut in cuts), 0, paid})
    refunds = [end - start for start, end in pairwise(ends)]
    told = shares(fee, paid, refunds)
    assert sum(told) == fee
    for place, (share, refund) in enumerate(zip(told, refunds, strict=True)):
        assert 0 <= share <= refund
        exact = Fraction(fee * sum(refunds[: place + 1]), paid)
        assert abs(sum(told[: place + 1]) - exact) <= Fraction(1, 2)

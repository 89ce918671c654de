"""Moments as databases hand them over, and what is made of them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis.strategies import datetimes

from gateway.moments import EPOCH, WIRE_EXPRESSION, WIRE_NAMES, microseconds_of, moment_of, wire_text


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (0, "2000-01-01T00:00:00.000000Z"),
        (-1, "1999-12-31T23:59:59.999999Z"),
        (615_502_075_123_456, "2019-07-03T20:47:55.123456Z"),
        ("2019-07-03T20:47:55.123456Z", "2019-07-03T20:47:55.123456Z"),
        (datetime(2019, 7, 3, 20, 47, 55, tzinfo=UTC), "2019-07-03T20:47:55.000000Z"),
        (datetime(2019, 7, 3, 22, 47, 55, tzinfo=timezone(timedelta(hours=2))), "2019-07-03T20:47:55.000000Z"),
    ],
)
def test_a_moment_is_written_with_six_digits_and_a_z(read, text):
    assert wire_text(read) == text


@given(datetimes())
def test_every_form_of_a_moment_is_the_same_moment(naive):
    moment = naive.replace(tzinfo=UTC)
    microseconds = microseconds_of(moment)
    assert moment_of(microseconds) == moment == moment_of(wire_text(moment))
    assert wire_text(microseconds) == wire_text(moment)
    assert moment_of(moment) is moment


def test_postgresql_counts_from_the_year_2000():
    assert moment_of(1) - EPOCH == timedelta(microseconds=1)


@given(datetimes())
def test_generated_code_writes_a_moment_as_the_function_does(naive):
    moment = naive.replace(tzinfo=UTC)
    for read in (microseconds_of(moment), wire_text(moment), moment):
        assert eval(WIRE_EXPRESSION.format("read"), WIRE_NAMES | {"read": read}) == wire_text(moment)

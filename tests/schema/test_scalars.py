"""How moments and addresses are written and read."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as st

from gateway.moments import wire_text
from schema.scalars import read_moment, read_url

MOMENT = datetime(2019, 7, 3, 20, 47, 55, 123456, tzinfo=UTC)
SECOND = MOMENT.replace(microsecond=0)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2019-07-03T20:47:55.123456Z", MOMENT),
        ("2019-07-03T20:47:55.123456z", MOMENT),
        ("2019-07-03T20:47:55.123456", MOMENT),
        ("2019-07-03T20:47:55.123456+00:00", MOMENT),
        ("2019-07-03T20:47:55.123456+0000", MOMENT),
        ("2019-07-03T20:47:55.123456-00:00", MOMENT),
        ("2019-07-03 20:47:55.123456Z", MOMENT),
        ("2019-07-03T20:47:55.123456999Z", MOMENT),
        ("2019-07-03T22:47:55.123456+02:00", MOMENT),
        ("2019-07-03T15:17:55.123456-0530", MOMENT),
        ("2019-07-03T20:47:55Z", SECOND),
        ("2019-07-03T20:47:55", SECOND),
        ("2019-07-03T20:47:55+0000", SECOND),
        ("2019-07-03T20:47:55.5Z", SECOND.replace(microsecond=500_000)),
        ("2019-07-03T20:47:55.123Z", SECOND.replace(microsecond=123_000)),
        ("2019-07-03T20:47Z", SECOND.replace(second=0)),
        ("2019-07-03", datetime(2019, 7, 3, tzinfo=UTC)),
        ("2024-02-29T00:00:00Z", datetime(2024, 2, 29, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59.999999Z", datetime.max.replace(tzinfo=UTC)),
    ],
)
def test_a_moment_is_read(text, moment):
    assert read_moment(text) == moment
    assert read_moment(text).tzinfo is UTC


@pytest.mark.parametrize(
    "value",
    [
        "",
        "yesterday",
        "2019-07",
        "2019-7-3",
        "20190703",
        "2019-07-03T",
        "2019-07-03T20",
        "2019-07-03T24:00:01Z",
        "2023-02-29",
        "2019-13-01",
        "2019-07-03T20:60:00Z",
        "2019-07-03T20:47:60Z",
        "2019-07-03T20:47:55,5Z",
        "2019-07-03T20:47.5Z",
        "2019-07-03T20:47:55.Z",
        "2019-07-03T20:47:55+24:00",
        "2019-07-03T20:47:55 Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "0000-01-01",
        "２０１９-07-03",
        "2019-07-03\n",
        0,
        1562186875,
        1.5,
        True,
        None,
        [],
        {},
        "9" * 100_000,
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_is_no_moment_is_refused(value):
    with pytest.raises(GraphQLError, match=r"^DateTime takes a ") as refused:
        read_moment(value)
    assert len(refused.value.message) < 200


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (MOMENT, "2019-07-03T20:47:55.123456Z"),
        (SECOND, "2019-07-03T20:47:55.000000Z"),
        (MOMENT.astimezone(timezone(timedelta(hours=-5))), "2019-07-03T20:47:55.123456Z"),
    ],
)
def test_a_moment_is_written_in_utc_to_the_microsecond(moment, text):
    assert wire_text(moment) == text


@given(st.datetimes(min_value=datetime(1000, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_moment_that_was_written_is_read_as_it_was(moment):
    assert read_moment(wire_text(moment)) == moment


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com",
        "http://example.com:8080/a?b=c#d",
        "https://user@example.com/é",
        "example.myshopify.com",
        "https://" + "x" * 2040,
    ],
    ids=lambda text: text[:40],
)
def test_a_url_is_an_http_address_or_a_bare_domain(text):
    assert read_url(text) == text


@pytest.mark.parametrize(
    "value",
    [
        "",
        "x",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://example.com",
        "//example.com",
        "https://",
        "https:///a",
        "https://exa mple.com",
        "https://example.com\n",
        "https://[::1",
        "https://" + "x" * 2041,
        "a..b",
        1,
        None,
        [],
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_is_no_url_is_refused(value):
    with pytest.raises(GraphQLError, match=r"^Url takes an http or https address"):
        read_url(value)

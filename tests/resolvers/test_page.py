"""Cursors and page sizes, without a database."""

import base64
import string
import struct
import zlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import InvalidArgument
from resolvers.page import Order, bounds, newest_first

ORDER = newest_first("jobs", "created_at")
MOMENT = datetime(2023, 9, 29, 22, 10, 0, 123456, tzinfo=UTC)
CURSOR = ORDER.encode(MOMENT, 4)
ALPHABET = string.ascii_letters + string.digits + "-_+/=!\n "


def code_of(cursor: str, order: Order = ORDER) -> str:
    with pytest.raises(InvalidArgument) as refused:
        order.decode(cursor)
    return refused.value.code


@given(
    st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(1, 2**63 - 1),
)
def test_a_cursor_names_the_position_that_it_was_made_of(moment, row_id):
    assert ORDER.decode(ORDER.encode(moment, row_id)) == (moment, row_id)


def test_a_cursor_with_any_one_character_changed_is_damaged():
    for place, kept in enumerate(CURSOR):
        for other in ALPHABET.replace(kept, ""):
            assert code_of(CURSOR[:place] + other + CURSOR[place + 1 :]) == "INVALID_CURSOR"


def test_a_cursor_that_lost_or_gained_a_character_is_damaged():
    for place in range(1, len(CURSOR)):
        assert code_of(CURSOR[:place]) == "INVALID_CURSOR"
        assert code_of(CURSOR[:place] + CURSOR[place + 1 :]) == "INVALID_CURSOR"
        for other in ALPHABET:
            assert code_of(CURSOR[:place] + other + CURSOR[place:]) == "INVALID_CURSOR"


@pytest.mark.parametrize("other", ["conv", "mess", "tran", "evnt"])
def test_a_cursor_of_another_list_is_refused(other):
    assert code_of(CURSOR, newest_first(other, "created_at")) == "INVALID_CURSOR"


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "null",
        "é",
        "🦊",
        "=" * 32,
        "A" * 32,
        "A" * 1_000_000,
        CURSOR * 2,
        CURSOR + "==",
        base64.b64encode(base64.urlsafe_b64decode(CURSOR)).decode() + "\n",
        base64.b16encode(base64.urlsafe_b64decode(CURSOR)).decode(),
    ],
    ids=lambda cursor: f"{len(cursor)}-{cursor[:8]!r}",
)
def test_what_is_no_cursor_is_refused(cursor):
    assert code_of(cursor) == "INVALID_CURSOR"


@pytest.mark.parametrize("microseconds", [2**63 - 1, -(2**63)])
def test_a_cursor_of_a_moment_that_no_clock_shows_is_refused(microseconds):
    packed = struct.pack(">4sqq", b"jobs", microseconds, 1)
    packed += struct.pack(">I", zlib.crc32(packed))
    assert code_of(base64.urlsafe_b64encode(packed).decode()) == "INVALID_CURSOR"


@pytest.mark.parametrize(
    ("arguments", "size", "backward"),
    [
        ({}, 50, False),
        ({"first": None, "last": None}, 50, False),
        ({"first": 0}, 0, False),
        ({"first": 250, "last": None}, 250, False),
        ({"last": 0}, 0, True),
        ({"last": 250}, 250, True),
    ],
)
def test_sizes_from_0_to_250_are_pages(arguments, size, backward):
    asked = bounds(arguments, ORDER)
    assert (asked.size, asked.backward) == (size, backward)


@pytest.mark.parametrize(
    "arguments",
    [{"first": -1}, {"first": 251}, {"last": -1}, {"last": 251}, {"first": 1, "last": 1}, {"first": 0, "last": 0}],
)
def test_other_sizes_are_refused(arguments):
    with pytest.raises(InvalidArgument) as refused:
        bounds(arguments, ORDER)
    assert refused.value.code == "INVALID_PAGE_SIZE"


@pytest.mark.parametrize("cursor", ["", None])
def test_an_empty_cursor_is_none(cursor):
    asked = bounds({"after": cursor, "before": cursor}, ORDER)
    assert (asked.after, asked.before) == (None, None)


def test_positions_a_microsecond_apart_have_cursors_of_their_own():
    assert ORDER.encode(MOMENT, 4) != ORDER.encode(MOMENT + timedelta(microseconds=1), 4)

"""The rules that inputs share, value by value."""

from decimal import Decimal

import pytest

from gateway.errors import Reason
from resolvers import rules

FIELD = ("input", "it")


def codes(reasons) -> list[str]:
    told: list[Reason] = list(reasons)
    assert all(reason.field == FIELD and reason.message for reason in told)
    return [reason.code.value for reason in told]


@pytest.mark.parametrize("value", [None, "", " ", "\n\t", "\u00a0", "\u200b", "\u2028"])
def test_what_can_not_be_seen_is_blank(value):
    assert codes(rules.required(value, FIELD)) == ["BLANK"]


@pytest.mark.parametrize("value", ["x", " x ", "雪", "🙂", 0, False, []])
def test_anything_else_is_there(value):
    assert codes(rules.required(value, FIELD)) == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, []),
        ("", []),
        ("𝒦" * 5, []),
        ("𝒦" * 6, ["TOO_LONG"]),
        ("a\r\n\tb", []),
        ("a\x1bb", ["INVALID"]),
        ("abcde\x7f", ["TOO_LONG", "INVALID"]),
    ],
)
def test_a_text(value, expected):
    assert codes(rules.text(value, FIELD, longest=5)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, []),
        ("Ånn 陈", []),
        ("a\nb", ["INVALID"]),
        ("a\u2028b", ["INVALID"]),
        ("\ta", ["INVALID"]),
        ("x" * 9, ["TOO_LONG"]),
    ],
)
def test_a_line(value, expected):
    assert codes(rules.line(value, FIELD, longest=8)) == expected


LONG_DOMAIN = ".".join(["x" * 60] * 3)


@pytest.mark.parametrize(
    "value",
    [
        None,
        "a@example.com",
        "first.last+tag@sub.example.no",
        "o'neil@example.com",
        "用户@例子.广告",
        "pelé@example.com",
        f"{'a' * 64}@{LONG_DOMAIN}.com",
    ],
)
def test_an_address_that_mail_could_be_sent_to(value):
    assert codes(rules.email(value, FIELD)) == []


@pytest.mark.parametrize(
    "value",
    [
        "",
        "a",
        "a@",
        "@example.com",
        "a@b",
        "a b@example.com",
        "a@example..com",
        ".a@example.com",
        "a@example.com\n",
        "a@example.com\nBcc: b@example.com",
        "A <a@example.com>",
        "a@[127.0.0.1]",
        "a@localhost",
        "a,b@example.com",
        "a@-example.com",
    ],
)
def test_no_address(value):
    assert codes(rules.email(value, FIELD)) == ["INVALID"]


def test_an_address_of_255_characters_is_too_long():
    assert codes(rules.email(f"{'a' * 64}@{LONG_DOMAIN}.{'c' * 7}", FIELD)) == ["TOO_LONG"]


@pytest.mark.parametrize(
    "value",
    [
        None,
        "+4722123456",
        "+47 22 12 34 56",
        "(415) 555-0132",
        "415.555.0132",
        "1-800-555-0132 ext. 4",
        "+1 415 555 0132 x12",
        "0084 24/3825 1234",
        "＋８６ １０ １２３４ ５６７８",
        "+86 10–1234–5678",
        " +47 221234 ",
        "123456",
        "123456789012345",
    ],
)
def test_a_phone_number(value):
    assert codes(rules.phone(value, FIELD)) == []


@pytest.mark.parametrize(
    "value",
    [
        "",
        "12345",
        "1234567890123456",
        "call me",
        "+47 22 12 ab 56",
        "++4722123456",
        "47+22123456",
        "()-",
        "1" + " " * 40,
        "+47 22 12 34 56\nBcc: a",
    ],
)
def test_no_phone_number(value):
    assert codes(rules.phone(value, FIELD)) == ["INVALID"]


@pytest.mark.parametrize(
    "value",
    [
        None,
        "https://example.com",
        "http://example.com:8080/a?b=c#d",
        "HTTPS://EXAMPLE.COM/",
        "https://例子.广告/路径",
        "https://xn--fsqu00a.xn--4rcr39a",
        "https://example.com.",
        "https://linkedin.com/in/ånn",
        "https://example.com/" + "x" * 2028,
    ],
)
def test_a_web_address(value):
    assert codes(rules.url(value, FIELD)) == []


@pytest.mark.parametrize(
    "value",
    [
        "",
        "example.com",
        "ftp://example.com",
        "javascript:alert(1)",
        "https://",
        "https://localhost",
        "https://127.0.0.1",
        "https://[::1]/",
        "https://user:secret@example.com",
        "https://example.com@evil.example",
        "https://exa mple.com",
        "https://example.com\n",
        "https://example.com:0",
        "https://example.com:99999",
        "https://[",
        "https://-a.com",
        "https://a..com",
        "https:\\\\example.com",
        f"https://{'a' * 64}.com",
        f"https://{'ü' * 64}.com",
    ],
)
def test_no_web_address(value):
    assert codes(rules.url(value, FIELD)) == ["INVALID"]


def test_a_web_address_of_2049_characters_is_too_long():
    assert codes(rules.url("https://example.com/" + "x" * 2029, FIELD)) == ["TOO_LONG"]


@pytest.mark.parametrize(("value", "expected"), [(None, []), ("NO", []), ("no", ["NOT_FOUND"]), ("", ["NOT_FOUND"])])
def test_a_country(value, expected):
    assert codes(rules.country(value, FIELD, known={"NO", "VN"})) == expected


@pytest.mark.parametrize("value", ["0", "-0", "0.01", "9.990", "1E+2", "10000000"])
def test_a_price(value):
    assert codes(rules.price(Decimal(value), FIELD)) == []


@pytest.mark.parametrize("value", ["-0.01", "0.001", "10000000.01", "NaN", "Infinity", "9.999999999999999999"])
def test_no_price(value):
    assert codes(rules.price(Decimal(value), FIELD)) == ["INVALID"]


def test_a_price_in_a_currency_without_cents():
    assert codes(rules.price(Decimal(5), FIELD, places=0)) == []
    assert codes(rules.price(Decimal("5.5"), FIELD, places=0)) == ["INVALID"]


@pytest.mark.parametrize(
    ("lowest", "highest", "expected"), [(1, 1, []), (1, 2, []), (2, 1, ["INVALID"]), (None, 1, []), (1, None, [])]
)
def test_a_range_of_prices(lowest, highest, expected):
    bounds = [None if each is None else Decimal(each) for each in (lowest, highest)]
    assert codes(rules.price_range(*bounds, FIELD)) == expected

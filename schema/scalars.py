"""The scalars of the Partner API, with its ways of writing them."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal as PythonDecimal
from typing import Any, NewType
from urllib.parse import urlsplit

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from gateway.execution.leaves import Wire
from gateway.moments import WIRE_EXPRESSION, WIRE_NAMES, wire_text

Date = NewType("Date", date)
DateTime = NewType("DateTime", datetime)
Decimal = NewType("Decimal", PythonDecimal)
JSON = NewType("JSON", object)
Url = NewType("Url", str)

LONGEST_URL = 2048

_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]([0-9]{2}:[0-9]{2})(?:(:[0-9]{2})(\.[0-9]{1,9})?)?)?"
    r"(Z|z|[+-][0-9]{2}:?[0-9]{2})?"
)
_DECIMAL = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?")
_DOMAIN = re.compile(r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")


def read_moment(text: Any) -> datetime:
    """A moment without a zone is UTC; what is finer than a microsecond is cut off."""
    match = _MOMENT.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise GraphQLError(f"DateTime takes a text like 2019-07-03T20:47:55Z, not {_shown(text)}")
    date, minutes, seconds, fraction, zone = match.groups()
    zone = {None: "+00:00", "Z": "+00:00", "z": "+00:00"}.get(zone, zone)
    time = f"{minutes or '00:00'}{seconds or ':00'}{(fraction or '')[:7]}"
    try:
        return datetime.fromisoformat(f"{date}T{time}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        raise GraphQLError(f"DateTime takes a moment that exists, not {_shown(text)}") from None


def read_date(text: Any) -> date:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        raise GraphQLError(f"Date takes a day like 2019-07-03, not {_shown(text)}") from None


def write_decimal(value: PythonDecimal | str) -> str:
    """Amounts of money come as they are written, see schema/money.py."""
    return value if isinstance(value, str) else format(value, "f")


def read_decimal(value: Any) -> PythonDecimal:
    text = str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value
    if not isinstance(text, str) or _DECIMAL.fullmatch(text) is None:
        raise GraphQLError(f"Decimal takes a number like 9.99, not {_shown(value)}")
    return PythonDecimal(text)


def read_url(text: Any) -> str:
    """An http(s) address, or a bare domain as `myshopifyDomain` holds."""
    if isinstance(text, str) and len(text) <= LONGEST_URL and text.isprintable() and " " not in text:
        try:
            parts = urlsplit(text)
        except ValueError:
            parts = urlsplit("")
        if (parts.scheme in ("http", "https") and parts.hostname) or _DOMAIN.fullmatch(text):
            return text
    raise GraphQLError(f"Url takes an http or https address of at most {LONGEST_URL} characters, not {_shown(text)}")


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


# What the database holds needs no more than this.
WIRES = {
    "Date": Wire("{0}"),
    "DateTime": Wire(WIRE_EXPRESSION, WIRE_NAMES),
    "Decimal": Wire("{0}"),
    "Url": Wire("{0}"),
}

SCALARS: dict[object, ScalarDefinition] = {
    Date: strawberry.scalar(
        name="Date",
        description="A day in UTC: `2019-07-03`.",
        serialize=str,
        parse_value=read_date,
    ),
    DateTime: strawberry.scalar(
        name="DateTime",
        description="A moment in UTC: `2019-07-03T20:47:55.123456Z`. Input without a zone is taken as UTC.",
        serialize=wire_text,
        parse_value=read_moment,
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description='A decimal number, exact, as a string: `"29.99"`.',
        serialize=write_decimal,
        parse_value=read_decimal,
    ),
    JSON: strawberry.scalar(
        name="JSON",
        description="Any JSON: an object, a list, a text, a number, true, false or null.",
        serialize=lambda value: value,
        parse_value=lambda value: value,
    ),
    Url: strawberry.scalar(
        name="Url",
        description="An address, or, where a field says so, a bare domain.",
        serialize=str,
        parse_value=read_url,
    ),
}

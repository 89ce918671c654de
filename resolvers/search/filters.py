"""What a search is narrowed by: the filter as clients give it, checked, and as conditions on partners."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Boolean, ColumnElement, and_, bindparam, or_, select

from gateway.errors import InvalidArgument
from gateway.models.offering import service_offerings
from gateway.models.partner import folded, partner_industries, partner_languages, partner_locations, partners
from gateway.statements import any_text
from resolvers.gid import LARGEST_ID
from resolvers.search import text
from resolvers.search.words import words
from resolvers.visibility.directory import LISTED

if TYPE_CHECKING:
    from resolvers.context import Context

# What clients call the lists whose values must exist. Cities are free texts: one where nobody is leaves nobody.
_NAMED = {
    "service_handles": "serviceHandles",
    "country_codes": "countryCodes",
    "industry_handles": "industryHandles",
    "language_codes": "languageCodes",
}
_LISTS = (*_NAMED, "cities", "tiers")
_LONGEST_SHOWN = 60
_MOST_SHOWN = 20
_CENTS = 100


PRICES = frozenset({"min_cents", "max_cents"})


class FacetFilter(StrEnum):
    SERVICE = "SERVICE"
    INDUSTRY = "INDUSTRY"
    LANGUAGE = "LANGUAGE"
    COUNTRY = "COUNTRY"
    TIER = "TIER"
    ACCEPTS_NEW_CLIENTS = "ACCEPTS_NEW_CLIENTS"


@dataclass(frozen=True, slots=True)
class Filter:
    """`given` are the parts that narrow the search, on which its statements depend; `values` is what they bind."""

    given: frozenset[str]
    values: Mapping[str, Any]


async def read_filter(context: "Context", filters: Mapping[str, Any], query: str | None) -> Filter:
    """Raises InvalidArgument with INVALID_FILTER, which names all that is wrong. What is empty narrows nothing."""
    lists = {name: list(dict.fromkeys(filters[name])) for name in _LISTS if filters.get(name)}
    least, most = filters.get("min_price"), filters.get("max_price")
    named = {name: values for name, values in lists.items() if name in _NAMED}
    known = await words(context, named) if named else {}
    _check(
        [f"{_NAMED[name]} {_shown(value)}" for name in named for value in lists[name] if value not in known[name]],
        least,
        most,
    )
    values: dict[str, Any] = dict(lists)
    if "cities" in values:
        values["cities"] = [folded(city) for city in values["cities"]]
    if least is not None:
        values["min_cents"] = _cents(least, ROUND_CEILING)
    if most is not None:
        values["max_cents"] = _cents(most, ROUND_FLOOR)
    if filters.get("accepts_new_clients") is not None:
        values["accepts_new_clients"] = filters["accepts_new_clients"]
    given = frozenset(values)
    if query is not None and (asked := text.words_of(query)):
        given |= {"words"}
        values |= text.text_values(query, asked)
    return Filter(given, values)


def _check(unknown: Sequence[str], least: Decimal | None, most: Decimal | None) -> None:
    params = {"values": ", ".join(unknown[:_MOST_SHOWN]), "least": least, "most": most}
    is_reversed = least is not None and most is not None and least > most
    if unknown and is_reversed:
        message = "No such values: {values}. And minPrice {least} is more than maxPrice {most}"
        raise InvalidArgument(message, params, code="INVALID_FILTER")
    if unknown:
        raise InvalidArgument("No such values: {values}", params, code="INVALID_FILTER")
    if is_reversed:
        raise InvalidArgument("minPrice {least} is more than maxPrice {most}", params, code="INVALID_FILTER")


def _shown(value: str) -> str:
    return value if len(value) <= _LONGEST_SHOWN else f"{value[:_LONGEST_SHOWN]}…"


def _cents(amount: Decimal, rounding: str) -> int:
    """A price is whole cents, so that a part of one only says on which side of the limit it lies."""
    cents = int((amount * _CENTS).to_integral_value(rounding))
    return max(-1, min(cents, LARGEST_ID))


def source_of(given: frozenset[str], *, postgresql: bool) -> Any:
    """What partners are selected from."""
    return text.source(postgresql=postgresql) if "words" in given else partners


def always(given: frozenset[str], *, postgresql: bool) -> list[ColumnElement[bool]]:
    """What each partner of a search fulfils, whatever the choices."""
    return [LISTED, *([text.has_words(postgresql=postgresql)] if "words" in given else [])]


def conditions(given: frozenset[str], *, postgresql: bool) -> list[ColumnElement[bool]]:
    """Which partners are found."""
    return [*always(given, postgresql=postgresql), *parts_of(given).values()]


def parts_of(given: frozenset[str]) -> Mapping[FacetFilter, ColumnElement[bool]]:
    """The filters that narrow the search, by the facet that counts their choices."""
    return dict(_parts(given))


def _parts(given: frozenset[str]) -> Iterator[tuple[FacetFilter, ColumnElement[bool]]]:
    if "accepts_new_clients" in given:
        takes = partners.c.accepts_new_clients == bindparam("accepts_new_clients", type_=Boolean)
        yield FacetFilter.ACCEPTS_NEW_CLIENTS, takes
    if "tiers" in given:
        yield FacetFilter.TIER, and_(partners.c.tier.is_not(None), any_text(partners.c.tier, "tiers"))
    if not given.isdisjoint({"service_handles", *PRICES}):
        yield FacetFilter.SERVICE, _having(service_offerings, *offering_conditions(given))
    if not given.isdisjoint({"country_codes", "cities"}):
        main = and_(partners.c.country_code.is_not(None), *place_conditions(partners, given))
        yield FacetFilter.COUNTRY, or_(main, _having(partner_locations, *place_conditions(partner_locations, given)))
    if "industry_handles" in given:
        handles = any_text(partner_industries.c.industry_handle, "industry_handles")
        yield FacetFilter.INDUSTRY, _having(partner_industries, handles)
    if "language_codes" in given:
        codes = any_text(partner_languages.c.language_code, "language_codes")
        yield FacetFilter.LANGUAGE, _having(partner_languages, codes)


def _having(table: Any, *wanted: ColumnElement[bool]) -> ColumnElement[bool]:
    return partners.c.organization_id.in_(select(table.c.organization_id).where(*wanted))


def offering_conditions(given: frozenset[str]) -> Iterator[ColumnElement[bool]]:
    """One offering is of a service that is asked for, and its prices overlap those that are: on request, none do."""
    least, most = service_offerings.c.min_price_cents, service_offerings.c.max_price_cents
    if "service_handles" in given:
        yield any_text(service_offerings.c.service_handle, "service_handles")
    if "max_cents" in given:
        yield least <= bindparam("max_cents", type_=BigInteger)
    if "min_cents" in given:
        yield least.is_not(None)
        yield or_(most.is_(None), most >= bindparam("min_cents", type_=BigInteger))


def place_conditions(table: Any, given: frozenset[str]) -> Iterator[ColumnElement[bool]]:
    """One place is in a country and in a city that are asked for."""
    if "country_codes" in given:
        yield any_text(table.c.country_code, "country_codes")
    if "cities" in given:
        yield any_text(table.c.city_key, "cities")

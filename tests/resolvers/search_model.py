"""The search of the directory in plain Python, over all that the database holds: what it finds, in which order."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from harness import Gateway
from sqlalchemy import select

from gateway.models.directory import countries, directory_services, industries, languages
from gateway.models.offering import service_offerings
from gateway.models.partner import folded, partner_industries, partner_languages, partner_locations, partners

Row = Mapping[str, Any]

DOCUMENT = """
query (
  $first: Int, $after: String, $last: Int, $before: String
  $query: String, $filter: PartnerFilter, $sortKey: PartnerSortKey! = RELEVANCE, $reverse: Boolean! = false
) {
  partners(
    first: $first, after: $after, last: $last, before: $before
    query: $query, filter: $filter, sortKey: $sortKey, reverse: $reverse
  ) {
    totalCount
    edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    facets { filter choices { value count } }
  }
}
"""
SORTS = [(key, reverse) for key in ("RELEVANCE", "AVERAGE_RATING", "PRICE", "NAME") for reverse in (False, True)]
# What each facet's choices are given as in the filter.
CHOSEN: dict[str, Callable[[str], dict[str, Any]]] = {
    "SERVICE": lambda value: {"serviceHandles": [value]},
    "INDUSTRY": lambda value: {"industryHandles": [value]},
    "LANGUAGE": lambda value: {"languageCodes": [value]},
    "COUNTRY": lambda value: {"countryCodes": [value]},
    "TIER": lambda value: {"tiers": [value]},
    "ACCEPTS_NEW_CLIENTS": lambda value: {"acceptsNewClients": value == "true"},
}


def search(gateway: Gateway, **variables: Any) -> Any:
    return gateway.ask(DOCUMENT, variables, token=None).data["partners"]


def ids(page: Any) -> list[str]:
    return [edge["node"]["id"] for edge in page["edges"]]


def walked(gateway: Gateway, size: int, *, backward: bool = False, **variables: Any) -> list[str]:
    """All pages, one after another, from the first on or from the last back."""
    met: list[str] = []
    size_name, cursor_name, end, more = ("first", "after", "endCursor", "hasNextPage")
    if backward:
        size_name, cursor_name, end, more = ("last", "before", "startCursor", "hasPreviousPage")
    cursor = None
    while True:
        page = search(gateway, **variables, **{size_name: size, cursor_name: cursor})
        met = ids(page) + met if backward else met + ids(page)
        if not page["pageInfo"][more]:
            return met
        cursor = page["pageInfo"][end]


@dataclass
class Listing:
    """A partner with what it is found by."""

    row: Row
    offerings: list[Row] = field(default_factory=list)
    places: list[tuple[str | None, str | None]] = field(default_factory=list)
    languages: set[str] = field(default_factory=set)
    industries: set[str] = field(default_factory=set)
    service_names: list[str] = field(default_factory=list)

    @property
    def gid(self) -> str:
        return f"gid://partners/Partner/{self.row['id']}"


class Directory:
    def __init__(self, gateway: Gateway) -> None:
        def rows(table: Any) -> list[Row]:
            return [dict(row._mapping) for row in gateway.rows(select(table))]

        names = {row["handle"]: row["name"] for row in rows(directory_services)}
        self.choices = {
            "SERVICE": set(names),
            "INDUSTRY": {row["handle"] for row in rows(industries)},
            "LANGUAGE": {row["code"] for row in rows(languages)},
            "COUNTRY": {row["code"] for row in rows(countries)},
            "TIER": {"SELECT", "PLUS", "PREMIER", "PLATINUM"},
            "ACCEPTS_NEW_CLIENTS": {"true", "false"},
        }
        held = {row["organization_id"]: Listing(row) for row in rows(partners) if row["listed"]}
        for listing in held.values():
            listing.places.append((listing.row["country_code"], listing.row["city_key"]))
        for table, add in (
            (service_offerings, lambda listing, row: listing.offerings.append(row)),
            (partner_locations, lambda listing, row: listing.places.append((row["country_code"], row["city_key"]))),
            (partner_languages, lambda listing, row: listing.languages.add(row["language_code"])),
            (partner_industries, lambda listing, row: listing.industries.add(row["industry_handle"])),
        ):
            for row in rows(table):
                if row["organization_id"] in held:
                    add(held[row["organization_id"]], row)
        for listing in held.values():
            listing.service_names = [names[offering["service_handle"]] for offering in listing.offerings]
        self.listings = list(held.values())

    def found(self, query: str | None, wanted: Mapping[str, Any]) -> list[Listing]:
        words = words_of(query)
        return [each for each in self.listings if passes(each, wanted) and (not words or relevance(each, words))]

    def sorted(self, query: str | None, wanted: Mapping[str, Any], sort: str, reverse: bool) -> list[str]:
        """The ids of what is found."""
        words = words_of(query)

        def key(each: Listing) -> tuple[Any, ...]:
            row = each.row
            if sort == "NAME":
                return row["name_key"].encode(), row["id"]
            if sort == "PRICE":
                price, is_unknown = row["starting_price_cents"], row["starting_price_cents"] is None
                return is_unknown is not reverse, price or 0, row["id"]
            best = (row["average_rating_millionths"], row["id"])
            if sort == "RELEVANCE" and words:
                exact = row["name_key"] == folded(query or "")
                return 4 if exact else relevance(each, words), *best
            return best

        falls = (sort in ("RELEVANCE", "AVERAGE_RATING")) is not reverse
        return [each.gid for each in sorted(self.found(query, wanted), key=key, reverse=falls)]

    def facets(self, query: str | None, wanted: Mapping[str, Any]) -> dict[str, dict[str, int]]:
        """Each choice is counted by a search of its own."""
        return {
            facet: {value: len(self.found(query, {**wanted, **chosen(value)})) for value in self.choices[facet]}
            for facet, chosen in CHOSEN.items()
        }


def passes(each: Listing, wanted: Mapping[str, Any]) -> bool:
    row = each.row
    if wanted.get("acceptsNewClients") is not None and row["accepts_new_clients"] is not wanted["acceptsNewClients"]:
        return False
    for name, held in (
        ("tiers", {row["tier"]}),
        ("languageCodes", each.languages),
        ("industryHandles", each.industries),
    ):
        if wanted.get(name) and held.isdisjoint(wanted[name]):
            return False
    return _is_somewhere(each, wanted) and _offers(each, wanted)


def _is_somewhere(each: Listing, wanted: Mapping[str, Any]) -> bool:
    in_countries, in_cities = wanted.get("countryCodes"), [folded(city) for city in wanted.get("cities") or ()]
    if not in_countries and not in_cities:
        return True
    return any(
        (not in_countries or country in in_countries) and (not in_cities or city in in_cities)
        for country, city in each.places
        if country is not None
    )


def _offers(each: Listing, wanted: Mapping[str, Any]) -> bool:
    handles, least, most = wanted.get("serviceHandles"), wanted.get("minPrice"), wanted.get("maxPrice")
    if not handles and least is None and most is None:
        return True
    return any(
        (not handles or offering["service_handle"] in handles)
        and (least is most is None or _costs(offering, least, most))
        for offering in each.offerings
    )


def _costs(offering: Row, least: str | None, most: str | None) -> bool:
    lowest, highest = offering["min_price_cents"], offering["max_price_cents"]
    if lowest is None or (most is not None and Decimal(lowest) / 100 > Decimal(most)):
        return False
    return least is None or highest is None or Decimal(highest) / 100 >= Decimal(least)


def words_of(text: str | None) -> list[str]:
    return [word for word in re.split(r"[\W_]+", folded(text or "")) if word]


def relevance(each: Listing, words: list[str]) -> int:
    """3 where the name has all words, 2 with the services, 1 with the description; 0 where some are nowhere."""
    name, services = set(words_of(each.row["name"])), set(words_of(" ".join(each.service_names)))
    description = set(words_of(each.row["description"]))
    for score, tokens in ((3, name), (2, name | services), (1, name | services | description)):
        begun = any(token.startswith(words[-1]) for token in tokens)
        if begun and tokens.issuperset(words[:-1]):
            return score
    return 0

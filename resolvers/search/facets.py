"""Facets: how many partners each choice of a filter would leave, the other filters kept. All take one statement."""

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Select,
    String,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    not_,
    select,
    true,
    union_all,
)

from gateway.execution.rows import Grouped, Layout, Record, Rows
from gateway.execution.sources import Call, batch
from gateway.models.offering import service_offerings
from gateway.models.partner import PartnerTier, partner_industries, partner_languages, partner_locations, partners
from resolvers.search.filters import (
    PRICES,
    FacetFilter,
    Filter,
    always,
    offering_conditions,
    parts_of,
    place_conditions,
    source_of,
)
from resolvers.search.words import Words, words

_FACET = Layout(("filter", "choices"), nullable=())
_CHOICE = Layout(("value", "label", "count"), nullable=())

_TIERS = {tier.value: tier.value.title() for tier in PartnerTier}
_ACCEPTS = {"true": "Takes new clients", "false": "Takes no new clients"}


@batch()
async def list_facets(parents: Any, call: Call) -> Grouped:
    """The facets of each search, in the order of FacetFilter."""
    rows = [row for page in parents for row in await _facets(page.asked, call)]
    return Grouped(Rows(rows, _FACET), [len(FacetFilter)] * len(parents))


async def _facets(wanted: Filter, call: Call) -> list[tuple[str, list[Record]]]:
    statement = _statement(wanted.given, postgresql=call.context.database.is_postgresql)
    counts: dict[str, dict[str, int]] = {facet: {} for facet in FacetFilter}
    for facet, value, count in await call.context.fetch(statement, wanted.values):
        counts[facet][value] = counts[facet].get(value, 0) + count
    named = _named(await words(call.context, _asked(counts)))
    return [
        (facet, [Record((value, label, counts[facet].get(value, 0)), _CHOICE) for value, label in choices.items()])
        for facet, choices in named.items()
    ]


def _asked(counts: Mapping[str, Mapping[str, int]]) -> Mapping[str, Any]:
    return {
        "service_handles": counts[FacetFilter.SERVICE],
        "industry_handles": counts[FacetFilter.INDUSTRY],
        "language_codes": counts[FacetFilter.LANGUAGE],
        "country_codes": counts[FacetFilter.COUNTRY],
    }


def _named(known: Words) -> Mapping[str, Mapping[str, str]]:
    """The choices of each facet with their names."""
    return {
        FacetFilter.SERVICE: known["service_handles"],
        FacetFilter.INDUSTRY: known["industry_handles"],
        FacetFilter.LANGUAGE: known["language_codes"],
        FacetFilter.COUNTRY: known["country_codes"],
        FacetFilter.TIER: _TIERS,
        FacetFilter.ACCEPTS_NEW_CLIENTS: _ACCEPTS,
    }


@lru_cache(maxsize=512)
def _statement(given: frozenset[str], *, postgresql: bool) -> CompoundSelect[Any]:
    """Rows of a facet, a value and its count.

    All facets look at the same partners, so these are looked up once, each with the filters that it passes.
    """
    parts = parts_of(given)
    passes = (condition.label(f"passes_{facet.lower()}") for facet, condition in parts.items())
    own = (partners.c[name] for name in ("organization_id", "tier", "accepts_new_clients", "country_code"))
    found = select(*own, _in_city(given).label("in_city"), *passes)
    found = found.select_from(source_of(given, postgresql=postgresql))
    found = found.where(*always(given, postgresql=postgresql))
    cte = found.cte("found").prefix_with("MATERIALIZED")
    return union_all(*_counts(cte, parts.keys(), given))


def _counts(found: Any, filters: Collection[FacetFilter], given: frozenset[str]) -> Iterator[Select[Any]]:
    """For each facet, how many partners each of its values has, of those that the other filters leave."""

    def counted(facet: FacetFilter, value: Any, source: Any = None, count: Any = None) -> Select[Any]:
        others = [found.c[f"passes_{other.lower()}"] for other in filters if other is not facet]
        statement = select(literal(facet.value), value, func.count() if count is None else count)
        joined = found if source is None else found.join(source, source.c.organization_id == found.c.organization_id)
        return statement.select_from(joined).where(*others, value.is_not(None)).group_by(value)

    # A price is asked of the offering of the service that is chosen.
    services = counted(FacetFilter.SERVICE, service_offerings.c.service_handle, service_offerings)
    yield services.where(*offering_conditions(given & PRICES))
    yield counted(FacetFilter.INDUSTRY, partner_industries.c.industry_handle, partner_industries)
    yield counted(FacetFilter.LANGUAGE, partner_languages.c.language_code, partner_languages)
    # A country is counted for those cities that are asked for.
    yield counted(FacetFilter.COUNTRY, found.c.country_code).where(found.c.in_city)
    elsewhere = counted(FacetFilter.COUNTRY, partner_locations.c.country_code, partner_locations, _partners_of(found))
    counted_before = and_(found.c.country_code.is_not_distinct_from(partner_locations.c.country_code), found.c.in_city)
    yield elsewhere.where(*place_conditions(partner_locations, given & {"cities"}), not_(counted_before))
    yield counted(FacetFilter.TIER, found.c.tier)
    accepts = cast(case((found.c.accepts_new_clients, "true"), else_="false"), String)
    yield counted(FacetFilter.ACCEPTS_NEW_CLIENTS, accepts)


def _partners_of(found: Any) -> Any:
    """How many partners, not how many places of theirs."""
    return func.count(found.c.organization_id.distinct())


def _in_city(given: frozenset[str]) -> Any:
    """Whether the main place is in a city that is asked for."""
    return func.coalesce(and_(true(), *place_conditions(partners, given & {"cities"})), false())

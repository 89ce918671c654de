"""How partners are searched for: the filter, the sort keys, the facets, and what is found."""

from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from gateway.models.partner import PartnerTier
from resolvers.keyset import CURSOR
from resolvers.search import facets as facet_rows
from resolvers.search import page as search_page
from resolvers.search.filters import FacetFilter
from resolvers.search.page import PartnerSortKey
from schema.base import attribute, column, enum, relation, same
from schema.connection import After, Before, PageInfo
from schema.partner import Partner
from schema.scalars import Decimal

enum(
    PartnerSortKey,
    "What partners are sorted by.",
    {
        "RELEVANCE": "How well the words fit: in the name best, then in the services, then in the description; of"
        " those that fit equally well, and without words, the best rated come first.",
        "AVERAGE_RATING": "The best rated come first, those without a review last.",
        "PRICE": "The cheapest starting price comes first; prices on request are last, reversed or not.",
        "NAME": "From A to Z, without case and accents.",
    },
)
enum(
    FacetFilter,
    "What a facet counts the choices of.",
    {
        "SERVICE": "The choices of `serviceHandles`.",
        "INDUSTRY": "The choices of `industryHandles`.",
        "LANGUAGE": "The choices of `languageCodes`.",
        "COUNTRY": "The choices of `countryCodes`.",
        "TIER": "The choices of `tiers`.",
        "ACCEPTS_NEW_CLIENTS": "The choices of `acceptsNewClients`: `true` and `false`.",
    },
)


def _asked(description: str) -> Any:
    return strawberry.field(default=UNSET, description=description)


@strawberry.input(
    description="What partners must have. A list asks for one of its values; an empty one asks for nothing."
)
class PartnerFilter:
    accepts_new_clients: bool | None = _asked("Only those that take new clients, or only those that don't.")
    min_price: Decimal | None = _asked(
        "In USD: only those with an offering that may cost as much or more. One on request has no price."
    )
    max_price: Decimal | None = _asked(
        "In USD: only those with an offering that may cost as much or less. One on request has no price."
    )
    service_handles: list[str] | None = _asked("What they offer.")
    country_codes: list[str] | None = _asked("In which country one of their places is, ISO 3166-1: `NO`.")
    cities: list[str] | None = _asked(
        "In which city one of their places is, without case and accents. A city where nobody is finds nobody."
    )
    industry_handles: list[str] | None = _asked("Which industries they know.")
    language_codes: list[str] | None = _asked("Which languages they work in.")
    tiers: list[PartnerTier] | None = _asked("Which tier they have.")


@strawberry.type(description="A value that a filter can have, and what it would leave.")
class FacetChoice:
    value: str = column("value", "What to give in the filter.")
    label: str = column("label", "Its name for people.")
    count: int = column("count", "How many partners would be found with this choice alone, the other filters kept.")


@strawberry.type(description="The choices of one filter.")
class Facet:
    filter: FacetFilter = column("filter", "Which filter.")
    choices: list[FacetChoice] = column("choices", "All of its choices, those that would leave nobody among them.")


@strawberry.type(description="One place in the directory.")
class PartnerEdge:
    cursor: str = column(CURSOR, "Where this place is: give it as `after` or `before`, with the same sort.")
    node: Partner = same("The partner.")


@strawberry.type(description="One page of the partners that a search finds.")
class PartnerConnection:
    edges: list[PartnerEdge] = attribute("rows", "The places of this page.")
    nodes: list[Partner] = attribute("rows", "The partners of this page, without cursors.")
    page_info: PageInfo = same("Where the page lies in all that was found.")
    total_count: int = relation(search_page.count_partners, "How many partners were found, on all pages.")
    facets: list[Facet] = relation(
        facet_rows.list_facets, "For each filter, how many partners each of its choices would leave."
    )


@strawberry.type
class SearchQuery:
    @relation(
        search_page.list_partners,
        "The listed partners that have all words and pass all filters. A price and a service are asked of the same"
        " offering, a city and a country of the same place.",
    )
    def partners(
        self,
        after: After = UNSET,
        before: Before = UNSET,
        first: Annotated[
            int | None, strawberry.argument(description="How many, from the first on: 0 to 250. Without any: 50.")
        ] = UNSET,
        last: Annotated[int | None, strawberry.argument(description="How many, from the last back: 0 to 250.")] = UNSET,
        query: Annotated[
            str | None,
            strawberry.argument(
                description="Words of the name, the services or the description, without case and accents; the last"
                " one may be begun. Up to 24 words count; a text without any asks for nothing."
            ),
        ] = UNSET,
        filter: Annotated[
            PartnerFilter | None, strawberry.argument(description="Only those that pass all of it.")
        ] = UNSET,
        sort_key: Annotated[
            PartnerSortKey, strawberry.argument(description="What comes first.")
        ] = PartnerSortKey.RELEVANCE,
        reverse: Annotated[
            bool, strawberry.argument(description="Whether it is turned round. Prices on request stay last.")
        ] = False,
    ) -> PartnerConnection: ...

"""The search over 100,000 partners: what a page and its facets cost, against the bare counts that they need."""

import time
from collections.abc import Callable, Iterator
from statistics import median

import pytest
from harness import Gateway, Template
from many_partners import fill
from sqlalchemy import text

PARTNERS = 100_000
ROUNDS = 5
MOST_TIMES_THE_COUNTS = 5

ASKED = """
{
  partners(
    first: 50
    sortKey: PRICE
    filter: {
      acceptsNewClients: true
      serviceHandles: ["CUSTOMIZE_THEME", "SEO_AND_PAID_SEARCH"]
      countryCodes: ["US", "NO", "GB", "CA"]
    }
  ) {
    nodes { name slug }
    pageInfo { hasNextPage endCursor }
    facets { filter choices { value label count } }
  }
}
"""
TAKES = "p.accepts_new_clients"
OFFERS = """p.organization_id IN (
    SELECT organization_id FROM service_offerings WHERE service_handle IN ('CUSTOMIZE_THEME', 'SEO_AND_PAID_SEARCH')
)"""
IS_THERE = """(p.country_code IN ('US', 'NO', 'GB', 'CA') OR p.organization_id IN (
    SELECT organization_id FROM partner_locations WHERE country_code IN ('US', 'NO', 'GB', 'CA')
))"""
PLACES = """(
    SELECT organization_id, country_code FROM partners
    UNION ALL SELECT organization_id, country_code FROM partner_locations
)"""
# One for the page, then one for each facet.
COUNTS = [
    f"SELECT count(*) FROM partners AS p WHERE p.listed AND {TAKES} AND {OFFERS} AND {IS_THERE}",
    *(
        f"SELECT t.{column}, count({counted}) FROM partners AS p JOIN {table} AS t USING (organization_id)"
        f" WHERE p.listed AND {wanted} GROUP BY t.{column}"
        for table, column, counted, wanted in (
            ("service_offerings", "service_handle", "*", f"{TAKES} AND {IS_THERE}"),
            ("partner_industries", "industry_handle", "*", f"{TAKES} AND {OFFERS} AND {IS_THERE}"),
            ("partner_languages", "language_code", "*", f"{TAKES} AND {OFFERS} AND {IS_THERE}"),
            (PLACES, "country_code", "DISTINCT p.id", f"{TAKES} AND {OFFERS}"),
        )
    ),
    f"SELECT tier, count(*) FROM partners AS p WHERE p.listed AND {TAKES} AND {OFFERS} AND {IS_THERE} GROUP BY tier",
    f"SELECT {TAKES}, count(*) FROM partners AS p WHERE p.listed AND {OFFERS} AND {IS_THERE} GROUP BY {TAKES}",
]


@pytest.fixture(scope="module")
def many(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with template.copy(tmp_path_factory.mktemp("many"), database_timeout=60) as opened:
        opened.runner.run(opened.database.run_sync(lambda connection: fill(connection, PARTNERS)))
        yield opened


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


@pytest.mark.slow
def test_a_page_with_its_facets_costs_at_most_five_times_the_bare_counts(many):
    counts = [text(count) for count in COUNTS]

    def count() -> None:
        for statement in counts:
            many.runner.run(many.database.fetch(statement))

    def ask() -> None:
        answer = many.ask(ASKED, token=None)
        assert len(answer.data["partners"]["nodes"]) == 50
        assert answer.statements == 2

    # The first of each plans its statements, and reads the words of the directory.
    count()
    many.ask(ASKED, token=None)
    bare, asked = zip(*((seconds(count), seconds(ask)) for _ in range(ROUNDS)), strict=True)
    assert median(asked) <= MOST_TIMES_THE_COUNTS * median(bare)

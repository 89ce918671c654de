"""Pages of the search while partners change between them."""

from collections.abc import Iterator

import pytest
from harness import Gateway, Template
from hypothesis import given, settings
from hypothesis import strategies as st
from many_partners import FIRST, fill
from search_model import SORTS, ids, search, walked
from sqlalchemy import update

from gateway.models.partner import partners

COUNT = 120
CHANGES = st.tuples(st.sets(st.integers(FIRST, FIRST + COUNT - 1), max_size=5), st.integers(0, 40))


@pytest.fixture(scope="module")
def changing(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with template.copy(tmp_path_factory.mktemp("changing")) as opened:
        opened.runner.run(opened.database.run_sync(lambda connection: fill(connection, COUNT)))
        yield opened


@settings(max_examples=30, deadline=None)
@given(
    sorted_by=st.sampled_from(SORTS),
    backward=st.booleans(),
    query=st.sampled_from([None, "stores"]),
    changes=st.lists(CHANGES, min_size=8, max_size=8),
)
def test_who_does_not_change_between_two_pages_is_met_once_and_in_order(changing, sorted_by, backward, query, changes):
    """Of those that change some may be met twice or never, as they move across the place of the cursor."""
    sort, reverse = sorted_by
    asked = {"sortKey": sort, "reverse": reverse, "query": query}
    size, side, end, more = ("first", "after", "endCursor", "hasNextPage")
    if backward:
        size, side, end, more = ("last", "before", "startCursor", "hasPreviousPage")
    before, met, cursor, changed = walked(changing, 250, **asked), [], None, set()
    for moved, number in changes:
        page = search(changing, **asked, **{size: 17, side: cursor})
        met = ids(page) + met if backward else met + ids(page)
        if not page["pageInfo"][more]:
            break
        # A cursor stays where it is, even if its own row goes elsewhere.
        cursor = page["pageInfo"][end]
        changed |= moved
        change(changing, moved, number)
    assert not page["pageInfo"][more]
    gone = {f"gid://partners/Partner/{number}" for number in changed}
    assert [each for each in met if each not in gone] == [each for each in before if each not in gone]


def change(gateway: Gateway, moved: set[int], number: int) -> None:
    """Another rating, price and name, or no listing at all."""
    values = {
        "review_count": number,
        "quality_total_hundredths": 100 * number,
        "communication_total_hundredths": 500 * number,
        "starting_price_cents": None if number % 3 == 0 else number * 100,
        "name": f"{number} changed",
        "name_key": f"{number} changed",
        "listed": number % 5 != 0,
    }
    changing = update(partners).where(partners.c.id.in_(moved)).values(values)
    gateway.runner.run(gateway.database.run_sync(lambda connection: connection.execute(changing)))

"""The search of the directory against its model in plain Python, over the fixtures and generated partners."""

from collections.abc import Iterator
from typing import Any

import pytest
from harness import Answer, Gateway, Template
from hypothesis import given, settings
from hypothesis import strategies as st
from many_partners import fill
from search_model import DOCUMENT, SORTS, Directory, ids, search, walked
from sqlalchemy import update

from gateway.models.partner import partners

CITIES = ["TROMSO", "Malmö", "đà nẵng", "City 101", "city 7", "Atlantis"]
TEXTS = [
    *(
        "nordlys",
        "AERLIG",
        "ærlig design & co",
        "Giao diện",
        "SEO ca phe",
        "orsted",
        "Ørst",
        "studio 1000",
        "店",
        "空の店",
    ),
    *("b2b", "stores ab", "theme custom", "custom theme", "large-stores", "wholesale/b2b", "nobody at all", "", "  "),
    *("!!!", "“”…"),
]
HOSTILE = [
    *(
        '"',
        "'",
        '""',
        '" OR name:x',
        "a OR b",
        "a AND",
        "NOT",
        "NEAR(a b)",
        "a*",
        "*",
        "^a",
        "name:nordlys",
        "{name}: x",
    ),
    *(
        "-a",
        "a & b | !c",
        "a <-> b",
        ":*",
        "a:*A",
        "\\",
        "\\'",
        "%",
        "_",
        "a\tb\nc",
        "?1",
        ":x",
        "$1",
        "%s",
        "{}",
        "{0}",
    ),
    *(
        "a" * 10_000,
        "é" * 10_000,
        "a " * 5_000,
        '"' * 10_000,
        "ß" * 300,
        "𝅘𝅥𝅮" * 300,
        "각" * 300,
        "); DROP TABLE partners; --",
    ),
    *("💥", "ﬁ", "ＡＢＣ", "\u0301", "a\u0301", "\ufffe", "\u200b", "１２", "İı"),
]


@pytest.fixture(scope="module")
def gateway(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with template.copy(tmp_path_factory.mktemp("search")) as opened:
        opened.runner.run(opened.database.run_sync(lambda connection: fill(connection, 300)))
        yield opened


@pytest.fixture(scope="module")
def directory(gateway: Gateway) -> Directory:
    return Directory(gateway)


def filters(directory: Directory) -> st.SearchStrategy[dict[str, Any]]:
    def some(facet: str) -> st.SearchStrategy[Any]:
        return st.none() | st.lists(st.sampled_from(sorted(directory.choices[facet])), max_size=3)

    prices = st.none() | st.integers(0, 6_000).map(lambda cents: f"{cents * 50 / 100:.3f}")
    drawn = st.fixed_dictionaries(
        {},
        optional={
            "acceptsNewClients": st.none() | st.booleans(),
            "minPrice": prices,
            "maxPrice": prices,
            "serviceHandles": some("SERVICE"),
            "countryCodes": some("COUNTRY"),
            "cities": st.none() | st.lists(st.sampled_from(CITIES), max_size=2),
            "industryHandles": some("INDUSTRY"),
            "languageCodes": some("LANGUAGE"),
            "tiers": some("TIER"),
        },
    )
    return drawn.map(_in_order)


def _in_order(drawn: dict[str, Any]) -> dict[str, Any]:
    least, most = drawn.get("minPrice"), drawn.get("maxPrice")
    if least is not None and most is not None and float(least) > float(most):
        drawn |= {"minPrice": most, "maxPrice": least}
    return drawn


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_is_found_and_counted_is_what_passes_the_filters(gateway, directory, data):
    wanted = data.draw(filters(directory))
    query = data.draw(st.none() | st.sampled_from(TEXTS))
    sort, reverse = data.draw(st.sampled_from(SORTS))
    page = search(gateway, query=query, filter=wanted, sortKey=sort, reverse=reverse, first=250)
    expected = directory.sorted(query, wanted, sort, reverse)
    assert ids(page) == expected[:250]
    assert page["totalCount"] == len(expected)
    told = {each["filter"]: {c["value"]: c["count"] for c in each["choices"]} for each in page["facets"]}
    assert told == directory.facets(query, wanted)


@pytest.mark.parametrize("query", TEXTS)
def test_words_are_found_wherever_they_stand(gateway, directory, query):
    page = search(gateway, query=query, first=250)
    assert ids(page) == directory.sorted(query, {}, "RELEVANCE", False)[:250]


@pytest.mark.parametrize(("sort", "reverse"), SORTS)
@pytest.mark.parametrize(("query", "size"), [(None, 61), ("stores", 40)])
def test_a_walk_meets_every_partner_once_in_either_direction(gateway, directory, sort, reverse, query, size):
    """The generated ratings, prices and names tie by the dozen."""
    whole = directory.sorted(query, {}, sort, reverse)
    asked = {"sortKey": sort, "reverse": reverse, "query": query}
    assert walked(gateway, size, **asked) == whole
    assert walked(gateway, size, backward=True, **asked) == whole


def test_prices_on_request_are_last_in_both_directions(shared):
    """Ærlig asks for a price on request alone."""
    last = "gid://partners/Partner/4"
    rising, falling = (ids(search(shared, sortKey="PRICE", reverse=reverse)) for reverse in (False, True))
    assert rising == [f"gid://partners/Partner/{number}" for number in (1, 5, 2, 4)]
    assert falling == [f"gid://partners/Partner/{number}" for number in (2, 5, 1, 4)]
    assert rising[-1] == falling[-1] == last


def test_names_that_are_not_ascii_stand_where_people_look_for_them(shared):
    assert ids(search(shared, sortKey="NAME")) == [f"gid://partners/Partner/{number}" for number in (4, 5, 1, 2)]


@pytest.mark.parametrize("query", HOSTILE, ids=lambda query: f"{len(query)}-{query[:6]!r}")
def test_no_text_is_an_error(gateway, query):
    answer = gateway.ask(DOCUMENT, {"query": query}, token=None)
    assert "errors" not in answer.body


def test_a_name_comes_before_a_service_and_a_service_before_a_description(fresh):
    """Three partners have the word, each elsewhere; the best rated has it in its description."""
    for organization_id, values in {
        1: {"name": "Headless", "name_key": "headless"},
        5: {"description": "We love HEADLESS shops."},
    }.items():
        change = update(partners).where(partners.c.organization_id == organization_id).values(values)
        fresh.runner.run(fresh.database.run_sync(lambda connection, change=change: connection.execute(change)))
    found = ids(search(fresh, query="headless"))
    assert found == [f"gid://partners/Partner/{number}" for number in (1, 4, 5)]
    assert ids(search(fresh, query="headless", reverse=True)) == found[::-1]


def test_values_that_do_not_exist_are_named_all_at_once(shared):
    wanted = {"serviceHandles": ["CUSTOMIZE_THEME", "KNITTING"], "countryCodes": ["no"], "languageCodes": ["tlh"]}
    answer = shared.ask(
        DOCUMENT, {"filter": wanted | {"industryHandles": ["X" * 100], "minPrice": "2", "maxPrice": "1.99"}}
    )
    assert answer.codes == [(["partners"], "INVALID_FILTER")]
    assert answer.body["errors"][0]["message"] == (
        f"No such values: serviceHandles KNITTING, countryCodes no, industryHandles {'X' * 60}…, languageCodes tlh."
        " And minPrice 2 is more than maxPrice 1.99"
    )


@pytest.mark.parametrize("wanted", [{"minPrice": "2.00", "maxPrice": "2"}, {"cities": ["Atlantis"]}, {"tiers": []}])
def test_a_filter_that_leaves_nobody_or_narrows_nothing_is_no_error(shared, wanted):
    assert "errors" not in shared.ask(DOCUMENT, {"filter": wanted}).body


@pytest.mark.parametrize("price", ["0", "-1", "0.001", "999999999999999999", "-999999999999999999.99"])
def test_any_price_can_be_asked_for(shared, price):
    for name in ("minPrice", "maxPrice"):
        assert "errors" not in shared.ask(DOCUMENT, {"filter": {name: price}}).body


@pytest.mark.parametrize(
    ("least", "most", "found"),
    [
        ("1000", "1000", True),
        ("999.99", "999.999", False),
        ("3000", None, True),
        ("3000.001", None, False),
        (None, "999.99", False),
    ],
)
def test_a_range_is_found_by_prices_that_overlap_it(shared, least, most, found):
    """Nordlys changes themes for 1,000 to 3,000 dollars."""
    wanted = {"serviceHandles": ["CUSTOMIZE_THEME"], "minPrice": least, "maxPrice": most}
    assert ("gid://partners/Partner/1" in ids(search(shared, filter=wanted))) is found


def test_a_cursor_belongs_to_its_sort(shared):
    cursors = {}
    for sort, reverse in SORTS:
        cursors[sort, reverse] = search(shared, sortKey=sort, reverse=reverse)["pageInfo"]["startCursor"]
    cursors["RELEVANCE with words", False] = search(shared, query="nordlys")["pageInfo"]["startCursor"]
    for sort, reverse in SORTS:
        for other, cursor in cursors.items():
            if other != (sort, reverse):
                variables = {"sortKey": sort, "reverse": reverse, "after": cursor}
                assert shared.ask(DOCUMENT, variables).codes == [(["partners"], "INVALID_CURSOR")]


@pytest.mark.parametrize(("selected", "statements"), [
    ("nodes { name }", 1),
    ("edges { cursor } pageInfo { hasNextPage }", 1),
    ("totalCount", 1),
    ("facets { filter choices { label count } }", 1),
    ("totalCount nodes { name } facets { choices { count } }", 3),
    ("nodes { __typename }", 1),
])  # fmt: skip
def test_a_statement_is_run_for_what_is_selected_alone(shared, selected, statements):
    asked = '{ partners(filter: { serviceHandles: ["CUSTOMIZE_THEME"], countryCodes: ["NO"] }) { %s } }'
    # The words of the directory are read once, by whoever asks first.
    shared.ask(asked % "facets { filter }")
    assert shared.ask(asked % selected).statements == statements


def test_unlisted_partners_are_found_by_nobody(shared):
    for token in (shared.partner, shared.merchant, None):
        answer: Answer = shared.ask("{ partners { nodes { listed } totalCount } }", token=token)
        assert answer.data["partners"] == {"nodes": [{"listed": True}] * 4, "totalCount": 4}

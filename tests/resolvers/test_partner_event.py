"""The stream of events: pages in both orders, every filter, ranges and cursors, against what the fixtures hold."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, insert
from stream_model import between, stream

from gateway.models.event import app_events
from gateway.models.partner_event import EventType

EVENTS = """
query ($after: String, $before: String, $filter: EventFilterInput, $first: Int, $last: Int, $orderBy: EventOrder) {
  events(after: $after, before: $before, filter: $filter, first: $first, last: $last, orderBy: $orderBy) {
    edges {
      cursor
      node {
        __typename
        id
        eventType
        occurredAt
        shop { id }
        subject { ... on AppReference { id } ... on ThemeReference { id } }
      }
    }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""
YEARS = [(f"{year}-01-01", f"{year}-12-31") for year in range(2021, 2027)]
BUSY = ("2022-02-01", "2023-01-31")
ASCENDING = "OCCURRED_AT_ASC"


def ask(gateway, between=BUSY, token="", **variables):
    wanted = {"occurredAtMin": between[0], "occurredAtMax": between[1]} if between else {}
    wanted |= variables.pop("filter", {})
    return gateway.ask(EVENTS, {"filter": wanted, **variables}, token=token)


def page(gateway, *args, **variables):
    """The nodes as the model tells them, the cursors, and the page's info."""
    answer = ask(gateway, *args, **variables)
    found = answer.data["events"]
    nodes = [
        edge["node"] | {name: edge["node"][name] and edge["node"][name]["id"] for name in ("shop", "subject")}
        for edge in found["edges"]
    ]
    cursors = [edge["cursor"] for edge in found["edges"]]
    assert found["pageInfo"]["startCursor"] == (cursors[0] if cursors else None)
    assert found["pageInfo"]["endCursor"] == (cursors[-1] if cursors else None)
    return nodes, cursors, found["pageInfo"]


def told(events):
    return [{name: value for name, value in event.items() if name != "place"} for event in events]


def relationship(row_id, moment):
    row = {"organization_id": 1, "type": "RELATIONSHIP_INSTALLED", "app_id": 1, "shop_id": 1}
    return row | {"id": row_id, "occurred_at": moment}


@pytest.mark.parametrize("year", YEARS)
def test_the_stream_is_what_the_tables_hold(shared, year):
    expected = told(between(*year))
    assert page(shared, year, first=250)[0] == expected
    assert page(shared, year, first=250, orderBy=ASCENDING)[0] == expected[::-1]


def test_the_fixtures_hold_events_of_all_types():
    assert {event["eventType"] for event in stream()} == {kind.value for kind in EventType}


@pytest.mark.parametrize("size", [1, 2, 5, 250])
@pytest.mark.parametrize("order", ["OCCURRED_AT_DESC", ASCENDING])
def test_pages_forward_and_backward_are_the_whole_stream(shared, size, order):
    expected = told(between(*BUSY))
    expected = expected[::-1] if order == ASCENDING else expected
    forward, cursor, more = [], None, True
    while more:
        nodes, cursors, info = page(shared, first=size, after=cursor, orderBy=order)
        assert info["hasPreviousPage"] is (cursor is not None)
        forward, cursor, more = forward + nodes, cursors[-1], info["hasNextPage"]
    assert forward == expected
    backward, cursor, more = [], None, True
    while more:
        nodes, cursors, info = page(shared, last=size, before=cursor, orderBy=order)
        assert info["hasNextPage"] is (cursor is not None)
        backward, cursor, more = nodes + backward, cursors[0], info["hasPreviousPage"]
    assert backward == expected


def test_a_cursor_is_good_in_both_orders(shared):
    nodes, cursors, _ = page(shared, first=7)
    assert page(shared, last=250, before=cursors[3], orderBy=ASCENDING)[0] == told(between(*BUSY))[:3:-1]
    assert page(shared, first=250, after=cursors[3], orderBy=ASCENDING)[0] == nodes[2::-1]
    assert page(shared, first=250, after=cursors[1], before=cursors[5])[0] == nodes[2:5]


def test_a_cursor_stays_good_when_events_come_and_go(fresh):
    nodes, cursors, _ = page(fresh, first=250)
    place = [node["id"] for node in nodes].index("gid://shopify/Charge/31")
    newer = relationship(10**6, datetime(2023, 1, 30, tzinfo=UTC))

    def change(connection):
        connection.execute(insert(app_events), newer)
        connection.execute(delete(app_events).where(app_events.c.id == 3))

    fresh.runner.run(fresh.database.run_sync(change))
    assert page(fresh, first=250, after=cursors[place])[0] == nodes[place + 1 :]
    assert page(fresh, last=1, before=cursors[place])[0] == nodes[place - 1 : place]
    assert [node["id"] for node in page(fresh, first=2)[0]] == ["gid://shopify/Relationship/10000001", nodes[0]["id"]]


def test_what_is_deleted_leaves_the_stream(fresh):
    before = page(fresh, first=250)[0]
    gone = delete(app_events).where(app_events.c.id == 1)
    fresh.runner.run(fresh.database.run_sync(lambda connection: connection.execute(gone)))
    assert page(fresh, first=250)[0] == [node for node in before if node["id"] != "gid://shopify/Relationship/11"]


TYPES = [
    ["CREDIT_PENDING"],
    ["CHARGE_RECURRING", "EARNING_CHARGE_RECURRING"],
    ["EARNING_CHARGE_ONE_TIME", "EARNING_REFUND", "EARNING_CHARGE_ONE_TIME"],
    [kind.value for kind in EventType],
    [],
]
APP, OTHER_APP, THEME = "gid://shopify/App/1", "gid://partners/App/3", "gid://shopify/Theme/7"
FILTERS = [
    *({"eventTypes": types} for types in TYPES),
    {"subjectType": "THEME"},
    {"subjectType": "APP"},
    {"subjectId": APP},
    {"subjectId": THEME},
    {"subjectId": "gid://partners/Theme/8"},
    {"subjectId": OTHER_APP},
    {"subjectId": APP, "shopId": "gid://partners/Shop/1"},
    {"subjectId": APP, "shopId": "gid://shopify/Shop/3"},
    {"subjectId": APP, "eventTypes": TYPES[1]},
    {"subjectId": APP, "shopId": "gid://shopify/Shop/1", "eventTypes": ["CREDIT_PENDING", "EARNING_CREDIT"]},
    {"subjectType": "THEME", "eventTypes": TYPES[2]},
    {"subjectType": "THEME", "eventTypes": ["CHARGE_USAGE"]},
    {"subjectType": "THEME", "subjectId": APP},
    {"subjectType": "APP", "subjectId": APP},
]


def fulfils(event, wanted):
    def same(name):
        return wanted.get(name, "").split("/")[-2:]

    subject = event["subject"].split("/")[-2:]
    return (
        event["eventType"] in wanted.get("eventTypes", [event["eventType"]])
        and wanted.get("subjectType", subject[0].upper()) == subject[0].upper()
        and same("subjectId") in ([""], subject)
        and ("shopId" not in wanted or (event["shop"] or "").split("/")[-2:] == same("shopId"))
    )


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
def test_each_filter_lets_through_what_it_asks_for(shared, wanted):
    expected = told(event for event in between(*BUSY) if fulfils(event, wanted))
    assert page(shared, first=250, filter=wanted)[0] == expected
    assert page(shared, first=250, filter=wanted, orderBy=ASCENDING)[0] == expected[::-1]
    nodes, cursors, info = page(shared, first=1, filter=wanted)
    assert (nodes, info["hasNextPage"]) == (expected[:1], len(expected) > 1)
    if cursors:
        assert page(shared, first=250, filter=wanted, after=cursors[0])[0] == expected[1:]
        assert page(shared, last=1, filter=wanted, after=cursors[0])[0] == expected[1:][-1:]


def test_the_edges_of_a_range_are_in_it(shared):
    first = between(*BUSY)[-1]["occurredAt"]
    assert page(shared, (first, first))[0] == told(between(*BUSY)[-1:])
    assert page(shared, ("2022-02-11T10:00:00.000001Z", "2022-02-11T10:06:31.003999Z"))[0] == []


def test_the_last_30_days_are_told_unless_more_is_asked_for(fresh):
    now = datetime.now(UTC)
    ages = {101: timedelta(minutes=1), 102: timedelta(days=29), 103: timedelta(days=31), 104: timedelta(days=360)}
    rows = [relationship(row_id, now - age) for row_id, age in ages.items()]
    rows.append(relationship(105, now + timedelta(days=1)))
    fresh.runner.run(fresh.database.run_sync(lambda connection: connection.execute(insert(app_events), rows)))

    def ids(**variables):
        return [int(node["id"].rsplit("/")[-1]) // 10 for node in page(fresh, None, first=250, **variables)[0]]

    assert ids() == [101, 102]
    assert ids(filter={"occurredAtMax": (now - timedelta(days=28)).isoformat()}) == [102]
    older = ids(filter={"occurredAtMin": (now - timedelta(days=364)).isoformat(), "subjectId": APP})
    assert (older[:3], older[-1]) == ([101, 102, 103], 104)
    # What is to come is not told before it comes.
    assert ids(filter={"occurredAtMax": (now + timedelta(days=9)).isoformat()}) == [101, 102]


REFUSED = [
    ({"filter": {"occurredAtMin": "2022-01-01", "occurredAtMax": "2023-01-01T00:00:00.000001Z"}}, "INVALID_RANGE"),
    ({"filter": {"occurredAtMin": "2020-01-01"}}, "INVALID_RANGE"),
    ({"filter": {"occurredAtMin": "2022-02-01", "occurredAtMax": "2022-01-01"}}, "INVALID_RANGE"),
    ({"filter": {"occurredAtMax": "2022-01-01"}}, "INVALID_RANGE"),
    ({"filter": {"shopId": "gid://partners/Shop/1"}}, "INVALID_ARGUMENT"),
    ({"filter": {"subjectId": "gid://partners/Shop/1"}}, "INVALID_ID"),
    ({"filter": {"subjectId": APP, "shopId": "nonsense"}}, "INVALID_ID"),
    ({"first": 251}, "INVALID_PAGE_SIZE"),
    ({"last": -1}, "INVALID_PAGE_SIZE"),
    ({"first": 1, "last": 1}, "INVALID_PAGE_SIZE"),
    ({"after": "nonsense"}, "INVALID_CURSOR"),
    # A cursor of the transactions.
    ({"after": "dHJhbgAF2a86PggAAAAAAAAAAAzb8qBq"}, "INVALID_CURSOR"),
]


@pytest.mark.parametrize(("variables", "code"), REFUSED, ids=str)
def test_what_can_t_be_asked_is_refused(shared, variables, code):
    answer = ask(shared, None, **variables)
    assert answer.body["data"] == {"events": None}
    assert answer.codes == [(["events"], code)]
    assert answer.statements == 0


def test_365_days_can_be_asked_for_at_once(shared):
    wanted = {"occurredAtMin": "2022-01-01", "occurredAtMax": "2023-01-01"}
    assert len(page(shared, None, filter=wanted, first=250)[0]) == len(between("2022-01-01", "2023-01-01"))


def test_a_page_costs_a_statement_and_each_relation_one(shared):
    document = "{ events(first: 250, filter: %s) { edges { node { %s } } } }"
    year = '{ occurredAtMin: "2022-02-01", occurredAtMax: "2023-01-31" }'
    apps = '{ occurredAtMin: "2022-02-01", occurredAtMax: "2023-01-31", subjectType: APP }'
    assert shared.ask(document % (year, "id eventType occurredAt")).statements == 1
    assert (
        shared.ask(document % (apps, "id shop { name } subject { __typename ... on AppReference { name } }")).statements
        == 3
    )
    # Apps and themes are in two tables.
    both = "id shop { name } subject { ... on AppReference { name } ... on ThemeReference { name } }"
    assert shared.ask(document % (year, both)).statements == 4


def test_an_organization_has_a_stream_of_its_own(shared):
    year = ("2024-06-01", "2025-05-31")
    own = page(shared, year, first=250, token=shared.other_partner)[0]
    assert [node["id"] for node in own][:2] == ["gid://shopify/Earning/412", "gid://shopify/Charge/341"]
    assert not {node["id"] for node in own} & {node["id"] for node in page(shared, year, first=250)[0]}

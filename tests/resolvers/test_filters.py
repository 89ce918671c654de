"""What each argument of a list leaves, alone and together with others."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mirror import CONVERSATIONS, EVENTS, JOBS, LISTS, MESSAGES, TRANSACTIONS, MirrorList, Row, rows_of, written

from gateway.models.app import AppChargeKind
from gateway.models.conversation import ConversationStatus
from gateway.models.event import AppEventTypes
from gateway.models.job import JobStatus
from gateway.models.transaction import TransactionType

SHOP_IDS = [f"gid://{host}/Shop/{number}" for host in ("partners", "shopify") for number in (1, 3, 4, 6, 999)]
CHARGE_IDS = [f"gid://shopify/{kind}/{number}" for kind in [*AppChargeKind, "AppCredit"] for number in (1, 2, 3, 8)]
DOMAINS = [shop["myshopify_domain"] for shop in rows_of("shops")] + ["nowhere.myshopify.com", ""]
COLUMNS = {
    "createdAt": "created_at",
    "lastEventAt": "last_event_at",
    "sentAt": "sent_at",
    "occurredAt": "occurred_at",
    "shopId": "shop_id",
    "appId": "app_id",
    "statuses": "status",
    "types": "type",
}


def values_of(listed: MirrorList, name: str) -> st.SearchStrategy[Any]:
    """What a client may give as that argument; null is always among it."""
    if name in ("statuses", "types"):
        enums = {JOBS: JobStatus, CONVERSATIONS: ConversationStatus, TRANSACTIONS: TransactionType}
        return st.none() | st.lists(st.sampled_from(enums.get(listed, AppEventTypes)), max_size=6)
    chosen = {
        "shopId": SHOP_IDS,
        "appId": ["gid://partners/App/1", "gid://partners/App/2", "gid://partners/App/3"],
        "chargeId": CHARGE_IDS,
        "myshopifyDomain": DOMAINS,
        "unreadOnly": [True, False],
    }
    if name in chosen:
        return st.none() | st.sampled_from(chosen[name])
    moments = [row[COLUMNS[name[:-3]]] for row in listed.rows()]
    near = [moment + timedelta(microseconds=step) for moment in moments for step in (-1, 0, 1)]
    return st.none() | st.sampled_from(near).map(written)


def passes(row: Row, name: str, value: Any) -> bool:
    if value is None:
        return True
    if name in ("statuses", "types"):
        return row[COLUMNS[name]] in value
    if name == "unreadOnly":
        return row["has_unread_messages"] or not value
    if name == "myshopifyDomain":
        return any(row["shop_id"] == shop["id"] for shop in rows_of("shops", myshopify_domain=value))
    if name == "chargeId":
        kind, number = value.split("/")[3:]
        if kind == "AppCredit":
            return row["credit_id"] == int(number)
        return row["charge_id"] == int(number) and bool(rows_of("app_charges", id=int(number), kind=kind))
    if name in ("shopId", "appId"):
        return row[COLUMNS[name]] == int(value.rpartition("/")[2])
    moment, limit = row[COLUMNS[name[:-3]]], datetime.fromisoformat(value)
    return moment >= limit if name.endswith("Min") else moment <= limit


@pytest.mark.parametrize("listed", LISTS, ids=str)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_filters_leave_the_rows_that_pass_them_all(shared, listed, data):
    optional = {name: values_of(listed, name) for name in listed.filters}
    arguments = data.draw(st.fixed_dictionaries({}, optional=optional))
    kept = [row for row in listed.rows() if all(passes(row, name, value) for name, value in arguments.items())]
    assert listed.nodes(shared, **arguments) == [listed.node(row) for row in kept]


def ids(listed: MirrorList, gateway, **arguments: Any) -> list[int]:
    return [int(node["id"].rpartition("/")[2]) for node in listed.nodes(gateway, **arguments)]


@pytest.mark.parametrize(
    ("listed", "arguments", "left"),
    [
        (JOBS, {"statuses": ["NEW", "INACTIVE"]}, [11, 7, 13]),
        (JOBS, {"shopId": "gid://shopify/Shop/3"}, [4, 5, 3]),
        (JOBS, {"createdAtMin": "2023-09-30T23:59:59.999999Z"}, [11]),
        (JOBS, {"createdAtMax": "2021-06-30T23:59:59.999999Z"}, [9, 1]),
        (JOBS, {"lastEventAtMin": "2023-11-30T23:59:59.999999Z"}, [4]),
        (JOBS, {"lastEventAtMax": "2021-07-01T00:00:00Z"}, [9]),
        (JOBS, {"statuses": ["COMPLETED"], "shopId": "gid://partners/Shop/1", "createdAtMin": "2022-01-01"}, [2]),
        (CONVERSATIONS, {"unreadOnly": True}, [5, 2]),
        (CONVERSATIONS, {"unreadOnly": False}, [6, 5, 4, 3, 2, 1]),
        (CONVERSATIONS, {"unreadOnly": None}, [6, 5, 4, 3, 2, 1]),
        (CONVERSATIONS, {"statuses": ["BLOCKED"]}, [3]),
        (MESSAGES, {"sentAtMin": "2021-03-15T08:00:00Z", "sentAtMax": "2022-05-02T07:45:00.25Z"}, [7, 6]),
        (TRANSACTIONS, {"types": ["LEGACY", "TAX"]}, [33, 32, 31, 35, 34]),
        (TRANSACTIONS, {"appId": "gid://partners/App/2", "shopId": "gid://partners/Shop/3"}, [19, 14]),
        (TRANSACTIONS, {"myshopifyDomain": "the-long-name-company.myshopify.com"}, [49, 26, 4]),
        (TRANSACTIONS, {"createdAtMin": "2026-05-01T00:00:00Z"}, [33, 49, 48, 47, 46, 45, 28]),
        # An empty list of choices names no row; only null stands for all of them.
        (JOBS, {"statuses": []}, []),
        (CONVERSATIONS, {"statuses": []}, []),
        (TRANSACTIONS, {"types": []}, []),
        # A page is cut from what the filters leave.
        (JOBS, {"statuses": ["NEW", "INACTIVE"], "last": 2}, [7, 13]),
    ],
    ids=str,
)
def test_a_filter_leaves_these_rows(shared, listed, arguments, left):
    assert ids(listed, shared, **arguments) == left


@pytest.mark.parametrize(
    ("charge_id", "types"),
    [
        ("gid://shopify/AppPurchaseOneTime/1", ["ONE_TIME_CHARGE_ACTIVATED", "ONE_TIME_CHARGE_ACCEPTED"]),
        ("gid://partners/AppPurchaseOneTime/1", ["ONE_TIME_CHARGE_ACTIVATED", "ONE_TIME_CHARGE_ACCEPTED"]),
        ("gid://shopify/AppCredit/1", ["CREDIT_APPLIED", "CREDIT_PENDING"]),
        # The number is that of a charge of another kind.
        ("gid://shopify/AppSubscription/1", []),
        ("gid://shopify/AppUsageRecord/999", []),
    ],
)
def test_a_charge_id_means_one_charge_or_one_credit(shared, charge_id, types):
    document = 'query ($id: ID!) { app(id: "gid://partners/App/1") { events(chargeId: $id) { nodes { type } } } }'
    answer = shared.ask(document, {"id": charge_id})
    assert [event["type"] for event in answer.data["app"]["events"]["nodes"]] == types


@pytest.mark.parametrize(
    "text",
    [
        "2023-09-29T22:10:00",
        "2023-09-29T22:10:00Z",
        "2023-09-29T22:10:00+00:00",
        "2023-09-29T22:10:00+0000",
        "2023-09-29T22:10:00.000Z",
        "2023-09-29T22:10:00.000000Z",
        "2023-09-29T22:10:00.000000",
        "2023-09-29T22:10:00.000+0000",
        "2023-09-30T00:10:00+02:00",
        "2023-09-29T17:10:00.000000-0500",
    ],
)
def test_a_moment_may_be_written_in_each_of_these_ways(shared, text):
    assert ids(JOBS, shared, createdAtMin=text, createdAtMax=text) == [4]


def test_the_first_and_the_last_moment_of_the_calendar_are_limits_like_others(shared):
    everything = [row["id"] for row in JOBS.rows()]
    first, last = "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"
    assert ids(JOBS, shared, createdAtMin=first, createdAtMax=last) == everything
    assert ids(JOBS, shared, createdAtMax=first) == ids(JOBS, shared, createdAtMin=last) == []


@pytest.mark.parametrize(
    ("listed", "name"),
    [(JOBS, "shopId"), (TRANSACTIONS, "shopId"), (TRANSACTIONS, "appId"), (EVENTS, "shopId"), (EVENTS, "chargeId")],
    ids=str,
)
@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "1",
        "gid://partners/Job/1",
        "gid://partners/Shop/",
        "gid://partners/Shop/-1",
        "gid://other/Shop/1",
        "\n",
        "١",
    ],
)
def test_an_id_that_is_none_of_its_kind_is_refused_at_the_list(shared, listed, name, wrong):
    path = ["app", "page"] if listed is EVENTS else ["page"]
    assert listed.ask(shared, **{name: wrong}).codes == [(path, "INVALID_ID")]


@pytest.mark.parametrize("number", ["999999", "9223372036854775807", "9223372036854775808", "1" * 30, "0", "0099"])
def test_an_id_that_no_row_has_leaves_nothing(shared, number):
    assert TRANSACTIONS.nodes(shared, shopId=f"gid://partners/Shop/{number}") == []
    assert EVENTS.nodes(shared, chargeId=f"gid://shopify/AppCredit/{number}") == []


@pytest.mark.parametrize("text", ["\0", "fjellbutikken\0.myshopify.com"])
def test_a_text_with_the_character_0_is_refused(shared, text):
    assert TRANSACTIONS.ask(shared, myshopifyDomain=text).codes == [(["page"], "INVALID_TEXT")]
    assert TRANSACTIONS.ask(shared, after=text).codes == [(["page"], "INVALID_TEXT")]
    assert EVENTS.ask(shared, after=text).codes == [(["app", "page"], "INVALID_TEXT")]
    assert JOBS.ask(shared, shopId=text).codes == [(["page"], "INVALID_TEXT")]


@pytest.mark.parametrize("text", ["'; DROP TABLE jobs; --", "%", "_", "🦊" * 1000, "\ufffd", "\u202e"])
def test_any_other_text_is_a_domain_that_no_shop_has(shared, text):
    assert TRANSACTIONS.nodes(shared, myshopifyDomain=text) == []

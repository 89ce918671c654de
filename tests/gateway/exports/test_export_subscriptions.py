"""What shops subscribe to is asked for by each app and shop that the records name together."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from export_records import keep_few, with_subscriptions
from export_server import Server
from export_told import Told
from graphql import OverlappingFieldsCanBeMergedRule, print_ast, specified_rules, validate

from gateway.exports import ExportOptions, export_records, verify_archive, version_of
from gateway.exports.archive import STATE, Archive
from gateway.exports.kinds import KINDS, plan_for
from gateway.exports.options import DEFAULT_API_VERSION
from gateway.exports.subscriptions import PAIRS_AT_ONCE, for_pairs, pair_of
from schema import build
from schema.history import RELEASED

Make = Callable[..., ExportOptions]


@pytest.fixture
def api(server: Server):
    """60 pairs are in the stream alone, and a few more in transactions and events of an app."""
    keep_few(server.api)
    return with_subscriptions(server.api)


def records(out: Path, kind: str) -> list[dict]:
    return [json.loads(line) for line in (out / f"{kind}.jsonl").read_text("utf-8").splitlines()]


def test_three_years_of_events_and_thirty_subscriptions_are_downloaded(api, options: Make, told: Told) -> None:
    report = asyncio.run(export_records(options(), told))
    assert (report.counts["events.jsonl"], report.counts["subscriptions.jsonl"]) == (120, 30)
    assert [event["id"] for event in records(options().out, "events")] == [event["id"] for event in api.events]
    assert records(options().out, "subscriptions")[1] == {
        "__typename": "ActiveSubscription",
        "app": {"id": "gid://shopify/App/1", "name": "App 1", "apiKey": "key1"},
        "shop": {
            "id": "gid://shopify/Shop/1002",
            "name": "Café 2 ☕",
            "myshopifyDomain": "shop-2.myshopify.com",
        },
        "billingPeriod": "EVERY_30_DAYS",
        "cancelAtEndOfCycle": False,
        "items": [
            {
                "handle": "base",
                "description": None,
                "price": {"__typename": "FlatRatePrice", "active": True, "currency": "USD", "amount": "9.00"},
            }
        ],
    }
    assert report.complete


def test_a_server_that_takes_less_at_once_is_asked_for_less(api, options: Make, told: Told) -> None:
    api.most_pairs = 6
    assert asyncio.run(export_records(options(), told)).counts["subscriptions.jsonl"] == 30


def test_an_app_that_is_gone_leaves_the_others(api, options: Make, told: Told) -> None:
    api.gone_apps = {"gid://shopify/App/2"}
    report = asyncio.run(export_records(options(), told))
    assert report.counts["subscriptions.jsonl"] == 30
    assert report.complete
    assert "subscriptions: the server has no gid://shopify/App/2 any more." in report.left_out


def test_a_token_that_may_not_read_them_leaves_them_out(api, options: Make, told: Told) -> None:
    api.forbidden = {"activeSubscription"}
    report = asyncio.run(export_records(options(), told))
    assert "subscriptions.jsonl" not in report.counts
    assert not report.complete


def test_what_changed_is_found(api, options: Make, told: Told) -> None:
    asyncio.run(export_records(options(), told))
    assert asyncio.run(verify_archive(options(), told)).counts["subscriptions.jsonl"] == 30
    api.subscriptions[0] = api.subscriptions[0] | {"cancelAtEndOfCycle": True}
    del api.subscriptions[1]
    del api.events[3]
    of = "subscriptions.jsonl: ActiveSubscription gid://shopify/App/1 gid://shopify/Shop"
    assert asyncio.run(verify_archive(options(), told)).differences == [
        "events.jsonl: gid://shopify/Charge/3 is not on the server, or twice in the archive.",
        f"{of}/1002 is not on the server, or twice in the archive.",
        f"{of}/1000 is different on the server.",
    ]


def test_an_export_that_an_older_release_began_goes_on(server: Server, options: Make, told: Told) -> None:
    """It knew neither kind, and asked for another version by default."""
    asked = options(api_version="2025-07")
    with Archive(asked):
        pass
    state = orjson.loads((asked.out / STATE).read_bytes())
    del state["kinds"]["events"], state["kinds"]["subscriptions"]
    (asked.out / STATE).write_bytes(orjson.dumps(state))
    assert version_of(asked.out) == "2025-07"
    with Archive(options(api_version=version_of(asked.out))) as archive:
        assert not archive.kinds["subscriptions"].done


def test_the_version_that_is_asked_for_by_default_has_every_kind() -> None:
    assert DEFAULT_API_VERSION in RELEASED
    plan = plan_for(build(DEFAULT_API_VERSION), DEFAULT_API_VERSION)
    assert [kind.name for kind in KINDS if not plan.has(kind)] == []
    assert not [sentence for sentence in plan.left_out if sentence.startswith(("events", "subscriptions"))]
    rules = [rule for rule in specified_rules if rule is not OverlappingFieldsCanBeMergedRule]
    document = for_pairs(plan.documents["subscriptions"], PAIRS_AT_ONCE)
    assert validate(build(DEFAULT_API_VERSION), document, rules) == []
    assert "pair24: activeSubscription(appId: $app24, shopId: $shop24)" in print_ast(document)


@pytest.mark.parametrize(
    ("record", "pair"),
    [
        ({"app": {"id": "gid://partners/App/1"}, "shop": {"id": "gid://partners/Shop/2"}}, True),
        ({"subject": {"id": "gid://shopify/App/1"}, "shop": {"id": "gid://shopify/Shop/2"}}, True),
        ({"subject": {"id": "gid://shopify/Theme/1"}, "shop": {"id": "gid://shopify/Shop/2"}}, False),
        ({"app": {"id": "gid://partners/App/1"}, "shop": None}, False),
        ({"shop": {"id": "gid://partners/Shop/2"}}, False),
    ],
)
def test_a_pair_is_an_app_with_a_shop(record: dict, pair: bool) -> None:
    assert pair_of(record) == ("gid://shopify/App/1 gid://shopify/Shop/2" if pair else None)

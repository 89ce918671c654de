"""The stream of events is downloaded year by year from our gateway, and what shops subscribe to with it."""

import asyncio
import json
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from export_told import Told
from graphql import OverlappingFieldsCanBeMergedRule, specified_rules, validate
from harness import serving
from sqlalchemy import func, select

from gateway.exports import ExportOptions, export_records
from gateway.exports.kinds import plan_for
from gateway.exports.reader import EVENTS
from gateway.models.partner_event import partner_events
from schema import build


@pytest.fixture(scope="module")
def origin(shared):
    with serving(shared.settings) as origin:
        yield origin


@pytest.fixture
def options(shared, origin, tmp_path):
    return ExportOptions(
        url=origin, organization=1, token=shared.partner, out=tmp_path / "out", api_version="2026-07", page_size=20
    )


def held(shared):
    own = (partner_events.c.organization_id == 1, partner_events.c.occurred_at <= datetime.now(UTC))
    return shared.rows(select(func.count()).select_from(partner_events).where(*own))[0][0]


def test_every_event_is_downloaded_newest_first(shared, options):
    report = asyncio.run(export_records(options, Told()))
    events = [json.loads(line) for line in (options.out / "events.jsonl").read_text("utf-8").splitlines()]
    assert report.counts["events.jsonl"] == len(events) == held(shared)
    assert len({event["id"] for event in events}) == len(events)
    assert all(newer["occurredAt"] >= older["occurredAt"] for newer, older in pairwise(events))
    (tied,) = [event for event in events if event["id"] == "gid://shopify/Charge/151"]
    assert tied == {
        "__typename": "Charge",
        "id": "gid://shopify/Charge/151",
        "eventType": "CHARGE_USAGE",
        "occurredAt": "2023-05-01T00:00:00.000000Z",
        "shop": {
            "id": "gid://shopify/Shop/3",
            "name": "Two Rivers Outfitters",
            "myshopifyDomain": "two-rivers-outfitters.myshopify.com",
        },
        "subject": {
            "__typename": "AppReference",
            "id": "gid://shopify/App/1",
            "name": "Fjord Shipping Labels",
            "apiKey": "5d41402abc4b2a76b9719d911017c592",
        },
        "description": "128 labels",
        "chargeId": "gid://shopify/AppUsageRecord/3",
        "planHandle": "pay-as-you-go",
        "balanceUsed": "6.40",
        "cappedAmount": "100.00",
        "usageQuantity": "128",
        "amount": {"amount": "6.40", "currencyCode": "USD"},
        "metadata": {"legacyChargeId": "gid://shopify/AppUsageRecord/3"},
    }


def test_what_shops_subscribe_to_is_downloaded_from_the_gateway(shared, options):
    report = asyncio.run(export_records(options, Told()))
    found = [json.loads(line) for line in (options.out / "subscriptions.jsonl").read_text("utf-8").splitlines()]
    assert [(one["app"]["id"][-5:], one["shop"]["id"][-6:]) for one in found] == [
        ("App/1", "Shop/3"),
        ("App/1", "Shop/6"),
        ("App/2", "Shop/3"),
    ]
    assert [sentence for sentence in report.left_out if sentence.startswith("subscriptions")] == []
    (yearly,) = [one for one in found if one["billingPeriod"] == "ANNUAL"]
    assert yearly["items"][0]["price"] == {
        "__typename": "FlatRatePrice",
        "active": True,
        "currency": "USD",
        "amount": "299.00",
    }


def test_the_documents_ask_for_what_2026_07_has():
    schema = build("2026-07")
    plan = plan_for(schema, "2026-07")
    rules = [rule for rule in specified_rules if rule is not OverlappingFieldsCanBeMergedRule]
    assert validate(schema, plan.documents["events"], rules) == []
    assert not [sentence for sentence in plan.left_out if sentence.startswith("events")]
    older = plan_for(build("2024-10"), "2024-10")
    assert not older.has(EVENTS)
    assert "events: this server has none in API version 2024-10." in older.left_out

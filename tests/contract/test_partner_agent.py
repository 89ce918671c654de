"""An agent's tools for the Partner API, unchanged but for the host: the PyPI package shopify-partner-agent."""

import asyncio
from datetime import date

import pytest
from harness import serving
from shopify_partner_agent.analytics import compute_payout_summary
from shopify_partner_agent.client import API_VERSION, ShopifyPartnerClient, ShopifyPartnerError

from fixtures.load import base_rows


def count(table, **wanted):
    """How many rows the fixtures hold."""
    rows = next(rows for each, rows in base_rows() if each.name == table)
    return sum(all(row[name] == value for name, value in wanted.items()) for row in rows)


@pytest.fixture(scope="module")
def origin(shared):
    with serving(shared.settings) as origin:
        yield origin


@pytest.fixture
def ask(shared, origin):
    """Runs one method of the client's own."""

    def run(method, *arguments, token=shared.partner, **options):
        async def call():
            client = ShopifyPartnerClient("1", token, ["1", "2"])
            client.endpoint = f"{origin}/1/api/{API_VERSION}/graphql.json"
            try:
                return await getattr(client, method)(*arguments, **options)
            finally:
                await client.close()

        return asyncio.run(call())

    return run


def test_the_agent_knows_an_app(ask):
    app = {"id": "gid://partners/App/1", "name": "Fjord Shipping Labels", "apiKey": "5d41402abc4b2a76b9719d911017c592"}
    assert ask("get_app", "1") == app
    assert ask("get_app", "3") is None


def test_the_agent_pages_through_all_transactions(ask):
    found = ask("get_transactions", limit=1000)
    assert len(found) == count("transactions", organization_id=1)
    summary = compute_payout_summary(found, date(2022, 1, 1), date(2022, 12, 31))
    assert summary["transaction_count"] == len([each for each in found if each["createdAt"].startswith("2022")])


def test_the_agent_asks_for_some_of_them(ask):
    found = ask("get_transactions", app_id="1", types=["APP_SUBSCRIPTION_SALE"], created_at_min="2022-01-01T00:00:00Z")
    assert {each["__typename"] for each in found} == {"AppSubscriptionSale"}
    assert [each["id"].rpartition("/")[2] for each in found] == ["13", "12"]


def test_the_agent_reads_what_happened_to_an_app(ask):
    events = ask("get_app_events", "1", limit=500)
    assert len(events) == count("app_events", app_id=1)
    left = [event for event in events if event["type"] == "RELATIONSHIP_UNINSTALLED"]
    assert left[-1]["reason"] == "Not used any more"


def test_the_agent_hears_of_a_refused_token(ask):
    with pytest.raises(ShopifyPartnerError, match="401"):
        ask("get_app", "1", token="prtapi_unknown")

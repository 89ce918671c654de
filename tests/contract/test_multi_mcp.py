"""Tools of the npm package shopify-multi-mcp, unchanged but for the host. It asks for 2026-07."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from harness import serving

from fixtures.load import base_rows

PACKAGE = "shopify-multi-mcp@0.2.1"
SCRIPT = Path(__file__).with_name("partner_mcp.js")
NPM = shutil.which("npm")

pytestmark = [pytest.mark.slow, pytest.mark.skipif(NPM is None, reason="npm is not installed")]


def count(table, **wanted):
    """How many rows the fixtures hold."""
    rows = next(rows for each, rows in base_rows() if each.name == table)
    return sum(all(row[name] == value for name, value in wanted.items()) for row in rows)


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    folder = tmp_path_factory.mktemp("npm")
    command = [str(NPM), "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder), PACKAGE]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return folder


@pytest.fixture(scope="module")
def origin(shared):
    with serving(shared.settings) as origin:
        yield origin


@pytest.fixture
def run(shared, package, origin):
    """What a tool answers, or what it says of an error."""

    def call(name, *, token=shared.partner, **arguments):
        own = {"SHOPIFY_PARTNER_ORGANIZATION_ID": "1", "SHOPIFY_PARTNER_ACCESS_TOKEN": token, "ORIGIN": origin}
        command = ["node", str(SCRIPT), str(package), f"shopify_partner_{name}", json.dumps(arguments)]
        done = subprocess.run(command, env=os.environ | own, capture_output=True, text=True, timeout=60, check=False)
        return json.loads(done.stdout) if done.returncode == 0 else done.stderr

    return call


def walked(run, name, path, **arguments):
    nodes, after = [], {}
    while True:
        page = run(name, first=10, **after, **arguments)
        for key in path:
            page = page[key]
        nodes += [edge["node"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            return nodes
        after = {"after": page["edges"][-1]["cursor"]}


def test_the_tools_page_through_transactions_and_events(run):
    assert len(walked(run, "transactions", ["transactions"])) == count("transactions", organization_id=1)
    events = walked(run, "app_events", ["app", "events"], appId="gid://partners/App/1")
    assert len(events) == count("app_events", app_id=1)
    installed = run(
        "app_events", appId="gid://partners/App/1", types=["RELATIONSHIP_INSTALLED"], shopId="gid://partners/Shop/3"
    )
    assert [edge["node"]["occurredAt"] for edge in installed["app"]["events"]["edges"]] == [
        "2023-04-01T17:20:00.000000Z"
    ]


def test_the_tool_for_any_query_asks_for_a_subscription(run):
    query = "query ($app: ID!, $shop: ID!) { activeSubscription(appId: $app, shopId: $shop) { billingPeriod } }"
    variables = {"app": "gid://shopify/App/2", "shop": "gid://shopify/Shop/3"}
    assert run("graphql", query=query, variables=variables) == {"activeSubscription": {"billingPeriod": "ANNUAL"}}


def test_the_tools_hear_of_a_refused_token(run):
    assert "401" in run("graphql", query="{ __typename }", token="prtapi_unknown")

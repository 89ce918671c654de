"""Ids of another tenant, as arguments of lists and of writes: they read as ids that nobody has."""

from collections.abc import Iterator

import pytest
from harness import Template
from sqlalchemy import select
from visibility_callers import CALLERS, World, world

from gateway.models.audit import audit_entries
from gateway.models.eventsink import eventsinks

# Organization 2 owns app 3 with charge 9 and credit 4 and deals with shops 2, 3 and 8; event sink 4 is of app 3.
CREDIT = """
mutation ($app: ID!, $shop: ID!) {
  appCreditCreate(appId: $app, shopId: $shop, description: "For you", amount: { amount: "1.00", currencyCode: USD }) {
    appCredit { name }
    userErrors { code field }
  }
}
"""
CREATE_SINK = """
mutation ($app: ID!, $arn: String!) {
  eventsinkCreate(input: { appId: $app, topic: CUSTOMERS_REDACT, awsUserArn: $arn }) {
    success
    eventsink { topic }
    userErrors { code field }
  }
}
"""
DELETE_SINK = """
mutation ($sink: ID!, $app: ID!) {
  eventsinkDelete(id: $sink, appId: $app, topic: CUSTOMER_EVENTS_CREATE) {
    id
    success
    userErrors { code field }
  }
}
"""
ARN = "arn:aws:iam::123456789012:user/hostile"
STRANGERS = ["partner-2", "partner-3", "merchant-of-1", "merchant-of-3", "employee", "anonymous"]
WITHOUT_FINANCIALS = ["MANAGE_APPS", "NO_PERMISSION"]
WITHOUT_APPS = ["VIEW_FINANCIALS", "NO_PERMISSION"]


@pytest.fixture(scope="module")
def untouched(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """For what must not write: every test compares all that is held before and after."""
    with world(template, tmp_path_factory.mktemp("hostile")) as opened:
        before = opened.held()
        yield opened
        assert opened.held() == before


@pytest.fixture
def touched(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(template, tmp_path_factory.mktemp("touched")) as opened:
        yield opened


def nodes(answer, *path):
    found = answer.data
    for name in path:
        found = found[name]
    return found["nodes"]


@pytest.mark.parametrize("shop", [2, 8, 999])
def test_a_list_filtered_by_a_shop_of_another_tenant_is_empty(untouched, shop):
    document = """query ($shop: ID!) {
      jobs(shopId: $shop) { nodes { id } }
      transactions(shopId: $shop) { nodes { id } }
      app(id: "gid://partners/App/1") { events(shopId: $shop) { nodes { type } } }
    }"""
    answer = untouched.ask(CALLERS["partner-1"], document, {"shop": f"gid://partners/Shop/{shop}"})
    nothing = {"nodes": []}
    assert answer.data == {"jobs": nothing, "transactions": nothing, "app": {"events": nothing}}


def test_a_list_filtered_by_a_shop_of_both_holds_the_caller_s_rows_alone(untouched):
    document = '{ jobs(shopId: "gid://partners/Shop/3") { nodes { id } } }'
    mine, theirs = (nodes(untouched.ask(CALLERS[f"partner-{number}"], document), "jobs") for number in (1, 2))
    assert {job["id"] for job in mine} == {f"gid://partners/Job/{number}" for number in (3, 4, 5)}
    assert {job["id"] for job in theirs} == {f"gid://partners/Job/{number}" for number in (16, 19)}


@pytest.mark.parametrize("shop", [1, 2, 8])
def test_a_merchant_s_list_filtered_by_another_shop_is_empty(untouched, shop):
    document = f'{{ jobs(shopId: "gid://partners/Shop/{shop}") {{ nodes {{ id }} }} }}'
    assert nodes(untouched.ask(CALLERS["merchant-of-3"], document, phase="OPEN"), "jobs") == []


@pytest.mark.parametrize("domain", ["saigon-coffee-roasters", "jasmine-souk", "nobody"])
def test_transactions_of_a_domain_of_another_tenant_are_none(untouched, domain):
    document = f'{{ transactions(myshopifyDomain: "{domain}.myshopify.com") {{ nodes {{ id }} }} }}'
    assert nodes(untouched.ask(CALLERS["partner-1"], document), "transactions") == []


@pytest.mark.parametrize("app", [3, 999])
def test_transactions_and_sinks_of_an_app_of_another_tenant_are_none(untouched, app):
    document = """query ($app: ID!) {
      transactions(appId: $app) { nodes { id } }
      eventsinks(appId: $app, topic: CUSTOMER_EVENTS_CREATE) { id queues { address } }
    }"""
    answer = untouched.ask(CALLERS["partner-1"], document, {"app": f"gid://partners/App/{app}"})
    assert answer.data == {"transactions": {"nodes": []}, "eventsinks": []}


@pytest.mark.parametrize("charge", ["AppSubscription/9", "AppUsageRecord/10", "AppCredit/4", "AppCredit/999"])
def test_events_of_a_charge_of_another_tenant_are_none(untouched, charge):
    document = 'query ($it: ID!) { app(id: "gid://partners/App/1") { events(chargeId: $it) { nodes { type } } } }'
    answer = untouched.ask(CALLERS["partner-1"], document, {"it": f"gid://shopify/{charge}"})
    assert nodes(answer, "app", "events") == []


def test_a_cursor_of_another_tenant_only_says_where_to_go_on(untouched):
    """It names a moment and an id, so it lets nobody see more than a guess of that moment would."""
    newest = "{ jobs(first: 1) { pageInfo { endCursor } } }"
    cursor = untouched.ask(CALLERS["partner-2"], newest).data["jobs"]["pageInfo"]["endCursor"]
    document = f'{{ jobs(first: 250, after: "{cursor}") {{ nodes {{ id dashboardUrl }} }} }}'
    rows = nodes(untouched.ask(CALLERS["partner-1"], document), "jobs")
    assert rows
    assert {row["dashboardUrl"].split("/")[3] for row in rows} == {"1"}


@pytest.mark.parametrize("name", STRANGERS)
def test_a_credit_for_another_tenant_s_app_is_not_found(untouched, name):
    variables = {"app": "gid://partners/App/1", "shop": "gid://partners/Shop/1"}
    answer = untouched.ask(CALLERS[name], CREDIT, variables, phase="OPEN")
    refused = {"appCredit": None, "userErrors": [{"code": "NOT_FOUND", "field": ["appId"]}]}
    assert answer.data == {"appCreditCreate": refused}


@pytest.mark.parametrize("shop", [2, 5, 8, 999])
def test_a_credit_to_a_shop_that_has_not_used_the_app_is_not_found(untouched, shop):
    variables = {"app": "gid://partners/App/1", "shop": f"gid://partners/Shop/{shop}"}
    answer = untouched.ask(CALLERS["partner-1"], CREDIT, variables)
    refused = {"appCredit": None, "userErrors": [{"code": "NOT_FOUND", "field": ["shopId"]}]}
    assert answer.data == {"appCreditCreate": refused}


@pytest.mark.parametrize("name", WITHOUT_FINANCIALS)
def test_a_credit_is_forbidden_without_view_financials(untouched, name):
    variables = {"app": "gid://partners/App/1", "shop": "gid://partners/Shop/1"}
    answer = untouched.ask(CALLERS[name], CREDIT, variables)
    assert (answer.status, answer.codes) == (403, [(None, "403")])


def test_a_credit_is_written_for_the_right_one(touched):
    variables = {"app": "gid://partners/App/1", "shop": "gid://partners/Shop/1"}
    before = counts(touched)
    answer = touched.ask(CALLERS["VIEW_FINANCIALS"], CREDIT, variables)
    assert answer.data == {"appCreditCreate": {"appCredit": {"name": "For you"}, "userErrors": []}}
    written = {"app_credits": 1, "app_events": 1, "partner_events": 1, "audit_entries": 1}
    assert changes(before, counts(touched)) == written


@pytest.mark.parametrize("name", STRANGERS)
def test_a_sink_of_another_tenant_s_app_is_not_found(untouched, name):
    answer = untouched.ask(CALLERS[name], CREATE_SINK, {"app": "gid://partners/App/1", "arn": ARN}, phase="OPEN")
    refused = {"success": False, "eventsink": None, "userErrors": [{"code": "NOT_FOUND", "field": ["input", "appId"]}]}
    assert answer.data == {"eventsinkCreate": refused}


@pytest.mark.parametrize("name", WITHOUT_APPS)
def test_a_sink_is_forbidden_without_manage_apps(untouched, name):
    answer = untouched.ask(CALLERS[name], CREATE_SINK, {"app": "gid://partners/App/1", "arn": ARN})
    assert (answer.status, answer.codes) == (403, [(None, "403")])


def test_a_sink_is_written_for_the_right_one(touched):
    before = counts(touched)
    answer = touched.ask(CALLERS["MANAGE_APPS"], CREATE_SINK, {"app": "gid://partners/App/1", "arn": ARN})
    made = {"success": True, "eventsink": {"topic": "CUSTOMERS_REDACT"}, "userErrors": []}
    assert answer.data == {"eventsinkCreate": made}
    assert changes(before, counts(touched)) == {"eventsinks": 1, "audit_entries": 1}


def test_the_same_sink_twice_is_refused_and_written_once(touched):
    variables = {"app": "gid://partners/App/1", "arn": ARN}
    touched.ask(CALLERS["MANAGE_APPS"], CREATE_SINK, variables)
    before = touched.held()
    refused = touched.ask(CALLERS["MANAGE_APPS"], CREATE_SINK, variables).data["eventsinkCreate"]
    assert refused == {
        "success": False,
        "eventsink": None,
        "userErrors": [{"code": "ALREADY_EXISTS", "field": ["input"]}],
    }
    assert touched.held() == before


@pytest.mark.parametrize("name", STRANGERS)
@pytest.mark.parametrize("app", [1, 3])
def test_a_sink_of_another_tenant_can_not_be_deleted(untouched, name, app):
    """Neither by its own app's id nor by that of an app of the caller."""
    variables = {"sink": "gid://partners/Eventsink/1", "app": f"gid://partners/App/{app}"}
    answer = untouched.ask(CALLERS[name], DELETE_SINK, variables, phase="OPEN")
    refused = {"id": None, "success": False, "userErrors": [{"code": "NOT_FOUND", "field": ["id"]}]}
    assert answer.data == {"eventsinkDelete": refused}


def test_one_s_own_sink_can_not_be_deleted_as_another_app_s(untouched):
    for sink, app in ((1, 2), (1, 3), (4, 1), (4, 3), (2, 1), (999, 1)):
        variables = {"sink": f"gid://partners/Eventsink/{sink}", "app": f"gid://partners/App/{app}"}
        answer = untouched.ask(CALLERS["partner-1"], DELETE_SINK, variables)
        assert answer.data["eventsinkDelete"]["userErrors"] == [{"code": "NOT_FOUND", "field": ["id"]}]


@pytest.mark.parametrize("name", WITHOUT_APPS)
def test_deleting_a_sink_is_forbidden_without_manage_apps(untouched, name):
    variables = {"sink": "gid://partners/Eventsink/1", "app": "gid://partners/App/1"}
    answer = untouched.ask(CALLERS[name], DELETE_SINK, variables)
    assert (answer.status, answer.codes) == (403, [(None, "403")])


def test_a_sink_is_deleted_with_its_queues_by_the_right_one(touched):
    before = counts(touched)
    variables = {"sink": "gid://partners/Eventsink/1", "app": "gid://partners/App/1"}
    answer = touched.ask(CALLERS["MANAGE_APPS"], DELETE_SINK, variables)
    gone = {"id": "gid://partners/Eventsink/1", "success": True, "userErrors": []}
    assert answer.data == {"eventsinkDelete": gone}
    assert changes(before, counts(touched)) == {"eventsinks": -1, "eventsink_queues": -2, "audit_entries": 1}
    assert touched.rows(select(eventsinks.c.id).where(eventsinks.c.id == 1)) == []
    told = (audit_entries.c.action, audit_entries.c.subject, audit_entries.c.organization_id)
    last = touched.rows(select(*told).order_by(audit_entries.c.id.desc()).limit(1))
    assert last == [("eventsinkDelete", gone["id"], 1)]


def counts(touched: World) -> dict[str, int]:
    return {name: len(rows) for name, rows in touched.held().items()}


def changes(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    return {name: after[name] - count for name, count in before.items() if after[name] != count}

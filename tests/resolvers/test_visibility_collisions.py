"""Two organizations with rows of the same ids: a tenant's key is (organization_id, id), never the id alone."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from harness import Template
from visibility_callers import CALLERS, World, world
from visibility_checks import Checks
from visibility_model import PHASES, Records, Row, fixture_rows

from gateway.models import metadata

TWINS = 3
# Organization 3 has its own already.
ONE_EACH = ("organizations", "partners")
RENAMED = (
    "case_number",
    "name",
    "number",
    "body",
    "description",
    "question",
    "api_key",
    "address",
    "aws_user_arn",
    "shop_domain",
)
# The fixtures have none, and nobody reads them: as many wrong codes as an organization may send for one shop.
ATTEMPTS = [
    {
        "organization_id": 1,
        "id": number,
        "shop_domain": "quiet-harbour.myshopify.com",
        "attempted_at": "2999-01-01T00:00:00+00:00",
    }
    for number in range(1, 6)
]


def twins() -> dict[str, list[Row]]:
    """Every row of organization 1 again as one of organization 3, which has few others, with other words."""
    return {
        table: [_twin(row) for row in rows if row.get("organization_id") == 1]
        for table, rows in (fixture_rows() | {"collaborator_attempts": ATTEMPTS}).items()
        if table not in ONE_EACH
    }


def _twin(row: Row) -> Row:
    twin = row | {"organization_id": TWINS}
    if "partner_id" in row:
        twin["partner_id"] = TWINS
    # Of two rows with an odd id a merchant sees both, of those with an even id at most one. A shop writes in its own
    # conversations only, a merchant user in those of others too.
    # What is about a job is of the job's shop.
    if row.get("shop_id") is not None and (row.get("job_id") or row["id"]) % 2 == 0:
        twin["shop_id"] = row["shop_id"] % 8 + 1
    if row.get("sender_shop_id") is not None and row["conversation_id"] % 2 == 0:
        twin["sender_shop_id"] = row["sender_shop_id"] % 8 + 1
    if row.get("merchant_user_id") is not None:
        twin["merchant_user_id"] = row["merchant_user_id"] % 9 + 1
    for name, value in row.items():
        if name in RENAMED and value is not None:
            twin[name] = f"{value} II"
        elif name.endswith("_at") and value is not None:
            twin[name] = (datetime.fromisoformat(value) + timedelta(seconds=7)).isoformat()
    return twin


def _added() -> dict[str, list[Row]]:
    added = twins()
    return added | {"collaborator_attempts": [*ATTEMPTS, *added["collaborator_attempts"]]}


@pytest.fixture(scope="module")
def colliding(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(template, tmp_path_factory.mktemp("colliding"), _added()) as opened:
        yield opened


@pytest.fixture(scope="module")
def records(colliding: World) -> Records:
    rows = {table: [*rows, *twins().get(table, [])] for table, rows in fixture_rows().items()}
    return Records(rows | {"audit_entries": colliding.audit()})


def test_every_table_of_a_tenant_has_twins():
    tenants = {table.name for table in metadata.sorted_tables if "organization_id" in table.primary_key.columns}
    made_by_triggers = {"partner_events", "themes"}
    assert {table for table, rows in twins().items() if rows} == tenants - {*ONE_EACH} - made_by_triggers


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("name", CALLERS)
def test_rows_of_one_id_stay_with_their_tenant(colliding, records, name, phase):
    Checks(colliding, records, CALLERS[name], phase).all()


def test_both_rows_of_one_id_stand_side_by_side_in_a_merchant_s_list(colliding):
    document = """{ jobs(first: 250) { nodes {
      id dashboardUrl requirements { question } proposals { description } invoices { number }
      conversation { dashboardUrl messages(first: 1) { nodes { body sentBy { ...on TeamMember { name } } } } }
    } } }"""
    jobs = colliding.ask(CALLERS["merchant-of-1"], document, phase="OPEN").data["jobs"]["nodes"]
    both = [job for job in jobs if job["id"] == "gid://partners/Job/1"]
    assert [job["dashboardUrl"].split("/")[3] for job in both] == ["3", "1"]
    newer, older = both
    assert [invoice["number"] for invoice in newer["invoices"]] == ["1001 II"]
    assert [invoice["number"] for invoice in older["invoices"]] == ["1001"]
    assert all(each["question"].endswith(" II") for each in newer["requirements"])
    message, twin = (job["conversation"]["messages"]["nodes"][0] for job in (older, newer))
    assert twin == {"body": f"{message['body']} II", "sentBy": {"name": f"{message['sentBy']['name']} II"}}


def test_writes_find_the_row_of_their_own_tenant(colliding):
    """Sink 2 and app 1 are of both organizations; each deletes its own."""
    document = """mutation { eventsinkDelete(
      id: "gid://partners/Eventsink/2", appId: "gid://partners/App/1", topic: CUSTOMERS_REDACT
    ) { success } }"""
    sinks = '{ eventsinks(appId: "gid://partners/App/1", topic: CUSTOMERS_REDACT) { awsUserArn } }'
    before = colliding.ask(CALLERS["partner-1"], sinks).data
    assert colliding.ask(CALLERS["partner-3"], sinks).data["eventsinks"][0]["awsUserArn"].endswith(" II")
    assert colliding.ask(CALLERS["partner-3"], document).data["eventsinkDelete"] == {"success": True}
    assert colliding.ask(CALLERS["partner-3"], sinks).data == {"eventsinks": []}
    assert colliding.ask(CALLERS["partner-1"], sinks).data == before


def test_a_shop_that_used_another_tenant_s_app_of_the_same_id_gets_no_credit(colliding):
    """Shop 2 has used app 1 of organization 3, and not app 1 of organization 1."""
    document = """mutation { appCreditCreate(
      appId: "gid://partners/App/1", shopId: "gid://partners/Shop/2", description: "x",
      amount: { amount: "1.00", currencyCode: USD }
    ) { appCredit { name } userErrors { code field } } }"""
    refused = {"appCredit": None, "userErrors": [{"code": "NOT_FOUND", "field": ["shopId"]}]}
    before = colliding.held()
    assert colliding.ask(CALLERS["partner-1"], document).data == {"appCreditCreate": refused}
    assert colliding.held() == before
    made = {"appCredit": {"name": "x"}, "userErrors": []}
    assert colliding.ask(CALLERS["partner-3"], document).data == {"appCreditCreate": made}


def test_wrong_codes_of_one_tenant_are_not_those_of_another(colliding):
    """Attempts 1 to 5 are of both organizations; those of organization 1 alone were for this shop."""
    document = """mutation { collaboratorRequestCreate(input: {
      shopDomain: "quiet-harbour.myshopify.com", requestCode: "8342", permissions: [THEMES]
    }) { collaborator { shop { id } } userErrors { code field } } }"""
    before = colliding.held()
    refused = {"collaborator": None, "userErrors": [{"code": "TOO_MANY_ATTEMPTS", "field": ["input", "requestCode"]}]}
    assert colliding.ask(CALLERS["partner-1"], document).data == {"collaboratorRequestCreate": refused}
    assert colliding.held() == before
    made = {"collaborator": {"shop": {"id": "gid://partners/Shop/5"}}, "userErrors": []}
    assert colliding.ask(CALLERS["partner-3"], document).data == {"collaboratorRequestCreate": made}

"""What a partner's token without a permission is refused, and what it still gets."""

from collections.abc import Iterator

import pytest
from harness import Template
from visibility_callers import ALL, CALLERS, PARTNERS, World, world
from visibility_routes import ROOT_FIELDS

ARGUMENTS = {
    "activeSubscription": '(appId: "gid://partners/App/2", shopId: "gid://partners/Shop/3") { billingPeriod }',
    "appSubscriptionCancel": (
        '(appId: "gid://partners/App/2", shopId: "gid://partners/Shop/3", deferCancellation: true, prorate: false,'
        " skipFinalUsageCharge: false) { appSubscription { billingPeriod } }"
    ),
    "events": "(first: 1) { nodes { id } }",
    "app": '(id: "gid://partners/App/1") { name }',
    "auditEntries": "(first: 1) { nodes { id } }",
    "collaborator": '(id: "gid://partners/Collaborator/1") { id }',
    "collaborators": "(first: 1) { nodes { id } }",
    "conversation": '(id: "gid://partners/Conversation/1") { id }',
    "conversations": "(first: 1) { nodes { id } }",
    "directoryService": '(handle: "CUSTOMIZE_THEME") { name }',
    "eventsinks": '(appId: "gid://partners/App/1", topic: CUSTOMERS_REDACT) { id }',
    "job": '(id: "gid://partners/Job/1") { id }',
    "partnerBlockPreview": '(partnerId: "gid://partners/Partner/1") { confirmation }',
    "partnerBlocks": "(first: 1) { nodes { id } }",
    "partnerReports": "(first: 1) { nodes { id } }",
    "refundRequest": '(id: "gid://partners/RefundRequest/1") { id }',
    "refundRequests": "(first: 1) { nodes { id } }",
    "refundRequestCreate": (
        '(input: { invoiceId: "gid://partners/Invoice/1", amount: { amount: "1.00", currencyCode: USD },'
        ' reason: "None" }) { refundRequest { id } }'
    ),
    "refundRequestAgree": '(id: "gid://partners/RefundRequest/1") { refundRequest { id } }',
    "refundRequestSubmit": '(id: "gid://partners/RefundRequest/2") { refundRequest { id } }',
    "refundRequestWithdraw": '(id: "gid://partners/RefundRequest/1") { refundRequest { id } }',
    "refundRequestResolve": '(id: "gid://partners/RefundRequest/3", decision: DECLINE) { refundRequest { id } }',
    "collaboratorRequestCreate": (
        '(input: { shopDomain: "quiet-harbour.myshopify.com", requestCode: "8342", permissions: [THEMES] })'
        " { collaborator { id } }"
    ),
    "collaboratorRequestCancel": '(id: "gid://partners/Collaborator/1") { collaborator { id } }',
    "collaboratorRemove": '(id: "gid://partners/Collaborator/1") { collaborator { id } }',
    "leadUpdate": '(id: "gid://partners/Lead/1", status: CONTACTED) { lead { id } }',
    "messageSend": '(conversationId: "gid://partners/Conversation/1", body: "None") { message { id } }',
    "partnerProfileUpdate": '(input: { name: "None" }) { partner { id } }',
    "serviceOfferingDelete": '(id: "gid://partners/ServiceOffering/1") { deletedId }',
    "serviceOfferingSet": (
        '(input: { serviceHandle: "CUSTOMIZE_THEME", pricing: CONTACT }) { serviceOffering { id } }'
    ),
    "jobs": "(first: 1) { nodes { id } }",
    "lead": '(id: "gid://partners/Lead/1") { id }',
    "leads": "(first: 1) { nodes { id } }",
    "node": '(id: "gid://partners/Job/1") { id }',
    "nodes": '(ids: ["gid://partners/Job/1"]) { id }',
    "partner": '(slug: "nordlys-commerce") { id }',
    "partners": "(first: 1) { nodes { id } }",
    "publicApiVersions": " { handle }",
    "exportReceipts": "(first: 1) { nodes { id } }",
    "marketplace": " { phase }",
    "migrationTasks": " { handle missingFields ongoingJobs { id } lastExport { id } }",
    "reviewEligibility": '(partnerId: "gid://partners/Partner/1", serviceHandle: "CUSTOMIZE_THEME") { reasons }',
    "exportReceiptCreate": f'(input: {{ recordCount: 1, manifestSha256: "{"0" * 64}" }}) {{ exportReceipt {{ id }} }}',
    "migrationTaskComplete": "(handle: CHOOSE_TOOLS) { migrationTask { handle } }",
    "review": '(id: "gid://partners/Review/1") { id }',
    "reviews": "(first: 1) { nodes { id } }",
    "serviceCategories": " { name }",
    "transaction": '(id: "gid://partners/ServiceSale/1") { id }',
    "transactions": "(first: 1) { nodes { id } }",
    "viewer": " { kind }",
    "appCreditCreate": (
        '(appId: "gid://partners/App/1", shopId: "gid://partners/Shop/1", description: "None",'
        ' amount: { amount: "1.00", currencyCode: USD }) { appCredit { id } }'
    ),
    "eventsinkCreate": (
        '(input: { appId: "gid://partners/App/2", topic: CUSTOMERS_REDACT,'
        ' awsUserArn: "arn:aws:iam::123456789012:user/none" }) { success }'
    ),
    "eventsinkDelete": (
        '(id: "gid://partners/Eventsink/1", appId: "gid://partners/App/1", topic: CUSTOMER_EVENTS_CREATE) { success }'
    ),
}
WORDS = ("Forbidden", "permissions")
OF_ORGANIZATION_1 = [caller for caller in PARTNERS if caller.organization_id == 1]
APP_BY_TRANSACTION = """
query ($events: Boolean!) {
  transaction(id: "gid://partners/AppOneTimeSale/10") {
    ...on AppOneTimeSale { app { id name apiKey events(first: 1) @include(if: $events) { nodes { type } } } }
  }
  viewer { kind }
}
"""


@pytest.fixture(scope="module")
def asked(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(template, tmp_path_factory.mktemp("permissions")) as opened:
        yield opened


def operation(coordinate: str) -> str:
    root, _, name = coordinate.partition(".")
    return f"{'query' if root == 'QueryRoot' else 'mutation'} {{ {name}{ARGUMENTS[name]} }}"


@pytest.mark.parametrize("caller", OF_ORGANIZATION_1, ids=lambda caller: caller.name)
def test_a_root_field_alone_is_refused_without_its_permission_and_nothing_is_written(asked, caller):
    refused = {name: needed for name, needed in ROOT_FIELDS.items() if needed and needed not in caller.permissions}
    before = asked.held()
    for coordinate, permission in refused.items():
        answer = asked.ask(caller, operation(coordinate))
        assert (answer.status, answer.body["data"]) == (403, None)
        (error,) = answer.body["errors"]
        assert error["extensions"] == {"code": "403"}
        assert all(word in error["message"] for word in (*WORDS, permission))
        assert answer.statements == 0
    assert asked.held() == before


@pytest.mark.parametrize("caller", OF_ORGANIZATION_1, ids=lambda caller: caller.name)
def test_a_query_is_let_in_with_the_permission_or_where_none_is_needed(asked, caller):
    for coordinate, needed in ROOT_FIELDS.items():
        if coordinate.startswith("QueryRoot.") and (needed is None or needed in caller.permissions):
            name = coordinate.partition(".")[2]
            assert name in asked.ask(caller, operation(coordinate)).data


def test_all_root_fields_refused_is_one_refusal_that_names_every_permission(asked):
    document = f"{{ a: app{ARGUMENTS['app']} ...more }} fragment more on QueryRoot {{ jobs{ARGUMENTS['jobs']} }}"
    answer = asked.ask(CALLERS["VIEW_FINANCIALS"], document)
    assert answer.status == 403
    (error,) = answer.body["errors"]
    assert all(word in error["message"] for word in (*WORDS, "MANAGE_APPS", "MANAGE_JOBS"))


def test_a_field_that_is_skipped_does_not_let_the_others_in(asked):
    document = f"query ($no: Boolean!) {{ viewer @skip(if: $no) {{ kind }} job{ARGUMENTS['job']} }}"
    assert asked.ask(CALLERS["MANAGE_APPS"], document, {"no": True}).status == 403
    assert asked.ask(CALLERS["MANAGE_APPS"], document, {"no": False}).status == 200


@pytest.mark.parametrize("name", ["app", "conversation", "job", "transaction"])
def test_a_nullable_field_among_others_fails_alone(asked, name):
    caller = CALLERS["NO_PERMISSION"]
    answer = asked.ask(caller, f"{{ it: {name}{ARGUMENTS[name]} viewer {{ kind }} }}")
    assert answer.status == 200
    assert answer.body["data"] == {"it": None, "viewer": {"kind": "PARTNER"}}
    assert answer.codes == [(["it"], "403")]
    assert all(word in answer.body["errors"][0]["message"] for word in WORDS)


@pytest.mark.parametrize("name", ["conversations", "eventsinks", "jobs", "transactions"])
def test_a_list_that_can_not_be_null_takes_the_others_with_it(asked, name):
    answer = asked.ask(CALLERS["NO_PERMISSION"], f"{{ {name}{ARGUMENTS[name]} viewer {{ kind }} }}")
    assert (answer.status, answer.body["data"]) == (200, None)
    assert answer.codes == [([name], "403")]


def test_a_mutation_that_is_refused_beside_one_that_is_not_writes_nothing(asked):
    before = asked.held()
    document = (
        f"mutation {{ eventsinkDelete{ARGUMENTS['eventsinkDelete']}"
        ' appCreditCreate(appId: "gid://partners/App/99", shopId: "gid://partners/Shop/1", description: "None",'
        ' amount: { amount: "1.00", currencyCode: USD }) { userErrors { code } } }'
    )
    answer = asked.ask(CALLERS["VIEW_FINANCIALS"], document)
    assert answer.body["data"] == {"eventsinkDelete": None, "appCreditCreate": {"userErrors": [{"code": "NOT_FOUND"}]}}
    assert answer.codes == [(["eventsinkDelete"], "403")]
    assert asked.held() == before


def test_an_app_of_a_transaction_shows_its_name_with_view_financials_alone(asked):
    app = {"id": "gid://partners/App/1", "name": "Fjord Shipping Labels", "apiKey": "5d41402abc4b2a76b9719d911017c592"}
    answer = asked.ask(CALLERS["VIEW_FINANCIALS"], APP_BY_TRANSACTION, {"events": False})
    assert answer.data == {"transaction": {"app": app}, "viewer": {"kind": "PARTNER"}}


def test_the_events_of_an_app_of_a_transaction_need_manage_apps(asked):
    answer = asked.ask(CALLERS["VIEW_FINANCIALS"], APP_BY_TRANSACTION, {"events": True})
    assert answer.body["data"] == {"transaction": None, "viewer": {"kind": "PARTNER"}}
    assert answer.codes == [(["transaction", "app", "events"], "403")]
    assert all(word in answer.body["errors"][0]["message"] for word in WORDS)
    told = asked.ask(CALLERS["partner-1"], APP_BY_TRANSACTION, {"events": True}).data["transaction"]["app"]
    assert len(told["events"]["nodes"]) == 1


@pytest.mark.parametrize(
    ("name", "sale"), [("partner-1", {"id": "gid://partners/ServiceSale/1"}), ("MANAGE_JOBS", None)]
)
def test_the_sale_of_an_invoice_is_null_without_view_financials(asked, name, sale):
    document = '{ job(id: "gid://partners/Job/1") { invoices { id sale { id } } } }'
    invoice = {"id": "gid://partners/Invoice/1", "sale": sale}
    assert asked.ask(CALLERS[name], document).data["job"]["invoices"] == [invoice]


def test_the_sale_of_an_invoice_is_null_for_its_merchant(asked):
    document = '{ job(id: "gid://partners/Job/1") { invoices { id sale { id } } } }'
    answer = asked.ask(CALLERS["merchant-of-1"], document, phase="OPEN")
    assert answer.data["job"]["invoices"] == [{"id": "gid://partners/Invoice/1", "sale": None}]


@pytest.mark.parametrize("name", ["merchant-of-1", "employee", "anonymous"])
def test_who_is_no_partner_is_not_told_of_permissions(asked, name):
    """They are no API clients: a list is empty and a row is null, as if nothing existed."""
    asked_for = {field: ARGUMENTS[field] for field in ("app", "eventsinks", "job", "jobs", "transactions")}
    document = "{ " + " ".join(f"{field}{arguments}" for field, arguments in asked_for.items()) + " }"
    answer = asked.ask(CALLERS[name], document)
    empty = {"nodes": []}
    assert answer.data == {"app": None, "eventsinks": [], "job": None, "jobs": empty, "transactions": empty}


def test_permissions_of_the_model_are_those_of_the_gateway():
    assert {needed for needed in ROOT_FIELDS.values() if needed} <= ALL

"""The schema against the facts of the Partner API, and against what this API adds to them."""

from pathlib import Path

import pytest
from coordinates import coordinates, named_types
from graphql import BreakingChange, build_schema, find_schema_changes

from schema import build

HERE = Path(__file__).parent
OURS = build("unstable")
THEIRS = {
    version: build_schema((HERE / f"partner_api_{version.replace('-', '_')}.graphql").read_text(encoding="utf-8"))
    for version in ("2025-07", "unstable")
}


@pytest.mark.parametrize("theirs", THEIRS.values(), ids=list(THEIRS))
def test_nothing_breaks_for_a_client_of_the_partner_api(theirs):
    changes = find_schema_changes(theirs, OURS)
    assert [change.description for change in changes if isinstance(change, BreakingChange)] == []


@pytest.mark.parametrize("theirs", THEIRS.values(), ids=list(THEIRS))
def test_each_coordinate_of_the_partner_api_has_the_same_type_here(theirs):
    ours, facts = coordinates(OURS), coordinates(theirs)
    assert {coordinate: ours.get(coordinate) for coordinate in facts} == facts


@pytest.mark.parametrize("theirs", THEIRS.values(), ids=list(THEIRS))
def test_each_type_of_the_partner_api_has_the_same_interfaces_and_members_here(theirs):
    for named in named_types(theirs):
        ours = OURS.type_map[named.name]
        assert isinstance(ours, type(named))
        for part in ("interfaces", "types"):
            assert {each.name for each in getattr(named, part, ())} <= {each.name for each in getattr(ours, part, ())}


@pytest.mark.parametrize("theirs", THEIRS.values(), ids=list(THEIRS))
def test_what_is_deprecated_there_is_deprecated_here(theirs):
    for named in named_types(theirs):
        for part in ("fields", "values"):
            for name, declared in getattr(named, part, {}).items():
                if getattr(declared, "deprecation_reason", None):
                    assert getattr(OURS.type_map[named.name], part)[name].deprecation_reason, f"{named.name}.{name}"


ADDED = {
    "QueryRoot.node": "Node",
    "QueryRoot.node(id:)": "ID!",
    "QueryRoot.nodes": "[Node]!",
    "QueryRoot.nodes(ids:)": "[ID!]!",
    "QueryRoot.viewer": "Viewer!",
    "PageInfo.startCursor": "String",
    "PageInfo.endCursor": "String",
    "JobConnection.nodes": "[Job!]!",
    "ConversationConnection.nodes": "[Conversation!]!",
    "MessageConnection.nodes": "[Message!]!",
    "TransactionConnection.nodes": "[Transaction!]!",
    "AppEventConnection.nodes": "[AppEvent!]!",
    "Job.proposals": "[Proposal!]!",
    "Job.invoices": "[Invoice!]!",
    "Proposal.id": "ID!",
    "Proposal.job": "Job!",
    "Proposal.amount": "Money!",
    "Proposal.description": "String",
    "Proposal.status": "ProposalStatus!",
    "Proposal.createdAt": "DateTime!",
    "Invoice.id": "ID!",
    "Invoice.number": "String!",
    "Invoice.job": "Job!",
    "Invoice.amount": "Money!",
    "Invoice.status": "InvoiceStatus!",
    "Invoice.issuedAt": "DateTime!",
    "Invoice.paidAt": "DateTime",
    "Invoice.sale": "ServiceSale",
    "UserError.code": "UserErrorCode",
    "Viewer.kind": "ViewerKind!",
    "Viewer.organization": "Organization",
    "Viewer.shop": "Shop",
    "Viewer.merchantUser": "MerchantUser",
    "Viewer.permissions": "[ApiPermission!]!",
}
ADDED_ENUMS = {
    "ApiPermission": "VIEW_FINANCIALS MANAGE_APPS MANAGE_THEMES MANAGE_JOBS MANAGE_PROFILE MANAGE_LEADS MANAGE_REVIEWS"
    " MANAGE_COLLABORATORS MANAGE_DISPUTES EXPORT_RECORDS",
    "InvoiceStatus": "OPEN PAID CLOSED REFUNDED",
    "ProposalStatus": "SENT ACCEPTED DECLINED CLOSED",
    "UserErrorCode": "ALREADY_EXISTS BLANK BLOCKED CONFIRMATION_MISMATCH EXCEEDS_PAID_AMOUNT IDEMPOTENCY_KEY_REUSED"
    " INVALID MARKETPLACE_CLOSED NOT_AGREED NOT_ELIGIBLE NOT_FOUND TOO_LONG TOO_MANY_ATTEMPTS WRONG_STATE",
    "ViewerKind": "ANONYMOUS PARTNER MERCHANT EMPLOYEE",
}


def test_what_is_added_to_the_partner_api_is_this_and_nothing_else():
    ours, facts = coordinates(OURS), coordinates(THEIRS["unstable"])
    values = {f"{enum}.{value}": "enum value" for enum, values in ADDED_ENUMS.items() for value in values.split()}
    assert {name: told for name, told in ours.items() if name not in facts} == ADDED | values
    for typename in ("Proposal", "Invoice"):
        assert "Node" in {each.name for each in OURS.type_map[typename].interfaces}


def test_the_currencies_are_192_with_the_test_currency_in_small_letters():
    values = list(OURS.type_map["Currency"].values)
    assert len(values) == 192
    assert values == list(THEIRS["unstable"].type_map["Currency"].values)
    assert "xts" in values

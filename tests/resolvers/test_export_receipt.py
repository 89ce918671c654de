"""Receipts of exports: leaving them, and who reads them."""

import pytest
from harness import Gateway
from holders import partner_without
from records import added, audited, counts, newest, partner_actor

from gateway.models.migration_task import export_receipts
from gateway.viewer import ApiPermission
from resolvers.export_receipt import check_create

FIELDS = "__typename id completedAt recordCount manifestSha256 apiVersion"
CREATE = f"""mutation ($input: ExportReceiptCreateInput!) {{
  exportReceiptCreate(input: $input) {{ exportReceipt {{ {FIELDS} }} userErrors {{ field code message }} }}
}}"""
NODE = f"query ($id: ID!) {{ node(id: $id) {{ ... on ExportReceipt {{ {FIELDS} }} }} }}"
LIST = f"{{ exportReceipts {{ nodes {{ {FIELDS} }} }} }}"
SHA256 = "9F86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
GIVEN = {"recordCount": 7, "manifestSha256": SHA256}
NEGATIVE = {"field": ["input", "recordCount"], "code": "INVALID", "message": "This is not negative"}
NO_SHA256 = {
    "field": ["input", "manifestSha256"],
    "code": "INVALID",
    "message": "A SHA-256 is 64 hexadecimal digits",
}
NO_RECORDS = {
    "field": ["input"],
    "code": "NOT_FOUND",
    "message": "You have no records to export: send the token of a partner",
}


def create(gateway: Gateway, token: str | None = "", version: str = "unstable", **given):
    headers = {"X-Request-Id": "the-request"}
    return gateway.ask(CREATE, {"input": GIVEN | given}, token=token, version=version, headers=headers)


# A quarter without changes is answered by the version before it.
@pytest.mark.parametrize(("asked", "answered"), [("unstable", "unstable"), ("2024-04", "2024-01"), ("2027-01",) * 2])
def test_a_receipt_is_left_with_its_audit(fresh, asked, answered):
    before = counts(fresh)
    answer = create(fresh, version=asked)
    row = newest(fresh, export_receipts)
    receipt = {
        "__typename": "ExportReceipt",
        "id": f"gid://partners/ExportReceipt/{row['id']}",
        "completedAt": row["completed_at"].strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "recordCount": 7,
        "manifestSha256": SHA256.lower(),
        "apiVersion": answered,
    }
    assert answer.data["exportReceiptCreate"] == {"exportReceipt": receipt, "userErrors": []}
    # The receipt, its audit; then the receipt read back.
    assert answer.statements == 3
    assert added(fresh, before) == {"export_receipts": 1, "audit_entries": 1}
    made = {
        "organization_id": 1,
        "id": row["id"],
        "completed_at": row["completed_at"].isoformat(),
        "record_count": 7,
        "manifest_sha256": SHA256.lower(),
        "api_version": answered,
    }
    assert audited(fresh, "the-request") == [
        {
            "action": "exportReceiptCreate",
            "actor": partner_actor(fresh),
            "subject": receipt["id"],
            "organization_id": 1,
            "before": None,
            "after": made,
        }
    ]
    assert fresh.ask(NODE, {"id": receipt["id"]}).data["node"] == receipt
    assert fresh.ask(NODE, {"id": receipt["id"]}, token=fresh.other_partner).data["node"] is None
    listed = fresh.ask(LIST)
    assert [each["id"].rpartition("/")[2] for each in listed.data["exportReceipts"]["nodes"]] == [
        str(row["id"]),
        "2",
        "1",
    ]
    assert listed.statements == 1
    last = fresh.ask("{ migrationTasks { lastExport { id } } }").data["migrationTasks"][3]
    assert last == {"lastExport": {"id": receipt["id"]}}


@pytest.mark.parametrize(
    ("given", "reasons"),
    [
        ({"recordCount": -1}, [NEGATIVE]),
        ({"manifestSha256": ""}, [NO_SHA256]),
        ({"manifestSha256": SHA256[:-1]}, [NO_SHA256]),
        ({"manifestSha256": SHA256 + "0"}, [NO_SHA256]),
        ({"manifestSha256": SHA256 + "\n"}, [NO_SHA256]),
        ({"manifestSha256": SHA256[:-1] + "g"}, [NO_SHA256]),
        ({"manifestSha256": SHA256[:-1] + "٣"}, [NO_SHA256]),
        ({"recordCount": -(2**31), "manifestSha256": "x" * 10_000}, [NEGATIVE, NO_SHA256]),
    ],
)
def test_a_receipt_is_refused_with_every_reason_and_nothing_is_written(shared, given, reasons):
    before = counts(shared)
    answer = create(shared, **given)
    assert answer.data["exportReceiptCreate"] == {"exportReceipt": None, "userErrors": reasons}
    assert answer.statements == 0
    assert added(shared, before) == {}


def test_an_export_of_nothing_has_a_receipt_too():
    assert list(check_create(is_partner=True, record_count=0, manifest_sha256="0" * 64)) == []


def test_others_leave_no_receipt_and_see_none(shared):
    before = counts(shared)
    for token in (shared.merchant, shared.tokens.employee, None):
        refused = {"exportReceipt": None, "userErrors": [NO_RECORDS]}
        assert create(shared, token).data["exportReceiptCreate"] == refused
        assert shared.ask(NODE, {"id": "gid://partners/ExportReceipt/1"}, token=token).data["node"] is None
        assert shared.ask(LIST, token=token).data["exportReceipts"] == {"nodes": []}
    assert added(shared, before) == {}


def test_a_token_without_the_permission_is_refused_and_nothing_is_written(fresh):
    token = partner_without(fresh, ApiPermission.EXPORT_RECORDS)
    before = counts(fresh)
    for answer in (create(fresh, token), fresh.ask(LIST, token=token)):
        assert (answer.status, answer.codes) == (403, [(None, "403")])
    assert fresh.ask(NODE, {"id": "gid://partners/ExportReceipt/1"}, token=token).data["node"] is None
    # The task shows it all the same: it belongs to whoever moves over.
    last = fresh.ask("{ migrationTasks { lastExport { id } } }", token=token).data["migrationTasks"][3]
    assert last == {"lastExport": {"id": "gid://partners/ExportReceipt/2"}}
    assert added(fresh, before) == {}


def test_the_header_keeps_a_receipt_from_being_left_twice(fresh):
    before = counts(fresh)
    headers = {"Idempotency-Key": "export-1"}
    first = fresh.ask(CREATE, {"input": GIVEN}, headers=headers)
    assert fresh.ask(CREATE, {"input": GIVEN}, headers=headers).data == first.data
    assert added(fresh, before) == {"export_receipts": 1, "audit_entries": 1, "idempotency_keys": 1}

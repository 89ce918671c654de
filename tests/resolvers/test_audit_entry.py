"""The audit, which support reads."""

import pytest
from refunds import REQUEST, move

ASKED = "id occurredAt actor action subjectId before after requestId"
LIST = f"""query ($subject: ID, $min: DateTime, $max: DateTime) {{
  auditEntries(subjectId: $subject, occurredAtMin: $min, occurredAtMax: $max) {{ nodes {{ {ASKED} }} }}
}}"""


def test_support_reads_every_write(fresh):
    moved = move(fresh, "agree", fresh.partner)
    assert moved.data["refundRequestAgree"]["userErrors"] == []
    answer = fresh.ask(LIST, {"subject": REQUEST}, token=fresh.tokens.employee)
    [entry] = answer.data["auditEntries"]["nodes"]
    moment, actor, entry_id = entry.pop("occurredAt"), entry.pop("actor"), entry.pop("id")
    assert entry == {
        "action": "refundRequestAgree",
        "subjectId": REQUEST,
        "before": {"status": "DISCUSSING", "partner_agreed_at": None},
        "after": {"status": "AGREED", "partner_agreed_at": moment.replace("Z", "+00:00")},
        "requestId": "the-request",
    }
    assert actor.startswith("gid://partners/ApiClient/")
    assert answer.statements == 1
    found = fresh.ask(
        f'{{ node(id: "{entry_id}") {{ id ...on AuditEntry {{ action }} }} }}', token=fresh.tokens.employee
    )
    assert found.data["node"] == {"id": entry_id, "action": "refundRequestAgree"}
    # The same under the other host that clients write, and within moments that hold it.
    for narrowed in ({"subject": REQUEST.replace("partners", "shopify", 1)}, {"min": moment}, {"max": moment}):
        nodes = fresh.ask(LIST, narrowed, token=fresh.tokens.employee).data["auditEntries"]["nodes"]
        assert entry_id in [node["id"] for node in nodes]
    later = fresh.ask(LIST, {"subject": REQUEST, "min": "2999-01-01"}, token=fresh.tokens.employee)
    assert later.data["auditEntries"]["nodes"] == []


def test_what_was_filled_is_found_by_its_table(shared):
    subject = "gid://partners/Table/refund_requests"
    answer = shared.ask(LIST, {"subject": subject}, token=shared.tokens.employee)
    [entry] = answer.data["auditEntries"]["nodes"]
    assert (entry["action"], entry["subjectId"], entry["before"], entry["after"]) == (
        "seed",
        subject,
        None,
        {"rows": 8},
    )


@pytest.mark.parametrize("subject", ["", "refund", "gid://partners/Table/a b", "gid://elsewhere/Job/1"])
def test_a_subject_is_an_id(shared, subject):
    answer = shared.ask(LIST, {"subject": subject}, token=shared.tokens.employee)
    assert answer.codes == [(["auditEntries"], "INVALID_ID")]


def test_nobody_else_reads_any(shared):
    [entry, *_] = shared.ask(LIST, token=shared.tokens.employee).data["auditEntries"]["nodes"]
    for token in (shared.partner, shared.merchant, None):
        assert shared.ask(LIST, token=token).data["auditEntries"]["nodes"] == []
        assert shared.ask(f'{{ node(id: "{entry["id"]}") {{ id }} }}', token=token).data["node"] is None

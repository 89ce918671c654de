"""Deleting event sinks."""

import pytest
from harness import Answer, Gateway
from races import at_once
from records import added, audited, counts, partner_actor

DELETE = """mutation ($id: ID!, $appId: ID!, $topic: EventsinkTopic!) {
  eventsinkDelete(id: $id, appId: $appId, topic: $topic) { success id userErrors { field code message } }
}"""
ARN = "arn:aws:iam::123456789012:user/fjord"
FIRST = {"id": "gid://partners/Eventsink/1", "appId": "gid://partners/App/1", "topic": "CUSTOMER_EVENTS_CREATE"}
NO_SINK = {
    "code": "NOT_FOUND",
    "field": ["id"],
    "message": "There is no event sink with this id, app and topic",
}


def remove(gateway: Gateway, **given) -> Answer:
    return gateway.ask(DELETE, FIRST | given, headers={"X-Request-Id": "the-request"})


def test_a_sink_is_deleted_with_its_queues_and_its_audit(fresh):
    before = counts(fresh)
    answer = remove(fresh)
    assert answer.data["eventsinkDelete"] == {"success": True, "id": FIRST["id"], "userErrors": []}
    assert answer.statements == 4
    assert added(fresh, before) == {"eventsinks": -1, "eventsink_queues": -2, "audit_entries": 1}
    assert audited(fresh, "the-request") == [
        {
            "action": "eventsinkDelete",
            "actor": partner_actor(fresh),
            "subject": FIRST["id"],
            "organization_id": 1,
            "before": {
                "organization_id": 1,
                "id": 1,
                "app_id": 1,
                "topic": "CUSTOMER_EVENTS_CREATE",
                "aws_user_arn": ARN,
                "created_at": "2024-05-05T05:05:05+00:00",
            },
            "after": None,
        }
    ]


@pytest.mark.parametrize(
    "given",
    [
        {"id": "gid://partners/Eventsink/999"},
        {"id": "gid://partners/Eventsink/4"},
        {"id": "gid://partners/Eventsink/2"},
        {"appId": "gid://partners/App/2"},
        {"topic": "CUSTOMERS_REDACT"},
    ],
)
def test_a_sink_that_is_not_there_is_not_deleted(shared, given):
    before = counts(shared)
    answer = remove(shared, **given)
    assert answer.data["eventsinkDelete"] == {"success": False, "id": None, "userErrors": [NO_SINK]}
    assert added(shared, before) == {}
    assert answer.statements == 1


@pytest.mark.parametrize("given", [{"id": "gid://partners/App/1"}, {"appId": "gid://partners/Eventsink/1"}, {"id": ""}])
def test_an_id_of_another_type_deletes_nothing(shared, given):
    before = counts(shared)
    answer = remove(shared, **given)
    assert answer.body["data"] == {"eventsinkDelete": None}
    assert answer.codes == [(["eventsinkDelete"], "INVALID_ID")]
    assert added(shared, before) == {}


def test_of_two_deletions_at_once_one_finds_the_sink(fresh):
    before = counts(fresh)
    payloads = [answer.data["eventsinkDelete"] for answer in at_once(fresh, DELETE, FIRST)]
    assert sorted(payload["success"] for payload in payloads) == [False, True]
    assert [payload["userErrors"] for payload in payloads if not payload["success"]] == [[NO_SINK]]
    assert added(fresh, before) == {"eventsinks": -1, "eventsink_queues": -2, "audit_entries": 1}


def test_the_second_mutation_of_a_document_sees_what_the_first_did(fresh):
    remove_first = 'eventsinkDelete(id: "gid://partners/Eventsink/1", appId: "gid://partners/App/1", topic: %s)'
    remove_first = f"{remove_first % FIRST['topic']} {{ success }}"
    again = f'input: {{ appId: "gid://partners/App/1", topic: {FIRST["topic"]}, awsUserArn: "{ARN}" }}'
    create_again = f"eventsinkCreate({again}) {{ success eventsink {{ queues {{ region }} }} userErrors {{ code }} }}"
    document = (
        f"mutation {{ a: {create_again} b: {remove_first} c: {create_again} d: {create_again} e: {remove_first} }}"
    )
    exists, made = [{"code": "ALREADY_EXISTS"}], {"success": True, "eventsink": {"queues": []}, "userErrors": []}
    assert fresh.ask(document).data == {
        "a": {"success": False, "eventsink": None, "userErrors": exists},
        "b": {"success": True},
        "c": made,
        "d": {"success": False, "eventsink": None, "userErrors": exists},
        "e": {"success": False},
    }

"""Event sinks: listing, setting up, deleting."""

import pytest
from harness import Answer, Gateway
from races import at_once
from records import added, audited, counts, newest, partner_actor

from gateway.models.eventsink import eventsinks
from resolvers.eventsink import check_create

SINK = "__typename id appId topic awsUserArn queues { __typename address region }"
LIST = f'query ($topic: EventsinkTopic!) {{ eventsinks(appId: "gid://partners/App/1", topic: $topic) {{ {SINK} }} }}'
CREATE = f"""mutation ($input: EventsinkCreateInput!) {{
  eventsinkCreate(input: $input) {{ success eventsink {{ {SINK} }} userErrors {{ field code message }} }}
}}"""
ARN = "arn:aws:iam::123456789012:user/fjord"
GIVEN = {"appId": "gid://partners/App/1", "topic": "DELIVERY_PROMISES_CREATE", "awsUserArn": ARN}
FIRST = {"id": "gid://partners/Eventsink/1", "appId": "gid://partners/App/1", "topic": "CUSTOMER_EVENTS_CREATE"}
NO_APP = {"code": "NOT_FOUND", "field": ["input", "appId"], "message": "There is no app with this id"}
NO_ARN = {
    "code": "INVALID",
    "field": ["input", "awsUserArn"],
    "message": "An ARN looks like arn:aws:iam::123456789012:user/name",
}
EXISTS = {
    "code": "ALREADY_EXISTS",
    "field": ["input"],
    "message": "The app has an event sink of this topic and user already",
}


def create(gateway: Gateway, **given) -> Answer:
    return gateway.ask(CREATE, {"input": GIVEN | given}, headers={"X-Request-Id": "the-request"})


def test_the_sinks_of_an_app_and_a_topic_are_listed_with_their_queues(shared):
    answer = shared.ask(LIST, {"topic": "CUSTOMER_EVENTS_CREATE"})
    address = "https://sqs.{}.amazonaws.com/123456789012/fjord-events"
    assert answer.data["eventsinks"] == [
        {
            "__typename": "Eventsink",
            **FIRST,
            "awsUserArn": ARN,
            "queues": [
                {"__typename": "EventsinkQueue", "address": address.format(region), "region": region}
                for region in ("eu-north-1", "us-east-1")
            ],
        }
    ]
    assert answer.statements == 2
    assert shared.ask(LIST, {"topic": "DELIVERY_PROMISES_CREATE"}).data["eventsinks"] == []


def test_what_is_not_known_of_a_sink_is_null(shared):
    answer = shared.ask("""{
      eventsinks(appId: "gid://shopify/App/2", topic: DELIVERY_PROMISES_CREATE) {
        id awsUserArn queues { address region }
      }
    }""")
    sink = {"id": "gid://partners/Eventsink/3", "awsUserArn": None, "queues": [{"address": None, "region": None}]}
    assert answer.data["eventsinks"] == [sink]


@pytest.mark.parametrize("app_id", ["gid://partners/App/3", "gid://partners/App/999", "gid://partners/App/" + "9" * 20])
def test_an_app_that_is_not_there_has_no_sinks(shared, app_id):
    document = LIST.replace("gid://partners/App/1", app_id)
    assert shared.ask(document, {"topic": "CUSTOMER_EVENTS_CREATE"}).data["eventsinks"] == []


def test_an_id_of_another_type_is_refused(shared):
    document = LIST.replace("App/1", "Shop/1")
    assert shared.ask(document, {"topic": "CUSTOMERS_REDACT"}).codes == [(["eventsinks"], "INVALID_ID")]


def test_a_sink_is_set_up_with_its_audit(fresh):
    before = counts(fresh)
    answer = create(fresh)
    row = newest(fresh, eventsinks)
    sink_id = f"gid://partners/Eventsink/{row['id']}"
    sink = {"__typename": "Eventsink", "id": sink_id, **GIVEN, "queues": []}
    assert answer.data["eventsinkCreate"] == {"success": True, "eventsink": sink, "userErrors": []}
    # The app, the sink, the audit; then the sink read back, and its queues.
    assert answer.statements == 5
    assert added(fresh, before) == {"eventsinks": 1, "audit_entries": 1}
    made = {"organization_id": 1, "id": row["id"], "app_id": 1, "topic": GIVEN["topic"], "aws_user_arn": ARN}
    assert row == made | {"created_at": row["created_at"]}
    assert audited(fresh, "the-request") == [
        {
            "action": "eventsinkCreate",
            "actor": partner_actor(fresh),
            "subject": sink_id,
            "organization_id": 1,
            "before": None,
            "after": made | {"created_at": row["created_at"].isoformat()},
        }
    ]
    listed = fresh.ask(LIST, {"topic": GIVEN["topic"]})
    assert listed.data["eventsinks"] == [sink]


@pytest.mark.parametrize(
    ("given", "reasons"),
    [
        ({"appId": "gid://partners/App/999"}, [NO_APP]),
        ({"appId": "gid://partners/App/3"}, [NO_APP]),
        *[
            ({"awsUserArn": arn}, [NO_ARN])
            for arn in (
                "",
                "fjord",
                f"{ARN}\n",
                f" {ARN}",
                "arn:aws:iam::12345:user/x",
                "arn:aws:iam::123456789012:user/",
            )
        ],
        ({"awsUserArn": "arn:aws:iam::123456789012:user/fjørd"}, [NO_ARN]),
        ({"awsUserArn": "arn:aws:iam::123456789012:user/" + "x" * 513}, [NO_ARN]),
        ({"appId": "gid://partners/App/999", "awsUserArn": "x" * 10_000}, [NO_APP, NO_ARN]),
        ({"topic": "CUSTOMERS_REDACT"}, [EXISTS]),
    ],
)
def test_a_sink_is_refused_with_every_reason_and_nothing_is_written(shared, given, reasons):
    before = counts(shared)
    answer = create(shared, **given)
    assert answer.data["eventsinkCreate"] == {"success": False, "eventsink": None, "userErrors": reasons}
    assert added(shared, before) == {}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"appId": "gid://partners/Shop/1"}, "INVALID_ID"),
        ({"awsUserArn": f"{ARN}\0"}, "INVALID_TEXT"),
        ({"appId": "gid://partners/App/1\0"}, "INVALID_TEXT"),
    ],
)
def test_an_input_that_can_not_be_read_fails_the_field_and_nothing_is_written(shared, given, code):
    before = counts(shared)
    answer = create(shared, **given)
    assert answer.body["data"] == {"eventsinkCreate": None}
    assert answer.codes == [(["eventsinkCreate"], code)]
    assert added(shared, before) == {}


@pytest.mark.parametrize("arn", ["arn:aws-cn:iam::000000000000:role/a/b.c-d_e=f@g,h+i", f"{ARN[:31]}{'x' * 512}"])
def test_users_and_roles_of_any_partition_are_taken(arn):
    assert list(check_create(app_exists=True, aws_user_arn=arn)) == []


def test_of_two_equal_sinks_at_once_one_is_set_up(fresh):
    before = counts(fresh)
    payloads = [answer.data["eventsinkCreate"] for answer in at_once(fresh, CREATE, {"input": GIVEN})]
    assert sorted(payload["success"] for payload in payloads) == [False, True]
    assert [payload["userErrors"] for payload in payloads if not payload["success"]] == [[EXISTS]]
    assert added(fresh, before) == {"eventsinks": 1, "audit_entries": 1}

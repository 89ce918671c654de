"""Messages: either side of a conversation sends them while it and the marketplace are open."""

from datetime import UTC, datetime

import pytest
from blocks import codes, merchant, send
from records import added, audited, counts, newest
from sqlalchemy import select, update

from gateway.models.conversation import conversations, messages

FILE = "https://cdn.example.com/a.pdf"
BAD = "https://me:secret@cdn.example.com/a.pdf"
LATER = datetime(2998, 1, 1, tzinfo=UTC)


def talk(gateway, conversation=2):
    [row] = gateway.rows(select(conversations).where(conversations.c.id == conversation))
    return row


def test_a_merchant_writes_and_the_partner_has_something_to_read(fresh_open):
    before = counts(fresh_open)
    answer = send(fresh_open, conversation=2, body="Hei\n\nFine boots!", files=[FILE])
    assert answer.data["messageSend"] == {
        "message": {
            "body": "Hei\n\nFine boots!",
            "fileUrls": [FILE],
            "sentVia": "DASHBOARD",
            "sentBy": {"__typename": "MerchantUser", "id": "gid://partners/MerchantUser/3"},
        },
        "userErrors": [],
    }
    # Whose it is, on PostgreSQL the lock, its state; the message, the conversation, the audit. Two are read back.
    assert answer.statements == 7 + fresh_open.database.is_postgresql
    assert added(fresh_open, before) == {"messages": 1, "audit_entries": 1}
    sent_at = newest(fresh_open, messages)["sent_at"]
    assert (talk(fresh_open).last_event_at, talk(fresh_open).has_unread_messages) == (sent_at, True)
    [entry] = audited(fresh_open, "the-request")
    assert set(entry["after"]) == {"conversation_id", "sent_via", "sender_merchant_user_id", "sent_at"}


def test_a_partner_writes_as_its_organization_and_has_read_what_was_there(fresh_open):
    assert talk(fresh_open).has_unread_messages
    answer = send(fresh_open, conversation=2, token=fresh_open.partner)
    sender = {"__typename": "Organization", "id": "gid://partners/Organization/1"}
    assert answer.data["messageSend"]["message"]["sentBy"] == sender
    assert not talk(fresh_open).has_unread_messages


def test_the_moment_of_the_last_event_never_goes_back(fresh_open):
    changed = update(conversations).where(conversations.c.id == 2).values(last_event_at=LATER)
    fresh_open.runner.run(fresh_open.database.run_sync(lambda connection: connection.execute(changed)))
    assert codes(send(fresh_open)) == []
    assert talk(fresh_open).last_event_at == LATER


GIVEN = {
    "nothing": ({"body": ""}, ["BLANK"]),
    "spaces": ({"body": " \t\u200b"}, ["BLANK"]),
    "files alone": ({"body": "", "files": [FILE]}, []),
    "the longest": ({"body": "x" * 10_000}, []),
    "too long": ({"body": "x" * 10_001}, ["TOO_LONG"]),
    "control characters": ({"body": "a\x07"}, ["INVALID"]),
    "ten files": ({"files": [FILE] * 10}, []),
    "eleven files": ({"files": [FILE] * 11}, ["TOO_LONG"]),
    "a file on a disk": ({"files": [FILE, "file:///etc/passwd"]}, ["BAD_USER_INPUT"]),
    "a script": ({"files": ["javascript:alert(1)"]}, ["BAD_USER_INPUT"]),
    "a password": ({"files": [FILE, BAD]}, ["INVALID"]),
    "several": ({"body": "x" * 10_001, "files": [BAD] * 11}, ["TOO_LONG", "TOO_LONG", *["INVALID"] * 10]),
}


@pytest.mark.parametrize("name", GIVEN)
def test_what_a_message_may_hold(fresh_open, name):
    given, expected = GIVEN[name]
    before = counts(fresh_open)
    assert codes(send(fresh_open, **given)) == expected
    assert added(fresh_open, before) == ({} if expected else {"messages": 1, "audit_entries": 1})


def test_the_place_of_a_file_is_told(fresh_open):
    answer = send(fresh_open, files=[FILE, BAD])
    [error] = answer.data["messageSend"]["userErrors"]
    assert error["field"] == ["fileUrls", "1"]


def test_both_refusals_say_why(fresh, fresh_open):
    [closed] = send(fresh).data["messageSend"]["userErrors"]
    assert closed == {
        "code": "MARKETPLACE_CLOSED",
        "field": ["conversationId"],
        "message": "The marketplace is CLOSED: nobody sends messages there any more. Merchants find partners in the"
        " Partner Directory (`QueryRoot.partners`) and write to them with `leadCreate`, which partners get as"
        " `QueryRoot.leads`",
    }
    [blocked] = send(fresh_open, conversation=3).data["messageSend"]["userErrors"]
    assert blocked == {
        "code": "BLOCKED",
        "field": ["conversationId"],
        "message": "The store has blocked this partner: neither can write to the other",
    }


def test_the_same_key_is_one_message(fresh_open):
    before = counts(fresh_open)
    told = [send(fresh_open, key="k").data for _ in range(2)]
    assert told[0] == told[1]
    assert added(fresh_open, before) == {"messages": 1, "audit_entries": 1, "idempotency_keys": 1}


def test_a_message_is_read_where_the_others_are(fresh_open):
    send(fresh_open, body="The newest")
    document = """{ conversation(id: "gid://partners/Conversation/2") { messages(first: 1) { nodes { body } } } }"""
    for token in (fresh_open.partner, merchant(fresh_open)):
        told = fresh_open.ask(document, token=token).data["conversation"]
        assert told == {"messages": {"nodes": [{"body": "The newest"}]}}

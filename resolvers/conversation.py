"""Conversations between merchants and partners, and their messages."""

from typing import Any

from sqlalchemy import bindparam

from gateway.execution.rows import Pages, Rows
from gateway.execution.sources import Call, batch
from gateway.models.base import UtcDateTime
from gateway.models.conversation import conversations, messages
from gateway.statements import any_text
from resolvers.listing import Listing, list_rows, list_rows_of
from resolvers.node import find
from resolvers.page import newest_first

CONVERSATIONS = Listing(
    table=conversations,
    order=newest_first("conv", "created_at"),
    filters={
        "unread_only": conversations.c.has_unread_messages,
        "statuses": any_text(conversations.c.status, "statuses"),
        "created_at_min": conversations.c.created_at >= bindparam("created_at_min", type_=UtcDateTime),
        "created_at_max": conversations.c.created_at <= bindparam("created_at_max", type_=UtcDateTime),
        "last_event_at_min": conversations.c.last_event_at >= bindparam("last_event_at_min", type_=UtcDateTime),
        "last_event_at_max": conversations.c.last_event_at <= bindparam("last_event_at_max", type_=UtcDateTime),
    },
)

MESSAGES = Listing(
    table=messages,
    order=newest_first("mess", "sent_at"),
    filters={
        "sent_at_min": messages.c.sent_at >= bindparam("sent_at_min", type_=UtcDateTime),
        "sent_at_max": messages.c.sent_at <= bindparam("sent_at_max", type_=UtcDateTime),
    },
)

find_conversation = find("Conversation")


@batch()
async def list_conversations(_parents: Rows, call: Call) -> Pages:
    return await list_rows(CONVERSATIONS, call)


@batch("organization_id", "id")
async def list_messages(parents: Rows, call: Call) -> Pages:
    keys: list[Any] = parents.columns("organization_id", "id")
    return await list_rows_of(MESSAGES, "conversation_id", keys, call)

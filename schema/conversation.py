"""Conversations and their messages."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from gateway.models.conversation import ConversationStatus, MessageSentVia
from gateway.viewer import ApiPermission
from resolvers import actor as actor_rows
from resolvers import conversation as conversation_rows
from resolvers import message as message_rows
from resolvers import partner as partner_rows
from schema.actor import MerchantUser, MessageSender
from schema.base import Node, column, computed, enum, relation
from schema.connection import After, Before, Connection, First, Last
from schema.dashboard import conversation_url
from schema.mutation import IdempotencyKey, UserError, user_errors
from schema.partner import Partner
from schema.scalars import DateTime, Url

enum(
    ConversationStatus,
    "Whether the two can write to each other.",
    {"ACTIVE": "Both can write.", "BLOCKED": "The merchant blocked the partner: nobody can write, for good."},
)
enum(
    MessageSentVia,
    "How a message was sent.",
    {"DASHBOARD": "Written in the dashboard.", "EMAIL": "Sent as the answer to an e-mail."},
)


@strawberry.type(description="One message of a conversation.")
class Message(Node):
    body: str | None = column("body", "The text; null where only files were sent.")
    file_urls: list[Url] = column("file_urls", "Where the files are that were sent along.")
    sent_at: DateTime = column("sent_at", "When it was sent.")
    sent_by: MessageSender = relation(actor_rows.message_sender, "Who wrote it.")
    sent_via: MessageSentVia = column("sent_via", "How it was sent.")


@strawberry.type(description="The talk between a merchant and the organization about one or more jobs.")
class Conversation(Node):
    created_at: DateTime = column("created_at", "When it began.")
    dashboard_url: Url = computed(
        conversation_url, "organization_id", "id", description="Where people read it in the partner dashboard."
    )
    has_unread_messages: bool = column("has_unread_messages", "Whether the partner has messages left to read.")
    last_event_at: DateTime = column("last_event_at", "When something last happened in it.")
    merchant_user: MerchantUser = relation(actor_rows.merchant_user, "The merchant's side of it.")
    partner: Partner = relation(partner_rows.partner, "The partner's side of it.")
    status: ConversationStatus = column("status", "Whether the two can write to each other.")

    @relation(conversation_rows.list_messages, "Its messages, newest first.")
    def messages(
        self,
        after: After = UNSET,
        before: Before = UNSET,
        first: First = UNSET,
        last: Last = UNSET,
        sent_at_min: Annotated[DateTime | None, strawberry.argument(description="Sent then or later.")] = UNSET,
        sent_at_max: Annotated[DateTime | None, strawberry.argument(description="Sent then or earlier.")] = UNSET,
    ) -> Connection[Message]: ...


@strawberry.type(description="The answer to `messageSend`.")
class MessageSendPayload:
    message: Message | None = relation(message_rows.written, "The message; null where it was refused.")
    user_errors: list[UserError] = user_errors()


@strawberry.type
class ConversationMutation:
    @relation(
        message_rows.send,
        "The merchant or the partner writes in a conversation that is ACTIVE, until the marketplace is CLOSED.",
        permission=ApiPermission.MANAGE_JOBS,
    )
    def message_send(
        self,
        conversation_id: Annotated[strawberry.ID, strawberry.argument(description="The conversation.")],
        body: Annotated[
            str,
            strawberry.argument(
                description="The text, at most 10,000 characters; it may be empty where files are sent along."
            ),
        ],
        file_urls: Annotated[
            list[Url] | None, strawberry.argument(description="Where files are, at most 10 of them.")
        ] = UNSET,
        idempotency_key: IdempotencyKey = UNSET,
    ) -> MessageSendPayload | None: ...


@strawberry.type
class ConversationQuery:
    @relation(
        conversation_rows.find_conversation,
        "A conversation by its id; null where there is none.",
        permission=ApiPermission.MANAGE_JOBS,
    )
    def conversation(
        self, id: Annotated[strawberry.ID, strawberry.argument(description="The conversation's id.")]
    ) -> Conversation | None: ...

    @relation(
        conversation_rows.list_conversations,
        "The conversations, newest first.",
        permission=ApiPermission.MANAGE_JOBS,
    )
    def conversations(
        self,
        after: After = UNSET,
        before: Before = UNSET,
        first: First = UNSET,
        last: Last = UNSET,
        unread_only: Annotated[
            bool | None, strawberry.argument(description="Only those with messages left to read.")
        ] = False,
        statuses: Annotated[
            list[ConversationStatus] | None, strawberry.argument(description="Only those in one of these states.")
        ] = UNSET,
        created_at_min: Annotated[DateTime | None, strawberry.argument(description="Begun then or later.")] = UNSET,
        created_at_max: Annotated[DateTime | None, strawberry.argument(description="Begun then or earlier.")] = UNSET,
        last_event_at_min: Annotated[
            DateTime | None, strawberry.argument(description="Last event then or later.")
        ] = UNSET,
        last_event_at_max: Annotated[
            DateTime | None, strawberry.argument(description="Last event then or earlier.")
        ] = UNSET,
    ) -> Connection[Conversation]: ...

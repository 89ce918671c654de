"""Talk between a merchant and a partner."""

from enum import StrEnum

from sqlalchemy import JSON, Boolean, CheckConstraint, Column, Index, Table

from gateway.models.base import belongs_to, choice, id_column, metadata, moment, of_organization, one_of, text


class ConversationStatus(StrEnum):
    ACTIVE = "ACTIVE"
    BLOCKED = "BLOCKED"


class MessageSentVia(StrEnum):
    DASHBOARD = "DASHBOARD"
    EMAIL = "EMAIL"


conversations = Table(
    "conversations",
    metadata,
    *of_organization(),
    id_column(primary_key=True),
    id_column("shop_id", nullable=False),
    id_column("merchant_user_id", nullable=False),
    choice("status", ConversationStatus),
    Column("has_unread_messages", Boolean, nullable=False),
    moment("created_at"),
    moment("last_event_at"),
    one_of("status", ConversationStatus),
    belongs_to("shops", "shop_id", tenant=False),
    belongs_to("merchant_users", "merchant_user_id", tenant=False),
    Index(None, "organization_id", "created_at", "id"),
    Index(None, "organization_id", "shop_id"),
    Index(None, "shop_id", "created_at", "id"),
    Index(None, "organization_id", "merchant_user_id"),
)

# Who wrote a message is the one `sender_…` column that is set; none of them means the organization itself.
messages = Table(
    "messages",
    metadata,
    *of_organization(),
    id_column(primary_key=True),
    id_column("conversation_id", nullable=False),
    text("body", nullable=True),
    Column("file_urls", JSON, nullable=False),
    moment("sent_at"),
    choice("sent_via", MessageSentVia),
    id_column("sender_team_member_id", nullable=True),
    id_column("sender_merchant_user_id", nullable=True),
    id_column("sender_shop_id", nullable=True),
    id_column("sender_employee_id", nullable=True),
    one_of("sent_via", MessageSentVia),
    CheckConstraint(
        "(CASE WHEN sender_team_member_id IS NULL THEN 0 ELSE 1 END"
        " + CASE WHEN sender_merchant_user_id IS NULL THEN 0 ELSE 1 END"
        " + CASE WHEN sender_shop_id IS NULL THEN 0 ELSE 1 END"
        " + CASE WHEN sender_employee_id IS NULL THEN 0 ELSE 1 END) <= 1",
        name="one_sender",
    ),
    belongs_to("conversations", "conversation_id"),
    belongs_to("team_members", "sender_team_member_id"),
    belongs_to("merchant_users", "sender_merchant_user_id", tenant=False),
    belongs_to("shops", "sender_shop_id", tenant=False),
    belongs_to("employees", "sender_employee_id", tenant=False),
    Index(None, "organization_id", "conversation_id", "sent_at", "id"),
    Index(None, "organization_id", "sender_merchant_user_id"),
    Index(None, "organization_id", "sender_employee_id"),
    Index(None, "organization_id", "sender_team_member_id"),
)

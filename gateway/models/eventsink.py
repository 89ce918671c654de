"""Where an app wants a topic's events delivered."""

from enum import StrEnum

from sqlalchemy import Column, Integer, Table, UniqueConstraint

from gateway.models.base import belongs_to, choice, id_column, metadata, moment, of_organization, one_of, text


class EventsinkTopic(StrEnum):
    CUSTOMER_EVENTS_CREATE = "CUSTOMER_EVENTS_CREATE"
    CUSTOMERS_REDACT = "CUSTOMERS_REDACT"
    DELIVERY_PROMISES_CREATE = "DELIVERY_PROMISES_CREATE"


eventsinks = Table(
    "eventsinks",
    metadata,
    *of_organization(),
    id_column(primary_key=True),
    id_column("app_id", nullable=False),
    choice("topic", EventsinkTopic),
    text("aws_user_arn", nullable=True),
    moment("created_at"),
    one_of("topic", EventsinkTopic),
    belongs_to("apps", "app_id"),
    UniqueConstraint("organization_id", "app_id", "topic", "aws_user_arn"),
)

eventsink_queues = Table(
    "eventsink_queues",
    metadata,
    *of_organization(),
    id_column("eventsink_id", primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    text("address", nullable=True),
    text("region", nullable=True),
    belongs_to("eventsinks", "eventsink_id"),
)

"""Event sinks."""

from typing import Annotated

import strawberry

from gateway.models.eventsink import EventsinkTopic
from gateway.viewer import ApiPermission
from resolvers import eventsink as eventsink_rows
from resolvers.gid import gid
from schema.base import column, computed, enum, relation
from schema.mutation import UserError, success, user_errors

enum(
    EventsinkTopic,
    "What is delivered to a sink.",
    {
        "CUSTOMER_EVENTS_CREATE": "What customers do in stores.",
        "CUSTOMERS_REDACT": "Requests to erase a customer's data.",
        "DELIVERY_PROMISES_CREATE": "Promises of delivery dates.",
    },
)


def eventsink_id(row_id: int) -> str:
    return gid("Eventsink", row_id)


def app_id(row_id: int) -> str:
    return gid("App", row_id)


@strawberry.type(description="A queue that a sink delivers to.")
class EventsinkQueue:
    address: str | None = column("address", "The queue's address.")
    region: str | None = column("region", "The region that it is in.")


@strawberry.type(description="Where an app wants a topic's events delivered.")
class Eventsink:
    app_id: strawberry.ID = computed(app_id, "app_id", description="The app.")
    aws_user_arn: str | None = column("aws_user_arn", "Who reads the queues.")
    id: strawberry.ID = computed(eventsink_id, "id", description="The sink's id.")
    queues: list[EventsinkQueue] = relation(eventsink_rows.list_queues, "Its queues; none until delivery is set up.")
    topic: EventsinkTopic = column("topic", "What is delivered.")


@strawberry.type(description="The answer to `eventsinkCreate`.")
class EventsinkCreatePayload:
    eventsink: Eventsink | None = relation(eventsink_rows.created, "The sink; null where it was refused.")
    success: bool | None = success()
    user_errors: list[UserError] | None = user_errors()


@strawberry.type(description="The answer to `eventsinkDelete`.")
class EventsinkDeletePayload:
    id: strawberry.ID | None = column("deleted_id", "The id of what was deleted; null where it was refused.")
    success: bool | None = success()
    user_errors: list[UserError] | None = user_errors()


@strawberry.input(description="Which events go to whom.")
class EventsinkCreateInput:
    app_id: strawberry.ID = strawberry.field(description="The app.")
    topic: EventsinkTopic = strawberry.field(description="What is delivered.")
    aws_user_arn: str = strawberry.field(description="Who reads the queues: `arn:aws:iam::123456789012:user/name`.")


@strawberry.type
class EventsinkQuery:
    @relation(
        eventsink_rows.list_eventsinks,
        "The sinks of an app for one topic, oldest first.",
        permission=ApiPermission.MANAGE_APPS,
    )
    def eventsinks(
        self,
        app_id: Annotated[strawberry.ID, strawberry.argument(description="The app.")],
        topic: Annotated[EventsinkTopic, strawberry.argument(description="The topic.")],
    ) -> list[Eventsink]: ...


@strawberry.type
class EventsinkMutation:
    @relation(eventsink_rows.create, "Sets up a sink.", permission=ApiPermission.MANAGE_APPS)
    def eventsink_create(
        self,
        input: Annotated[EventsinkCreateInput, strawberry.argument(description="The sink.")],
    ) -> EventsinkCreatePayload | None: ...

    @relation(eventsink_rows.remove, "Deletes a sink with its queues.", permission=ApiPermission.MANAGE_APPS)
    def eventsink_delete(
        self,
        id: Annotated[strawberry.ID, strawberry.argument(description="The sink.")],
        app_id: Annotated[strawberry.ID, strawberry.argument(description="The sink's app.")],
        topic: Annotated[EventsinkTopic, strawberry.argument(description="The sink's topic.")],
    ) -> EventsinkDeletePayload | None: ...

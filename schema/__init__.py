"""What clients see: types, arguments, descriptions, versions."""

from functools import cache

import strawberry
from graphql import GraphQLSchema
from strawberry.schema.config import StrawberryConfig

from schema import charge, event, transaction
from schema.app import AppMutation, AppQuery
from schema.binding import bind
from schema.conversation import ConversationQuery
from schema.eventsink import EventsinkMutation, EventsinkQuery
from schema.history import NEWEST, VERSIONS
from schema.job import JobQuery
from schema.node import NodeQuery
from schema.scalars import SCALARS
from schema.transaction import TransactionQuery
from schema.version import VersionQuery
from schema.viewer import ViewerQuery

__all__ = ["NEWEST", "VERSIONS", "build"]


@strawberry.type(description="What can be asked.")
class QueryRoot(
    AppQuery, ConversationQuery, EventsinkQuery, JobQuery, NodeQuery, TransactionQuery, VersionQuery, ViewerQuery
):
    pass


@strawberry.type(description="What can be changed. Each answers with what it made, or with the reasons against it.")
class MutationRoot(AppMutation, EventsinkMutation):
    pass


def build(version: str) -> GraphQLSchema:
    """The schema of a version. Raises KeyError for one that is not served."""
    VERSIONS[version]
    return _full()


@cache
def _full() -> GraphQLSchema:
    schema = strawberry.Schema(
        query=QueryRoot,
        mutation=MutationRoot,
        types=[*event.TYPES, *transaction.TYPES, charge.AppUsageRecord],
        config=StrawberryConfig(scalar_map=SCALARS),
    )
    return bind(schema._schema)

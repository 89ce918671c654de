"""What clients see: types, arguments, descriptions, versions."""

from functools import cache
from typing import cast

import strawberry
from graphql import GraphQLObjectType, GraphQLSchema, introspection_types
from strawberry.schema.config import StrawberryConfig

from schema import charge, event, partner_event, plan, transaction
from schema.app import AppMutation, AppQuery
from schema.audit_entry import AuditEntryQuery
from schema.binding import bind
from schema.block import PartnerBlockMutation, PartnerBlockQuery
from schema.collaborator import CollaboratorMutation, CollaboratorQuery
from schema.conversation import ConversationMutation, ConversationQuery
from schema.directory import DirectoryQuery
from schema.eventsink import EventsinkMutation, EventsinkQuery
from schema.export_receipt import ExportReceiptMutation, ExportReceiptQuery
from schema.history import AWAITED, CHANGES, NEWEST, VERSIONS
from schema.job import JobQuery
from schema.lead import LeadMutation, LeadQuery
from schema.marketplace import MarketplaceQuery
from schema.migration_task import MigrationTaskMutation, MigrationTaskQuery
from schema.node import NodeQuery
from schema.offering import ServiceOfferingMutation
from schema.partner import PartnerMutation, PartnerQuery
from schema.partner_event import PartnerEventQuery
from schema.projection import Timeline, project
from schema.refund_request import RefundRequestMutation, RefundRequestQuery
from schema.report import PartnerReportMutation, PartnerReportQuery
from schema.review import ReviewMutation, ReviewQuery
from schema.scalars import SCALARS
from schema.search import SearchQuery
from schema.subscription import SubscriptionMutation, SubscriptionQuery
from schema.transaction import TransactionQuery
from schema.version import VersionQuery
from schema.viewer import ViewerQuery

__all__ = ["NEWEST", "VERSIONS", "build", "full", "timeline"]


@strawberry.type(description="What can be asked.")
class QueryRoot(
    AppQuery,
    AuditEntryQuery,
    CollaboratorQuery,
    ConversationQuery,
    DirectoryQuery,
    EventsinkQuery,
    ExportReceiptQuery,
    JobQuery,
    LeadQuery,
    MarketplaceQuery,
    MigrationTaskQuery,
    NodeQuery,
    PartnerBlockQuery,
    PartnerEventQuery,
    PartnerQuery,
    PartnerReportQuery,
    RefundRequestQuery,
    ReviewQuery,
    SearchQuery,
    SubscriptionQuery,
    TransactionQuery,
    VersionQuery,
    ViewerQuery,
):
    pass


@strawberry.type(description="What can be changed. Each answers with what it made, or with the reasons against it.")
class MutationRoot(
    AppMutation,
    CollaboratorMutation,
    ConversationMutation,
    EventsinkMutation,
    ExportReceiptMutation,
    LeadMutation,
    MigrationTaskMutation,
    PartnerBlockMutation,
    PartnerMutation,
    PartnerReportMutation,
    RefundRequestMutation,
    ReviewMutation,
    ServiceOfferingMutation,
    SubscriptionMutation,
):
    pass


def build(version: str) -> GraphQLSchema:
    """The schema of a version. Raises KeyError for one that is not served."""
    return _served(VERSIONS[version].served_by)


@cache
def _served(version: str) -> GraphQLSchema:
    return project(full(), timeline(), version)


@cache
def timeline() -> Timeline:
    """The history over the full schema."""
    return Timeline(full(), CHANGES, AWAITED)


@cache
def full() -> GraphQLSchema:
    """Everything that any version has."""
    fields = cast("GraphQLObjectType", introspection_types["__Type"]).fields
    told = fields["isOneOf"]
    schema = strawberry.Schema(
        query=QueryRoot,
        mutation=MutationRoot,
        types=[*event.TYPES, *partner_event.TYPES, *plan.TYPES, *transaction.TYPES, charge.AppUsageRecord],
        config=StrawberryConfig(scalar_map=SCALARS),
    )
    # Strawberry makes introspection, which all schemas of the process share, know its own input types alone.
    fields["isOneOf"] = told
    return bind(schema._schema)

"""The stream of events: five types of one interface, in pages."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from gateway.execution.sources import Embedded
from gateway.models.partner_event import EventType, SubjectType
from gateway.models.subscription import SubscriptionStatusState
from gateway.viewer import ApiPermission
from resolvers import event_detail
from resolvers import partner_event as event_rows
from resolvers.keyset import CURSOR
from resolvers.partner_event import EventOrder
from schema.base import attribute, column, computed, enum, field, money, relation, same
from schema.connection import After, Before
from schema.event_kind import (
    ChargeType,
    CreditStatus,
    EarningType,
    RelationshipState,
    charge_type,
    credit_status,
    earning_type,
    state,
)
from schema.money import Money
from schema.plan import Plan
from schema.reference import ShopReference, Subject
from schema.scalars import Date, DateTime, Decimal

enum(EventType, "The kinds of events.")
enum(SubjectType, "What events happen to.", {"APP": "An app.", "THEME": "A theme."})
enum(
    EventOrder,
    "How events are sorted.",
    {"OCCURRED_AT_ASC": "Oldest first.", "OCCURRED_AT_DESC": "Newest first."},
)


@strawberry.interface(description="Something that happened to an app or a theme of the organization.")
class PartnerEvent:
    event_type: EventType = column("type", "Which kind of event it is.")
    id: strawberry.ID = computed(
        event_detail.event_gid, "type", "id", "source", description="The event's id, the same for ever."
    )
    occurred_at: DateTime = column("occurred_at", "When it happened.")
    shop: ShopReference | None = relation(event_detail.shop, "The store; null where none is known.")
    subject: Subject | None = relation(event_detail.subject, "The app or theme.")


@strawberry.type(description="What older versions know an event by.")
class EventMetadata:
    legacy_charge_id: strawberry.ID = computed(
        event_detail.charge_gid,
        "charge_kind",
        "charge_id",
        description="The charge's id there: `gid://shopify/AppUsageRecord/1`.",
    )


def _metadata() -> EventMetadata | None:
    return field(  # type: ignore[no-any-return] # a field
        Embedded(("charge_id", "charge_kind"), ("charge_id", "charge_kind")),
        "What older versions know it by; null where they know no charge.",
    )


@strawberry.type(description="A store was charged.")
class Charge(PartnerEvent):
    amount: Money = money("amount_cents", "How much.")
    balance_used: Decimal | None = relation(
        event_detail.balance_used, "How much of the cap was used with it; null without a cap."
    )
    capped_amount: Decimal | None = relation(
        event_detail.capped_amount, "The most that the store agreed to in a cycle; null without a cap."
    )
    charge_id: strawberry.ID = computed(
        event_detail.charged_gid, "charge_kind", "charge_id", "id", description="The charge."
    )
    charge_type: ChargeType = computed(charge_type, "type", description="Which kind of charge it is.")
    description: str | None = column("description", "What the store reads on its bill; null where nothing.")
    metadata: EventMetadata | None = _metadata()
    plan_handle: str | None = relation(
        event_detail.plan_handle, "The plan that it was charged for; null where it was none."
    )
    usage_quantity: Decimal | None = relation(
        event_detail.usage_quantity, "How many units were used; null where the charge is not for use."
    )


@strawberry.type(description="A store got money back, or is to.")
class Credit(PartnerEvent):
    description: str | None = column("description", "What it is for.")
    money: Money = money("amount_cents", "How much.")
    status: CreditStatus = computed(credit_status, "type", description="What became of it.")


@strawberry.type(description="The organization earned money, or gave it back.")
class Earning(PartnerEvent):
    charge_id: strawberry.ID | None = computed(
        event_detail.charge_gid,
        "charge_kind",
        "charge_id",
        description="The charge behind it; null where none is known.",
    )
    description: str | None = relation(
        event_detail.charge_name, "What the store read on its bill; null where no charge is known."
    )
    earning_type: EarningType = computed(earning_type, "type", description="Which kind of earning it is.")
    gross_amount: Money = money("amount_cents", "What the store paid, without tax.")
    metadata: EventMetadata | None = _metadata()
    net_amount: Money = money("net_amount_cents", "What the partner gets; negative where it is given back.")
    settlement_date: Date | None = computed(
        event_detail.day, "occurred_at", description="The day on which it was booked."
    )
    shopify_fee: Money = money("shopify_fee_cents", "What the platform keeps.")


@strawberry.type(description="A store installed an app, left it, closed or came back.")
class Relationship(PartnerEvent):
    reason: str | None = column("reason", "Why, as the store chose; null where it did not.")
    reason_description: str | None = column("description", "What the store wrote about why; null where it did not.")
    state: RelationshipState = computed(state, "type", description="What it became.")


@strawberry.type(description="A subscription changed.")
class SubscriptionStatus(PartnerEvent):
    cancel_effective_on: Date | None = computed(
        event_detail.day,
        "cancel_effective_at",
        description="The day on which a cancellation takes effect; null where it is not told.",
    )
    plan: Plan | None = relation(event_detail.plan, "The plan that it had then; null where it had none.")
    state: SubscriptionStatusState = computed(state, "type", description="What it became.")


@strawberry.type(description="One place in the stream.")
class PartnerEventEdge:
    cursor: str = column(CURSOR, "Where this place is: give it as `after` or `before`, in either order.")
    node: PartnerEvent = same("What happened.")


@strawberry.type(description="Where a page lies in the stream.")
class HistoricalEventsPageInfo:
    end_cursor: str | None = attribute("end_cursor", "The cursor of the last edge; null on an empty page.")
    has_next_page: bool = attribute("has_next_page", "Whether more follows this page.")
    has_previous_page: bool = attribute(
        "has_previous_page", "Whether something comes before this page. With `after`, that cursor's own place does."
    )
    start_cursor: str | None = attribute("start_cursor", "The cursor of the first edge; null on an empty page.")


@strawberry.type(description="One page of the stream.")
class PartnerEventConnection:
    edges: list[PartnerEventEdge] = attribute("rows", "The places of this page.")
    nodes: list[PartnerEvent] = attribute("rows", "What the page holds, without cursors.")
    page_info: HistoricalEventsPageInfo = same("Where the page lies in the stream.")


@strawberry.input(description="Which events are wanted. Together they ask for what fulfils all of them.")
class EventFilterInput:
    event_types: list[EventType] | None = strawberry.field(default=UNSET, description="Only of these kinds.")
    occurred_at_max: DateTime | None = strawberry.field(default=UNSET, description="Then or earlier. Not given: now.")
    occurred_at_min: DateTime | None = strawberry.field(
        default=UNSET,
        description="Then or later, at most 365 days before `occurredAtMax`. Not given: 30 days ago.",
    )
    shop_id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="Only with this store; only together with `subjectId`."
    )
    subject_id: strawberry.ID | None = strawberry.field(default=UNSET, description="Only of this app or theme.")
    subject_type: SubjectType | None = strawberry.field(default=UNSET, description="Only of apps, or only of themes.")


EventFirst = Annotated[
    int | None, strawberry.argument(description="How many, from the first on: 0 to 250. Without first and last: 50.")
]
EventLast = Annotated[int | None, strawberry.argument(description="How many, from the last back: 0 to 250.")]

TYPES = (Charge, Credit, Earning, Relationship, SubscriptionStatus)


@strawberry.type
class PartnerEventQuery:
    @relation(
        event_rows.list_events,
        "What happened to the organization's apps and themes, newest first: the last 30 days unless the filter"
        " says otherwise.",
        permission=ApiPermission.MANAGE_APPS,
    )
    def events(
        self,
        after: After = UNSET,
        before: Before = UNSET,
        filter: Annotated[EventFilterInput | None, strawberry.argument(description="Which events.")] = UNSET,
        first: EventFirst = UNSET,
        last: EventLast = UNSET,
        order_by: Annotated[
            EventOrder | None, strawberry.argument(description="Newest or oldest first.")
        ] = EventOrder.OCCURRED_AT_DESC,
    ) -> PartnerEventConnection | None: ...

"""What happened between apps and shops."""

from sqlalchemy import bindparam

from gateway.execution.rows import Page, Rows
from gateway.execution.sources import Call, batch
from gateway.models.app import AppChargeKind
from gateway.models.base import UtcDateTime
from gateway.models.event import AppEventTypes, app_events
from gateway.statements import any_text
from resolvers.arguments import with_ids
from resolvers.listing import Listing, list_rows_of
from resolvers.page import Order

# RELATIONSHIP_INSTALLED is a RelationshipInstalled, and so on for all of them.
EVENT_TYPENAMES = {kind: "".join(word.title() for word in kind.split("_")) for kind in AppEventTypes}

# An event refers to a charge or to a credit; ids of both kinds are asked for as `chargeId`.
_CHARGES = {*(kind.value for kind in AppChargeKind), "AppCredit"}

EVENTS = Listing(
    table=app_events,
    order=Order("evnt", "occurred_at"),
    typename=lambda row: EVENT_TYPENAMES[row.type],
    filters={
        "types": any_text(app_events.c.type, "types"),
        "shop_id": app_events.c.shop_id == bindparam("shop_id"),
        "charge_id": (app_events.c.charge_id == bindparam("charge_id"))
        | (app_events.c.credit_id == bindparam("charge_id")),
        "occurred_at_min": app_events.c.occurred_at >= bindparam("occurred_at_min", type_=UtcDateTime),
        "occurred_at_max": app_events.c.occurred_at <= bindparam("occurred_at_max", type_=UtcDateTime),
    },
)


@batch("organization_id", "id")
async def list_events(parents: Rows, call: Call) -> list[Page]:
    call = with_ids(call, shop_id={"Shop"}, charge_id=_CHARGES)
    return await list_rows_of(EVENTS, "app_id", parents.columns("organization_id", "id"), call)

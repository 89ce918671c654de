"""What happened between apps and shops."""

from dataclasses import replace

from sqlalchemy import bindparam, exists

from gateway.execution.rows import Pages, Rows
from gateway.execution.sources import Call, batch
from gateway.models.app import AppChargeKind, app_charges
from gateway.models.base import UtcDateTime
from gateway.models.event import AppEventTypes, app_events
from gateway.statements import any_text
from resolvers.arguments import with_ids
from resolvers.gid import parse, parse_as
from resolvers.listing import Listing, list_rows_of
from resolvers.page import newest_first

# RELATIONSHIP_INSTALLED is a RelationshipInstalled, and so on for all of them.
EVENT_TYPENAMES = {kind: "".join(word.title() for word in kind.split("_")) for kind in AppEventTypes}

_CREDIT = "AppCredit"
_CHARGES_AND_CREDITS = {*(kind.value for kind in AppChargeKind), _CREDIT}

_OF_KIND = exists().where(
    app_charges.c.organization_id == app_events.c.organization_id,
    app_charges.c.id == app_events.c.charge_id,
    app_charges.c.kind == bindparam("charge_kind"),
)

EVENTS = Listing(
    table=app_events,
    order=newest_first("evnt", "occurred_at"),
    typenames=EVENT_TYPENAMES,
    filters={
        "types": any_text(app_events.c.type, "types"),
        "shop_id": app_events.c.shop_id == bindparam("shop_id"),
        "charge_id": app_events.c.charge_id == bindparam("charge_id"),
        "charge_kind": _OF_KIND.correlate(app_events),
        "credit_id": app_events.c.credit_id == bindparam("credit_id"),
        "occurred_at_min": app_events.c.occurred_at >= bindparam("occurred_at_min", type_=UtcDateTime),
        "occurred_at_max": app_events.c.occurred_at <= bindparam("occurred_at_max", type_=UtcDateTime),
    },
)


@batch("organization_id", "id")
async def list_events(parents: Rows, call: Call) -> Pages:
    call = _with_charge(with_ids(call, shop_id={"Shop"}))
    return await list_rows_of(EVENTS, "app_id", parents.columns("organization_id", "id"), call)


def _with_charge(call: Call) -> Call:
    """`chargeId` takes ids of charges and of credits, whose numbers have nothing to do with each other."""
    asked = call.arguments.get("charge_id")
    if asked is None:
        return call
    row_id, kind = parse_as(asked, _CHARGES_AND_CREDITS), parse(asked)[0]
    wanted = {"charge_id": None, "credit_id": row_id} if kind == _CREDIT else {"charge_id": row_id, "charge_kind": kind}
    return replace(call, arguments={**call.arguments, **wanted})

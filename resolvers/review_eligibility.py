"""Whether a merchant may review a partner: every reason against it, and when time alone is lacking."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Subquery,
    Table,
    bindparam,
    exists,
    literal,
    literal_column,
    select,
    true,
)

from gateway.errors import InvalidArgument
from gateway.execution.rows import Layout, Rows
from gateway.execution.sources import Call, batch
from gateway.models.actor import shops
from gateway.models.base import UtcDateTime
from gateway.models.block import partner_blocks
from gateway.models.collaborator import CollaboratorStatus, collaborators
from gateway.models.directory import directory_services
from gateway.models.offering import service_offerings
from gateway.models.partner import partners
from gateway.models.review import reviews
from gateway.moments import Moment, moment_of
from resolvers import visibility
from resolvers.context import Context
from resolvers.gid import parse_as
from resolvers.scope import Scope
from resolvers.visibility.rules import SHOP

# For so long the partner's access to the shop has to be active before.
SHORTEST_COLLABORATION = timedelta(days=7)

_LAYOUT = Layout(("eligible", "eligible_at", "reasons"), nullable=("eligible_at",))


class ReviewIneligibility(StrEnum):
    NOT_A_COLLABORATOR = "NOT_A_COLLABORATOR"
    COLLABORATION_TOO_SHORT = "COLLABORATION_TOO_SHORT"
    PARTNER_NOT_LISTED = "PARTNER_NOT_LISTED"
    ALREADY_REVIEWED = "ALREADY_REVIEWED"
    PLAN_NOT_ELIGIBLE = "PLAN_NOT_ELIGIBLE"
    BLOCKED = "BLOCKED"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the records say of a shop, a partner and a service.

    `organization_id` is None where the shop sees no such partner; `activated_at` where it gives the partner no access.
    """

    has_service: bool = True
    paid_plan_eligible: bool = False
    organization_id: int | None = None
    listed: bool = False
    is_offered: bool = False
    activated_at: datetime | None = None
    is_reviewed: bool = False
    is_blocked: bool = False

    @property
    def eligible_at(self) -> datetime | None:
        return self.activated_at and self.activated_at + SHORTEST_COLLABORATION


def ineligibilities(facts: Facts, now: datetime) -> Iterator[ReviewIneligibility]:
    if facts.eligible_at is None:
        yield ReviewIneligibility.NOT_A_COLLABORATOR
    elif now < facts.eligible_at:
        yield ReviewIneligibility.COLLABORATION_TOO_SHORT
    if not facts.listed:
        yield ReviewIneligibility.PARTNER_NOT_LISTED
    if facts.is_reviewed:
        yield ReviewIneligibility.ALREADY_REVIEWED
    if not facts.paid_plan_eligible:
        yield ReviewIneligibility.PLAN_NOT_ELIGIBLE
    if facts.is_blocked:
        yield ReviewIneligibility.BLOCKED


@batch()
async def find_eligibility(_parents: Rows, call: Call) -> Rows:
    """Raises INVALID_ARGUMENT for a service that the directory does not have, and INVALID_ID."""
    context: Context = call.context
    partner_id, handle = parse_as(call.arguments["partner_id"], {"Partner"}), call.arguments["service_handle"]
    found = await context.fetch(facts_statement(context.scope), facts_parameters(context, partner_id, handle))
    facts = facts_of(found)
    if not facts.has_service:
        raise InvalidArgument("The directory has no service {handle}", {"handle": handle})
    reasons = list(ineligibilities(facts, context.now))
    is_time_alone = reasons == [ReviewIneligibility.COLLABORATION_TOO_SHORT]
    return Rows([(not reasons, facts.eligible_at if is_time_alone else None, reasons)], _LAYOUT)


def facts_parameters(context: Context, partner_id: int, handle: str) -> dict[str, Any]:
    return {"partner_id": partner_id, "service_handle": handle, "now": context.now}


def facts_of(rows: Any) -> Facts:
    """Of the one row that `facts_statement` gives."""
    ((has_service, paid_plan_eligible, organization_id, listed, is_offered, activated_at, reviewed, blocked),) = rows
    return Facts(
        has_service=bool(has_service),
        paid_plan_eligible=bool(paid_plan_eligible),
        organization_id=organization_id,
        listed=bool(listed),
        is_offered=bool(is_offered),
        activated_at=_moment(activated_at),
        is_reviewed=bool(reviewed),
        is_blocked=bool(blocked),
    )


def _moment(read: Moment | None) -> datetime | None:
    return None if read is None else moment_of(read)


@lru_cache(maxsize=64)
def facts_statement(scope: Scope) -> Select[Any]:
    """One row, whoever asks: no shop is the shop of a caller who is no merchant, so all of it is false."""
    partner = _partner(scope)
    service: Any = bindparam("service_handle")

    def between(table: Table, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
        own = table.c.organization_id == partner.c.organization_id
        return exists(select(1).select_from(table).where(own, *conditions).correlate(partner))

    of_shop = (collaborators.c.organization_id == partner.c.organization_id, collaborators.c.shop_id == SHOP)
    active = collaborators.c.status == CollaboratorStatus.ACTIVE.value
    # That access has ended by itself may not be noted yet.
    lasting = collaborators.c.expires_at > bindparam("now", type_=UtcDateTime)
    told: list[Any] = [
        exists().where(directory_services.c.handle == service),
        select(shops.c.paid_plan_eligible).where(shops.c.id == SHOP).scalar_subquery(),
        partner.c.organization_id,
        partner.c.listed,
        between(service_offerings, service_offerings.c.service_handle == service),
        select(collaborators.c.activated_at).where(*of_shop, active, lasting).correlate(partner).scalar_subquery(),
        between(reviews, reviews.c.shop_id == SHOP, reviews.c.service_handle == service),
        between(partner_blocks, partner_blocks.c.shop_id == SHOP),
    ]
    anything = select(literal(1).label("one")).subquery("anything")
    return select(*told).select_from(anything.outerjoin(partner, true()))


def _partner(scope: Scope) -> Subquery:
    """The partner that the caller sees under the id; of two, the one that `node` would find."""
    here = (visibility.VISIBLE[partners](scope), partners.c.id == bindparam("partner_id", type_=BigInteger))
    statement = select(partners.c.organization_id, partners.c.listed).where(*here)
    return statement.order_by(partners.c.organization_id.desc()).limit(literal_column("1")).subquery("partner")

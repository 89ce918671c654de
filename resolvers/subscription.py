"""What a shop subscribes to, as it is at the moment of the request."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, or_, select

from gateway.errors import GatewayError
from gateway.execution.rows import Layout, Rows
from gateway.execution.sources import Call, batch
from gateway.models.actor import shops
from gateway.models.app import apps
from gateway.models.base import UtcDateTime
from gateway.models.subscription import pending_updates, subscriptions
from gateway.moments import moment_of
from gateway.statements import FIRST_PLACE, key_parameters, key_table
from resolvers import visibility
from resolvers.arguments import with_ids
from resolvers.cycle import Cycle, cycle_at
from resolvers.gid import gid
from resolvers.loaders import layout_of, reference
from resolvers.scope import Scope

app = reference(apps, "organization_id", "app_id")
shop = reference(shops, "shop_id")

_CYCLE = Layout(("starts_at", "ends_at"), nullable=())


def app_not_found() -> GatewayError:
    return GatewayError("App not found", code="NOT_FOUND")


def runs_at(now: Any) -> Any:
    """The condition that a subscription has not ended."""
    return or_(subscriptions.c.cancelled_at.is_(None), subscriptions.c.cancelled_at > now)


@batch()
async def find_active(_parents: Rows, call: Call) -> Rows:
    """The subscription that runs, None where the shop has none. Raises NOT_FOUND for an app of somebody else."""
    call = with_ids(call, app_id={"App"}, shop_id={"Shop"})
    values = {**call.arguments, "now": call.context.now}
    found = await call.context.fetch(_active_statement(call.context.scope), values)
    if not found:
        raise app_not_found()
    layout = layout_of(subscriptions)
    row = found[0] if found[0][layout.index["id"]] is not None else None
    return Rows([row], layout)


@lru_cache(maxsize=64)
def _active_statement(scope: Scope) -> Select[Any]:
    """One row wherever the app is there to be seen, so that one statement tells an unknown app from an unused one."""
    here = and_(
        subscriptions.c.organization_id == apps.c.organization_id,
        subscriptions.c.app_id == apps.c.id,
        subscriptions.c.shop_id == bindparam("shop_id"),
        runs_at(bindparam("now", type_=UtcDateTime)),
    )
    statement = select(subscriptions).select_from(apps.outerjoin(subscriptions, here))
    statement = statement.where(visibility.VISIBLE[apps](scope), apps.c.id == bindparam("app_id"))
    return statement.order_by(subscriptions.c.created_at.desc(), subscriptions.c.id.desc()).limit(1)


def current_cycle(anchor: Any, interval: str, cancelled_at: Any, now: Any) -> Cycle | None:
    """The cycle at that moment, of a subscription as its row tells it; None during a trial and after its end."""
    if cancelled_at is not None and moment_of(cancelled_at) <= now:
        return None
    return cycle_at(moment_of(anchor), interval, now)


@batch("billing_anchor_at", "billing_interval", "cancelled_at")
async def find_cycle(parents: Rows, call: Call) -> Rows:
    told = parents.columns("billing_anchor_at", "billing_interval", "cancelled_at")
    cycles = [current_cycle(anchor, interval, ended, call.context.now) for anchor, interval, ended in told]
    return Rows([cycle and (cycle.starts_at, cycle.ends_at) for cycle in cycles], _CYCLE)


@batch("organization_id", "id")
async def pending_update(parents: Rows, call: Call) -> Rows:
    """What each subscription becomes at the end of its cycle; None where nothing is to change."""
    postgresql = call.context.database.is_postgresql
    keys = parents.columns("organization_id", "id")
    statement = _pending_statement(call.context.scope, postgresql=postgresql)
    fetched = await call.context.fetch(statement, key_parameters(keys, postgresql))
    found = {place: row for place, *row in fetched}
    rows = [found.get(place) for place in range(FIRST_PLACE, FIRST_PLACE + len(keys))]
    return Rows([row and tuple(row) for row in rows], layout_of(pending_updates))


@lru_cache(maxsize=64)
def _pending_statement(scope: Scope, *, postgresql: bool) -> Select[Any]:
    keys, table = key_table(postgresql), pending_updates
    here = (table.c.organization_id == keys.c.organization_id) & (table.c.subscription_id == keys.c.id)
    statement = select(keys.c.place, table).select_from(keys.join(table, here))
    return statement.where(visibility.held(table, scope))


def legacy_gid(charge_id: int | None) -> str | None:
    """The id by which older versions know a subscription."""
    return None if charge_id is None else gid("AppSubscription", charge_id)

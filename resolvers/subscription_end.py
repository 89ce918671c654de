"""How a subscription ends: what is told of it, and the work that is left for one that ends with its cycle."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, select

from gateway.errors import WorkFailed
from gateway.ids import new_id
from gateway.jobs.work import Work
from gateway.models.base import UtcDateTime
from gateway.models.event import AppEventTypes, app_events
from gateway.models.subscription import SubscriptionStatusState, subscription_changes, subscriptions
from gateway.moments import moment_of
from gateway.writing import Writing
from resolvers.booking import Booking
from resolvers.cycle import Cycle, cycle_at
from resolvers.gid import gid
from resolvers.settlement import usage_cents

KIND = "subscriptionEnd"
# Of a cycle's moments the last one: the moment at which it ends is the first of the next.
_MICROSECOND = timedelta(microseconds=1)

_DUE = select(subscriptions).where(
    subscriptions.c.organization_id == bindparam("of_organization"),
    subscriptions.c.id == bindparam("of_subscription"),
    subscriptions.c.cancel_at_end_of_cycle,
    subscriptions.c.cancelled_at <= bindparam("now", type_=UtcDateTime),
)


async def leave(write: Writing, organization_id: int, subscription_id: int, ends_at: datetime) -> None:
    payload = {"of_organization": organization_id, "of_subscription": subscription_id}
    await write.enqueue(KIND, payload, run_at=ends_at, key=f"{KIND}:{organization_id}:{subscription_id}")


async def end(work: Work) -> None:
    """Charges the last use and tells the end, together and once; nothing where it was cancelled at once meanwhile.

    All of it is dated when it is written: who follows the events misses none where the work was late.
    """
    values = {**work.payload, "now": work.now}
    if not await work.database.fetch(_DUE, values):
        return
    async with work.write() as write:
        found = (await write.execute(_DUE.with_for_update(), values)).mappings().first()
        if found is None:
            # It was cancelled between the two statements: the next attempt finds nothing to do.
            raise WorkFailed("The subscription was cancelled just now")
        ends_at = moment_of(found["cancelled_at"])
        charged = {}
        if cycle := cycle_at(moment_of(found["billing_anchor_at"]), found["billing_interval"], ends_at - _MICROSECOND):
            booking = Booking(write, found, work.now)
            charged = await charge_last_use(booking, cycle, found["billing_interval"], ends_at - _MICROSECOND)
        await tell_end(write, found, work.now, ends_at)
        write.audit(
            KIND,
            gid("Subscription", found["id"]),
            organization_id=found["organization_id"],
            before={"ended": False},
            after={"ended": True, "charged_cents": charged},
        )


async def charge_last_use(booking: Booking, cycle: Cycle, interval: str, now: datetime) -> dict[str, int]:
    """One charge for each item that was used since the cycle began, as far as it is not charged. In cents, by item."""
    charged = {}
    for item in await booking.items(cycle):
        if cents := usage_cents(item, interval, now):
            await booking.charge_usage(item, cents, cycle)
            charged[str(item.id)] = cents
    return charged


async def tell_end(write: Writing, subscription: Mapping[str, Any], now: datetime, ended_at: datetime) -> None:
    """Older versions hear of the end of what has a charge, by which they know it."""
    if subscription["charge_id"] is None:
        await tell_change(write, subscription, SubscriptionStatusState.CANCELED, now, ended_at)
        return
    row = {
        **{name: subscription[name] for name in ("organization_id", "app_id", "shop_id", "charge_id")},
        "id": new_id(),
        "type": AppEventTypes.SUBSCRIPTION_CHARGE_CANCELED.value,
        "occurred_at": now,
    }
    await write.insert(app_events, row)


async def tell_change(
    write: Writing, subscription: Mapping[str, Any], state: str, occurred_at: datetime, effective_at: datetime
) -> None:
    row = {
        "organization_id": subscription["organization_id"],
        "id": new_id(),
        "subscription_id": subscription["id"],
        "plan_id": subscription["plan_id"],
        "state": state,
        "occurred_at": occurred_at,
        "cancel_effective_at": effective_at,
    }
    await write.insert(subscription_changes, row)


async def is_told(write: Writing, subscription: Mapping[str, Any]) -> bool:
    """Whether its end stands in the events. Asked with its row locked, in a statement that begins after the lock."""
    changes, events = subscription_changes.c, app_events.c
    if subscription["charge_id"] is None:
        told = exists().where(
            changes.organization_id == subscription["organization_id"],
            changes.subscription_id == subscription["id"],
            changes.state == SubscriptionStatusState.CANCELED.value,
        )
    else:
        told = exists().where(
            events.organization_id == subscription["organization_id"],
            events.charge_id == subscription["charge_id"],
            events.type == AppEventTypes.SUBSCRIPTION_CHARGE_CANCELED.value,
        )
    return bool((await write.execute(select(told))).scalar())

"""Cancelling a subscription: at once with what is due on both sides, or at the end of its cycle."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import delete, select, update

from gateway.errors import Reason, UserErrorCode, UserErrors
from gateway.execution.rows import Rows
from gateway.execution.sources import Call, batch
from gateway.models.app import apps
from gateway.models.subscription import (
    SubscriptionStatusState,
    pending_updates,
    subscription_items,
    subscriptions,
)
from gateway.moments import moment_of
from resolvers import subscription_end, visibility
from resolvers.arguments import with_ids
from resolvers.booking import Booking
from resolvers.context import Context
from resolvers.cycle import cycle_at
from resolvers.gid import gid
from resolvers.loaders import reference
from resolvers.mutation import mutation
from resolvers.settlement import unused_cents
from resolvers.subscription import runs_at
from resolvers.subscription_end import charge_last_use, is_told, tell_change, tell_end
from resolvers.write import Write

cancelled = reference(subscriptions, "organization_id", "subscription_id")

FLAGS = ("deferCancellation", "prorate", "skipFinalUsageCharge")


@mutation("organization_id", "subscription_id")
async def cancel(call: Call) -> tuple[Any, ...]:
    """Ends the subscription, with the events, transactions and credits that follow from it."""
    call = with_ids(call, app_id={"App"}, shop_id={"Shop"})
    given = call.arguments
    context: Context = call.context
    flags = given["defer_cancellation"], given["prorate"], given["skip_final_usage_charge"]
    if visibility.reaches_none(apps, context.scope):
        # Refused in any case: no transaction is begun for it.
        raise UserErrors(*check_cancel(flags, app_exists=False, subscription=None))
    async with context.write() as write:
        found, app_exists = await _find(write, context, given)
        if reasons := list(check_cancel(flags, app_exists=app_exists, subscription=found)):
            raise UserErrors(*reasons)
        assert found is not None  # noqa: S101 - a missing one was refused
        if given["defer_cancellation"]:
            after = await _end_with_cycle(write, context, found)
        else:
            await _settle(write, context, found, given)
            after = await _end_now(write, context, found)
        await _forget_update(write, found)
        subject = gid("Subscription", found["id"])
        organization_id = found["organization_id"]
        write.audit(
            "appSubscriptionCancel",
            subject,
            organization_id=organization_id,
            before={name: found[name] for name in after},
            after=after,
        )
        return write.answers(organization_id, found["id"])


def check_cancel(
    flags: tuple[bool, bool, bool], *, app_exists: bool, subscription: Mapping[str, Any] | None
) -> Iterator[Reason]:
    """`flags` are deferCancellation, prorate and skipFinalUsageCharge, of which at most one can be true."""
    if not app_exists:
        yield Reason(UserErrorCode.NOT_FOUND, ("appId",), "There is no app with this id")
    elif subscription is None:
        yield Reason(UserErrorCode.NOT_FOUND, ("shopId",), "No shop with this id subscribes to the app")
    elif flags[0] and subscription["cancel_at_end_of_cycle"]:
        yield Reason(UserErrorCode.WRONG_STATE, ("deferCancellation",), "The subscription ends with its cycle already")
    first, *others = [name for name, flag in zip(FLAGS, flags, strict=True) if flag] or [""]
    for other in others:
        message = "{other} can't be combined with {first}"
        yield Reason(UserErrorCode.INVALID, (other,), message, {"other": other, "first": first})


async def _find(write: Write, context: Context, given: Mapping[str, Any]) -> tuple[Mapping[str, Any] | None, bool]:
    """The subscription that runs, and whether the app is there. Locked, so that of two at once the second sees it."""
    app = select(apps.c.organization_id).where(visibility.reached(apps, context.scope), apps.c.id == given["app_id"])
    organization_id = (await write.execute(app)).scalar()
    if organization_id is None:
        return None, False
    of_shop = (subscriptions.c.app_id == given["app_id"], subscriptions.c.shop_id == given["shop_id"])
    statement = select(subscriptions).where(
        subscriptions.c.organization_id == organization_id, *of_shop, runs_at(context.now)
    )
    newest = (subscriptions.c.created_at.desc(), subscriptions.c.id.desc())
    found = (await write.execute(statement.order_by(*newest).limit(1).with_for_update())).mappings().first()
    if found is None or (found["cancel_at_end_of_cycle"] and await is_told(write, found)):
        # The work that ends it with its cycle may have been faster than this request.
        return None, True
    return dict(found), True


async def _settle(write: Write, context: Context, found: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    """Charges what was used in the current cycle, and gives back what is left of it, as far as either is wanted."""
    interval, now = found["billing_interval"], context.now
    cycle = cycle_at(found["billing_anchor_at"], interval, now)
    if cycle is None:
        return
    booking = Booking(write, found, now)
    if not given["skip_final_usage_charge"]:
        await charge_last_use(booking, cycle, interval, now)
    if given["prorate"]:
        for currency_code, cents in unused_cents(await booking.items(cycle), cycle, interval, now).items():
            await booking.give_back(cents, currency_code)


async def _end_now(write: Write, context: Context, found: Mapping[str, Any]) -> dict[str, Any]:
    await tell_end(write, found, context.now, context.now)
    return await _update(write, found, {"cancelled_at": context.now, "cancel_at_end_of_cycle": False})


async def _end_with_cycle(write: Write, context: Context, found: Mapping[str, Any]) -> dict[str, Any]:
    """A trial ends before the first cycle begins."""
    cycle = cycle_at(found["billing_anchor_at"], found["billing_interval"], context.now)
    ends_at = found["billing_anchor_at"] if cycle is None else cycle.ends_at
    await tell_change(write, found, SubscriptionStatusState.CANCELLATION_SCHEDULED, context.now, ends_at)
    await subscription_end.leave(write, found["organization_id"], found["id"], ends_at)
    return await _update(write, found, {"cancelled_at": ends_at, "cancel_at_end_of_cycle": True})


async def _update(write: Write, found: Mapping[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    own = subscriptions.c.organization_id == found["organization_id"]
    await write.execute(update(subscriptions).where(own, subscriptions.c.id == found["id"]).values(values))
    return values


async def _forget_update(write: Write, found: Mapping[str, Any]) -> None:
    """What was to change with the next cycle does not, since there is none."""
    own = pending_updates.c.organization_id == found["organization_id"]
    here = select(pending_updates.c.id).where(own, pending_updates.c.subscription_id == found["id"])
    items = subscription_items.c.organization_id == found["organization_id"]
    await write.execute(
        delete(subscription_items).where(items, subscription_items.c.pending_update_id.in_(here.scalar_subquery()))
    )
    await write.execute(delete(pending_updates).where(own, pending_updates.c.subscription_id == found["id"]))


@batch("cancelled_at")
async def cancelled_at(parents: Rows, call: Call) -> list[Any]:
    """When each subscription ended; None for one that ends with its cycle."""
    moments = parents.column("cancelled_at")
    return [None if each is None or moment_of(each) > call.context.now else each for each in moments]

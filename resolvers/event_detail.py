"""What an event of the stream tells beside its own row: what it was about, and the charge and plan behind it."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from gateway.execution.rows import Layout, Record, Rows
from gateway.execution.sources import Call, batch
from gateway.models.actor import shops
from gateway.models.app import app_charges, apps
from gateway.models.partner_event import SubjectType, themes
from gateway.models.plan import plans
from gateway.models.subscription import subscription_charges, subscriptions
from gateway.moments import Moment, moment_of, wire_text
from resolvers.gid import gid
from resolvers.loaders import layout_of, reference
from resolvers.partner_event import EVENT_TYPENAMES
from resolvers.tier import CENT, MICRO

shop = reference(shops, "shop_id")

DAY = timedelta(days=1)
_PLAN = Layout((*plans.c.keys(), "trial_days_remaining"))
_CHARGED = ("organization_id", "charge_id", "charge_kind")
_PLANNED = (*_CHARGED, "plan_id", "subscription_id")


def event_gid(kind: str, row_id: int, source: int) -> str:
    """Rows of several tables are behind events of one type, so the number ends with the digit of the table."""
    return f"gid://shopify/{EVENT_TYPENAMES[kind]}/{row_id}{source}"


def charge_gid(kind: str | None, charge_id: int | None) -> str | None:
    return None if kind is None or charge_id is None else gid(kind, charge_id)


def charged_gid(kind: str | None, charge_id: int | None, row_id: int) -> str:
    """A subscription that has no charge is charged by its cycles."""
    return charge_gid(kind, charge_id) or f"gid://shopify/BillingCycle/{row_id}"


def day(moment: Moment | None) -> str | None:
    """The day in UTC."""
    return None if moment is None else wire_text(moment)[:10]


@batch("organization_id", "subject_type", "subject_id")
async def subject(parents: Rows, call: Call) -> Any:
    told = parents.columns("organization_id", "subject_type", "subject_id")
    wanted = {
        kind: [(organization_id, row_id) for organization_id, of, row_id in told if of == kind] for kind in SubjectType
    }
    if not wanted[SubjectType.THEME]:
        found = await call.context.loaders.reached(apps).load_many(wanted[SubjectType.APP])
        return Rows(found, layout_of(apps), ["AppReference"] * len(found))
    tables = {SubjectType.APP: (apps, "AppReference"), SubjectType.THEME: (themes, "ThemeReference")}
    loaders = call.context.loaders
    loaded = await asyncio.gather(*(loaders.reached(tables[kind][0]).load_many(keys) for kind, keys in wanted.items()))
    rows = {kind: iter(each) for kind, each in zip(wanted, loaded, strict=True)}
    return [_subject(next(rows[SubjectType(of)]), *tables[SubjectType(of)]) for _, of, _ in told]


def _subject(row: Any, table: Any, typename: str) -> Record | None:
    return None if row is None else Record(row, layout_of(table), typename)


async def _charges(parents: Rows, call: Call) -> list[Any]:
    """What each event's charge was for a subscription; None where it was none."""
    keys = [(each[0], each[1]) for each in parents.columns(*_CHARGED)]
    asked = [key for key in keys if key[1] is not None]
    found = await call.context.loaders.reached(subscription_charges).load_many(asked)
    rows = dict(zip(asked, found, strict=True))
    return [rows.get(key) for key in keys]


async def _charged(column: str, unit: Decimal, parents: Rows, call: Call) -> list[Any]:
    place = layout_of(subscription_charges).index[column]
    return [_decimal(row and row[place], unit) for row in await _charges(parents, call)]


def _decimal(value: int | None, unit: Decimal) -> str | None:
    if value is None:
        return None
    text = format(Decimal(value) * unit, "f")
    return text if unit == CENT else text.rstrip("0").rstrip(".")


@batch(*_CHARGED)
async def capped_amount(parents: Rows, call: Call) -> list[Any]:
    return await _charged("capped_amount_cents", CENT, parents, call)


@batch(*_CHARGED)
async def balance_used(parents: Rows, call: Call) -> list[Any]:
    return await _charged("balance_used_cents", CENT, parents, call)


@batch(*_CHARGED)
async def usage_quantity(parents: Rows, call: Call) -> list[Any]:
    return await _charged("quantity_micros", MICRO, parents, call)


@batch("organization_id", "charge_id")
async def charge_name(parents: Rows, call: Call) -> list[Any]:
    """What the store reads of the charge behind an earning; None where the charge is older than the records."""
    keys = parents.columns("organization_id", "charge_id")
    asked = [key for key in keys if key[1] is not None]
    found = dict(zip(asked, await call.context.loaders.reached(app_charges).load_many(asked), strict=True))
    place = layout_of(app_charges).index["name"]
    return [(row := found.get(key)) and row[place] for key in keys]


async def _plans(parents: Rows, call: Call) -> tuple[list[Any], list[Any]]:
    """The plan and the subscription of each event: its own, or those that its charge tells."""
    index = layout_of(subscription_charges).index
    by_charge = await _charges(parents, call)
    plan_keys, subscription_keys = [], []
    for (organization_id, _, _, plan_id, subscription_id), charge in zip(
        parents.columns(*_PLANNED), by_charge, strict=True
    ):
        plan = plan_id if plan_id is not None else charge and charge[index["plan_id"]]
        held = subscription_id if subscription_id is not None else charge and charge[index["subscription_id"]]
        plan_keys.append((organization_id, plan))
        subscription_keys.append((organization_id, held))
    return plan_keys, subscription_keys


async def _loaded(table: Any, keys: Sequence[Any], call: Call) -> list[Any]:
    asked = [key for key in keys if key[1] is not None]
    found = dict(zip(asked, await call.context.loaders.reached(table).load_many(asked), strict=True))
    return [found.get(key) for key in keys]


@batch(*_PLANNED)
async def plan_handle(parents: Rows, call: Call) -> list[Any]:
    plan_keys, _ = await _plans(parents, call)
    place = layout_of(plans).index["handle"]
    return [row and row[place] for row in await _loaded(plans, plan_keys, call)]


@batch(*_PLANNED, "occurred_at")
async def plan(parents: Rows, call: Call) -> Rows:
    """The plan that the subscription had, with what was left of its trial when the event happened."""
    plan_keys, subscription_keys = await _plans(parents, call)
    found = await _loaded(plans, plan_keys, call)
    held = await _loaded(subscriptions, subscription_keys, call)
    place = layout_of(subscriptions).index["trial_ends_at"]
    moments = parents.column("occurred_at")
    return Rows(
        [
            row and (*row, _days_left(subscription and subscription[place], moment))
            for row, subscription, moment in zip(found, held, moments, strict=True)
        ],
        _PLAN,
    )


def _days_left(trial_ends_at: Moment | None, moment: Moment) -> int | None:
    """Days that had begun count whole."""
    if trial_ends_at is None:
        return None
    left = moment_of(trial_ends_at) - moment_of(moment)
    return max(0, -(-left // DAY))

"""What a subscription is made of: items, what they cost less, and how much of them was used in the current cycle."""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Integer, Select, bindparam, cast, func, select

from gateway.execution.rows import Grouped, Layout, Rows
from gateway.execution.sources import Call, batch
from gateway.models.base import UtcDateTime
from gateway.models.plan import prices
from gateway.models.subscription import subscription_discounts, subscription_items, subscriptions, usage_records
from gateway.moments import moment_of
from gateway.statements import FIRST_PLACE, key_parameters, key_table
from resolvers import visibility
from resolvers.children import in_lists, placed
from resolvers.cycle import Cycle
from resolvers.discount import BASIS_POINTS, Discount, ends_at, remaining_cycles
from resolvers.loaders import layout_of
from resolvers.plan import tiers_of
from resolvers.scope import Scope
from resolvers.subscription import current_cycle
from resolvers.tier import CENT, MICRO, cost

# An item is told with the clock of its subscription.
CLOCK = ("billing_anchor_at", "billing_interval", "cancelled_at")
ITEM = Layout((*subscription_items.c.keys(), *CLOCK))
_DISCOUNT = Layout(("amount_cents", "percentage", "cycles", "remaining", "ends_at"))
_USAGE = Layout(("cost_cents", "currency_code", "quantity"), nullable=())

Key = tuple[int, int]


@batch("organization_id", "id")
async def list_items(parents: Rows, call: Call) -> Grouped:
    """The items of each subscription, without those to come."""
    return await _items("subscription_id", parents, call)


@batch("organization_id", "id")
async def list_pending_items(parents: Rows, call: Call) -> Grouped:
    """The items that each pending update brings."""
    return await _items("pending_update_id", parents, call)


async def _items(column: str, parents: Rows, call: Call) -> Grouped:
    postgresql = call.context.database.is_postgresql
    keys = parents.columns("organization_id", "id")
    statement = items_statement(column, call.context.scope, postgresql=postgresql)
    fetched = await call.context.fetch(statement, key_parameters(keys, postgresql))
    return in_lists(fetched, placed(ITEM), len(keys))


@lru_cache(maxsize=64)
def items_statement(column: str, scope: Scope, *, postgresql: bool) -> Select[Any]:
    keys, items = key_table(postgresql), subscription_items
    here = (items.c.organization_id == keys.c.organization_id) & (items.c[column] == keys.c.id)
    of_item = (subscriptions.c.organization_id == items.c.organization_id) & (
        subscriptions.c.id == items.c.subscription_id
    )
    source = keys.join(items, here).join(subscriptions, of_item)
    clock = [subscriptions.c[name] for name in CLOCK]
    statement = select(keys.c.place, items, *clock).select_from(source).where(visibility.held(items, scope))
    if column == "subscription_id":
        statement = statement.where(items.c.pending_update_id.is_(None))
    return statement.order_by(keys.c.place, items.c.position, items.c.id)


@batch("organization_id", "id", *CLOCK)
async def discount(parents: Rows, call: Call) -> Rows:
    """What each item costs less; None where there is no discount, or none any more."""
    now = call.context.now
    found = await call.context.loaders.reached(subscription_discounts).load_many(
        parents.columns("organization_id", "id")
    )
    intervals = parents.column("billing_interval")
    return Rows([_discounted(row, interval, now) for row, interval in zip(found, intervals, strict=True)], _DISCOUNT)


def _discounted(row: Any, interval: str, now: Any) -> tuple[Any, ...] | None:
    if row is None:
        return None
    told = discount_of(row)
    remaining = remaining_cycles(told, interval, now)
    if remaining == 0:
        return None
    percentage = None if told.basis_points is None else told.basis_points * 100 / BASIS_POINTS
    return told.amount_cents, percentage, told.cycles, remaining, ends_at(told, interval)


def discount_of(row: Sequence[Any]) -> Discount:
    """A row of `subscription_discounts` as calculations take it."""
    amount_cents, basis_points, cycles, starts_at = row[2:]
    return Discount(amount_cents, basis_points, cycles, moment_of(starts_at))


@batch("organization_id", "id", "price_id", "pending_update_id", *CLOCK)
async def usage(parents: Rows, call: Call) -> Rows:
    """What was used of each item in the current cycle, and what that costs; None where its price has no tiers."""
    keys = parents.columns("organization_id", "id")
    price_keys = parents.columns("organization_id", "price_id")
    found = await call.context.loaders.reached(prices).load_many(price_keys)
    index = layout_of(prices).index
    modes = [row and row[index["tiers_mode"]] for row in found]
    pending = parents.column("pending_update_id")
    clocks = parents.columns(*CLOCK)
    cycles = [current_cycle(anchor, interval, ended, call.context.now) for anchor, interval, ended in clocks]
    asked = [place for place, mode in enumerate(modes) if mode is not None and cycles[place] and pending[place] is None]
    told: list[tuple[Any, ...] | None] = [None] * len(keys)
    if asked:
        tiers = await tiers_of(list(dict.fromkeys(price_keys[place] for place in asked)), call)
        quantities = await _quantities({keys[place]: cycles[place] for place in asked}, call)
        for place in asked:
            quantity = quantities.get(keys[place], Decimal(0))
            exact = cost(tiers[price_keys[place]], modes[place], quantity)
            told[place] = (exact / CENT, found[place][index["currency_code"]], float(quantity))
    return Rows(told, _USAGE)


async def _quantities(asked: dict[Key, Cycle | None], call: Call) -> dict[Key, Decimal]:
    """What was used of items, by their keys. Items of one subscription have one cycle, so they share a statement."""
    postgresql = call.context.database.is_postgresql
    by_cycle: dict[Cycle, list[Key]] = {}
    for key, cycle in asked.items():
        if cycle is not None:
            by_cycle.setdefault(cycle, []).append(key)
    used: dict[Key, Decimal] = {}
    for cycle, keys in by_cycle.items():
        values = {**key_parameters(keys, postgresql), "since": cycle.starts_at, "until": call.context.now}
        for place, micros in await call.context.fetch(usage_statement(postgresql=postgresql), values):
            used[keys[place - FIRST_PLACE]] = Decimal(micros) * MICRO
    return used


@lru_cache(maxsize=2)
def usage_statement(*, postgresql: bool) -> Any:
    """What was used from `since` to `until`, for items that are shown already."""
    keys, table = key_table(postgresql), usage_records
    here = (table.c.organization_id == keys.c.organization_id) & (table.c.item_id == keys.c.id)
    within = (
        table.c.occurred_at >= bindparam("since", type_=UtcDateTime),
        table.c.occurred_at <= bindparam("until", type_=UtcDateTime),
    )
    place = cast(keys.c.place, Integer)
    total = cast(func.sum(table.c.quantity_micros), BigInteger)
    return select(place, total).select_from(keys.join(table, here)).where(*within).group_by(keys.c.place)

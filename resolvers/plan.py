"""Plans and prices: flat ones, and those with tiers."""

from dataclasses import replace
from decimal import Decimal

from gateway.execution.rows import Grouped, Rows
from gateway.execution.sources import Call, batch
from gateway.models.plan import price_tiers, prices
from resolvers.children import children
from resolvers.loaders import layout_of
from resolvers.tier import CENT, MICRO, Tier


@batch("organization_id", "price_id")
async def price(parents: Rows, call: Call) -> Rows:
    """The price of each item, as one of the two types of prices."""
    keys = parents.columns("organization_id", "price_id")
    rows = await call.context.loaders.reached(prices).load_many(keys)
    return _typed(Rows(rows, layout_of(prices)), "FlatRatePrice", "TieredPrice")


@batch("organization_id", "id")
async def list_prices(parents: Rows, call: Call) -> Grouped:
    """All prices of each plan, in their order."""
    found = await children(prices, "plan_id", "position", parents, replace(call, columns=None))
    return Grouped(_typed(found.rows, "FlatRatePlanPrice", "TieredPlanPrice"), found.lengths)


@batch("organization_id", "id")
async def list_tiers(parents: Rows, call: Call) -> Grouped:
    return await children(price_tiers, "price_id", "position", parents, call)


async def tiers_of(keys: list[tuple[int, int]], call: Call) -> dict[tuple[int, int], list[Tier]]:
    """The tiers of prices by the prices' keys, as calculations take them."""
    parents = Rows(keys, layout_of(prices, ("organization_id", "id")))
    found = await children(price_tiers, "price_id", "position", parents, replace(call, columns=None))
    told = iter(found.rows.columns("up_to", "amount_cents", "amount_per_unit_micros"))
    return {key: [tier(*next(told)) for _ in range(length)] for key, length in zip(keys, found.lengths, strict=True)}


def tier(up_to: int | None, amount_cents: int, amount_per_unit_micros: int) -> Tier:
    return Tier(up_to, Decimal(amount_cents) * CENT, Decimal(amount_per_unit_micros) * MICRO)


def _typed(rows: Rows, flat: str, tiered: str) -> Rows:
    place = rows.layout.index["tiers_mode"]
    typenames = [flat if row is None or row[place] is None else tiered for row in rows]
    return Rows(rows, rows.layout, typenames)

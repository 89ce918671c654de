"""The rows that come of cancelling a subscription: charges and credits with their events and transactions."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import case, func, select, update

from gateway.ids import new_id
from gateway.models.app import AppChargeKind, app_charges, app_credits
from gateway.models.event import AppEventTypes, app_events
from gateway.models.plan import price_tiers, prices
from gateway.models.subscription import (
    subscription_charges,
    subscription_discounts,
    subscription_items,
    usage_records,
)
from gateway.models.transaction import TransactionType, transactions
from gateway.writing import Writing
from resolvers.cycle import Cycle
from resolvers.plan import tier
from resolvers.settlement import Item, fee_cents
from resolvers.subscription_item import discount_of
from resolvers.tier import MICRO, Tier


class Booking:
    """In the write's transaction, for one subscription as its row tells it. A test subscription moves no money."""

    def __init__(self, write: Writing, subscription: Mapping[str, Any], now: datetime) -> None:
        self._write = write
        self._subscription = subscription
        self._now = now

    async def items(self, cycle: Cycle) -> list[Item]:
        """The items with their prices, discounts, and what was used of them since the cycle began."""
        found = (await self._write.execute(self._items_statement())).mappings().all()
        tiers = await self._tiers()
        used = {row.item_id: row for row in await self._write.execute(self._used_statement(cycle))}
        return [self._item(row, tiers, used.get(row["id"])) for row in found]

    def _item(self, row: Mapping[str, Any], tiers: Mapping[int, list[Tier]], used: Any) -> Item:
        discount = [row[f"discount_{name}"] for name in subscription_discounts.c.keys()]  # noqa: SIM118 - columns
        return Item(
            id=row["id"],
            name=row["description"] or row["handle"] or "Usage",
            currency_code=row["currency_code"],
            amount_cents=row["amount_cents"],
            mode=row["tiers_mode"],
            tiers=tiers.get(row["price_id"], []),
            discount=None if row["discount_id"] is None else discount_of(discount),
            used=Decimal(0) if used is None else Decimal(used.used) * MICRO,
            charged=Decimal(0) if used is None else Decimal(used.charged) * MICRO,
        )

    def _own(self, table: Any) -> Any:
        return table.c.organization_id == self._subscription["organization_id"]

    def _of_subscription(self) -> list[Any]:
        items = subscription_items
        current = (items.c.subscription_id == self._subscription["id"], items.c.pending_update_id.is_(None))
        return [self._own(items), *current]

    def _items_statement(self) -> Any:
        items, discounts = subscription_items, subscription_discounts
        same_price = (prices.c.organization_id == items.c.organization_id) & (prices.c.id == items.c.price_id)
        same_id = (discounts.c.organization_id == items.c.organization_id) & (discounts.c.id == items.c.id)
        told = (prices.c.currency_code, prices.c.amount_cents, prices.c.tiers_mode)
        discount = [column.label(f"discount_{column.name}") for column in discounts.c]
        source = items.join(prices, same_price).outerjoin(discounts, same_id)
        statement = select(items, *told, *discount).select_from(source).where(*self._of_subscription())
        return statement.order_by(items.c.position, items.c.id)

    async def _tiers(self) -> dict[int, list[Tier]]:
        wanted = select(subscription_items.c.price_id).where(*self._of_subscription())
        statement = select(price_tiers).where(self._own(price_tiers), price_tiers.c.price_id.in_(wanted))
        tiers: dict[int, list[Tier]] = {}
        for row in await self._write.execute(statement.order_by(price_tiers.c.price_id, price_tiers.c.position)):
            tiers.setdefault(row.price_id, []).append(tier(row.up_to, row.amount_cents, row.amount_per_unit_micros))
        return tiers

    def _within(self, cycle: Cycle) -> list[Any]:
        moment = usage_records.c.occurred_at
        return [self._own(usage_records), moment >= cycle.starts_at, moment < cycle.ends_at, moment <= self._now]

    def _used_statement(self, cycle: Cycle) -> Any:
        table = usage_records
        charged = case((table.c.charge_id.is_(None), 0), else_=table.c.quantity_micros)
        sums = (func.sum(table.c.quantity_micros).label("used"), func.sum(charged).label("charged"))
        wanted = select(subscription_items.c.id).where(*self._of_subscription())
        statement = select(table.c.item_id, *sums).where(*self._within(cycle), table.c.item_id.in_(wanted))
        return statement.group_by(table.c.item_id)

    async def charge_usage(self, item: Item, cents: int, cycle: Cycle) -> None:
        """One charge for all that was used of the item and not charged before."""
        charge_id = new_id()
        charge = {"kind": AppChargeKind.AppUsageRecord.value, "name": item.name, "billing_on": None}
        await self._write.insert(app_charges, self._billed(charge_id, cents, item.currency_code) | charge)
        tied = {
            "organization_id": self._subscription["organization_id"],
            "id": charge_id,
            "subscription_id": self._subscription["id"],
            "plan_id": self._subscription["plan_id"],
            "quantity_micros": int((item.used - item.charged) / MICRO),
        }
        await self._write.insert(subscription_charges, tied)
        uncharged = (usage_records.c.item_id == item.id, usage_records.c.charge_id.is_(None))
        await self._write.execute(
            update(usage_records).where(*self._within(cycle), *uncharged).values(charge_id=charge_id)
        )
        await self._event(AppEventTypes.USAGE_CHARGE_APPLIED, charge_id=charge_id)
        of_charge = {"charge_id": charge_id, "charge_kind": AppChargeKind.AppUsageRecord.value}
        await self._book(TransactionType.APP_USAGE_SALE, cents, item.currency_code, of_charge)

    async def give_back(self, cents: int, currency_code: str) -> None:
        """A credit that is applied at once."""
        credit_id = new_id()
        named = {"name": "Unused part of the billing cycle"}
        await self._write.insert(app_credits, self._billed(credit_id, cents, currency_code) | named)
        await self._event(AppEventTypes.CREDIT_APPLIED, credit_id=credit_id)
        charge_id = self._subscription["charge_id"]
        of_charge = {} if charge_id is None else {"charge_id": charge_id, "charge_kind": "AppSubscription"}
        await self._book(TransactionType.APP_SALE_CREDIT, -cents, currency_code, of_charge)

    def _billed(self, row_id: int, cents: int, currency_code: str) -> dict[str, Any]:
        """What a charge and a credit have in common."""
        return self._named(row_id) | {
            "amount_cents": cents,
            "currency_code": currency_code,
            "test": self._subscription["test"],
            "created_at": self._now,
        }

    def _named(self, row_id: int) -> dict[str, Any]:
        names = ("organization_id", "app_id", "shop_id")
        return {"id": row_id, **{name: self._subscription[name] for name in names}}

    async def _event(self, kind: AppEventTypes, **about: int) -> None:
        row = self._named(new_id()) | {"type": kind.value, "occurred_at": self._now, **about}
        await self._write.insert(app_events, row)

    async def _book(self, kind: TransactionType, gross: int, currency_code: str, about: dict[str, Any]) -> None:
        if self._subscription["test"]:
            return
        fee = fee_cents(gross)
        amounts = {"gross_amount_cents": gross, "shopify_fee_cents": fee, "net_amount_cents": gross - fee}
        row = self._named(new_id()) | {"type": kind.value, "created_at": self._now, "currency_code": currency_code}
        await self._write.insert(transactions, row | amounts | about)

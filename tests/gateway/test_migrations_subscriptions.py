"""A database that had charges, events and transactions before there were subscriptions gets both of them."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from harness import Template, name_of, run_sql
from sqlalchemy import Connection, func, insert, inspect, select

from fixtures.load import base_rows
from gateway.db import Database
from gateway.migrations import upgrade
from gateway.models.partner_event import partner_events, themes
from gateway.models.plan import prices
from gateway.models.subscription import subscription_charges, subscription_items, subscriptions
from gateway.settings import Settings

OLD = ("organizations", "shops", "apps", "app_charges", "app_credits", "app_events", "transactions")
BEFORE, STREAM = "0010", "0013"


@pytest.fixture
def url(template: Template, tmp_path: Path) -> Iterator[str]:
    if template.url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path}/old.db"
        return
    name = f"gateway_old_{uuid4().hex}"
    asyncio.run(run_sql(template.url, f'CREATE DATABASE "{name}"'))
    yield template.url.replace(name_of(template.url), name)
    asyncio.run(run_sql(template.url, f'DROP DATABASE "{name}" WITH (FORCE)'))


def fill(connection: Connection, tables: tuple[str, ...] = OLD) -> None:
    """The fixtures' rows, with the columns and the values that the tables had then."""
    for table, rows in base_rows():
        if table.name in tables:
            names = {column["name"] for column in inspect(connection).get_columns(table.name)}
            old = [row for row in rows if row.get("referral_category") not in NEW_CATEGORIES]
            connection.execute(insert(table), [{name: row[name] for name in names & row.keys()} for row in old])


NEW_CATEGORIES = {
    "B2B_PROFIT_SHARE",
    "CCS_SHOP_PAY_GMV",
    "CO_MARKETING",
    "ONLINE_DTC_GMV",
    "PARTNER_DEVELOPMENT_FUNDS",
}


def run(url: str, *work: Any) -> Any:
    async def each() -> Any:
        database = Database(Settings(database_url=url))
        try:
            return [await database.run_sync(one) for one in work][-1]
        finally:
            await database.close()

    return asyncio.run(each())


def stream(connection: Connection) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(select(partner_events).order_by(*partner_events.primary_key))]


def test_what_was_there_is_in_the_stream_as_if_it_came_now(template, url):
    migrated = run(url, lambda c: upgrade(c, BEFORE), fill, lambda c: upgrade(c, STREAM), stream)

    def come_now(connection: Connection) -> list[tuple[Any, ...]]:
        for table in ("app_events", "transactions"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
        assert stream(connection) == []
        fill(connection, ("app_events", "transactions"))
        return stream(connection)

    assert len(migrated) == 45
    assert run(url, come_now) == migrated
    names = run(url, lambda c: c.execute(select(themes.c.organization_id, themes.c.name).order_by(themes.c.id)).all())
    assert [tuple(row) for row in names] == [(1, "Aurora Borealis"), (1, '=Midnight "Sun" 🌅'), (2, "Sen Hồng")]


def test_charges_that_were_activated_are_subscriptions(url):
    def found(connection: Connection) -> Any:
        told = (subscriptions.c.charge_id, subscriptions.c.billing_interval, subscriptions.c.cancelled_at.is_not(None))
        return [tuple(row) for row in connection.execute(select(*told).order_by(subscriptions.c.id))]

    # Charge 6 was declined, and charge 9 only accepted.
    expected = [(2, "EVERY_30_DAYS", True), (4, "ANNUAL", False)]
    assert run(url, lambda c: upgrade(c, BEFORE), fill, upgrade, found) == expected
    for table in (prices, subscription_items):
        assert run(url, lambda c, t=table: c.scalar(select(func.count()).select_from(t))) == len(expected)
    tied = run(url, lambda c: c.scalars(select(subscription_charges.c.id).order_by(subscription_charges.c.id)).all())
    assert list(tied) == [2, 4]

"""Those who act: organizations, their team, shops, their staff, employees; and who wrote a message."""

import asyncio
from typing import Any

from gateway.execution.rows import Layout, Record, Rows
from gateway.execution.sources import Call, batch
from gateway.models.actor import employees, merchant_users, organizations, shops, team_members
from resolvers.loaders import layout_of, reference

shop = reference(shops, "shop_id")
merchant_user = reference(merchant_users, "merchant_user_id")

# The columns of a message that may name its sender, and what they name. A tenant's rows are named with their tenant.
_SENDERS = (
    ("sender_team_member_id", "TeamMember", team_members),
    ("sender_merchant_user_id", "MerchantUser", merchant_users),
    ("sender_shop_id", "Shop", shops),
    ("sender_employee_id", "ShopifyEmployee", employees),
)
_TABLES = {"Organization": organizations, **{typename: table for _, typename, table in _SENDERS}}


@batch("organization_id", *(column for column, _, _ in _SENDERS))
async def message_sender(parents: Rows, call: Call) -> list[Any]:
    """The one sender that is named; none means that the organization itself wrote."""
    keys = [_sender(*row) for row in parents.columns("organization_id", *(column for column, _, _ in _SENDERS))]
    wanted: dict[str, list[Any]] = {}
    for typename, key in keys:
        wanted.setdefault(typename, []).append(key)
    loaders = call.context.loaders
    loaded = await asyncio.gather(*(loaders.reached(_TABLES[name]).load_many(asked) for name, asked in wanted.items()))
    found = {name: dict(zip(wanted[name], rows, strict=True)) for name, rows in zip(wanted, loaded, strict=True)}
    layouts = {name: layout_of(_TABLES[name]) for name in wanted}
    return [_record(found[name][key], layouts[name], name) for name, key in keys]


def _sender(organization_id: int, *named: int | None) -> tuple[str, Any]:
    for sender_id, (_, typename, table) in zip(named, _SENDERS, strict=True):
        if sender_id is not None:
            return typename, (organization_id, sender_id) if "organization_id" in table.c else sender_id
    return "Organization", organization_id


def _record(row: Any, layout: Layout, typename: str) -> Record | None:
    return None if row is None else Record(row, layout, typename)

"""Those who act: organizations, their team, shops, their staff, employees; and who wrote a message."""

from typing import Any

from gateway.execution.rows import Record, Rows
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


@batch("organization_id", *(column for column, _, _ in _SENDERS))
async def message_sender(parents: Rows, call: Call) -> list[Any]:
    """The one sender that is named; none means that the organization itself wrote."""
    loaders = call.context.loaders
    senders: list[Any] = []
    for organization_id, *named in parents.columns("organization_id", *(column for column, _, _ in _SENDERS)):
        for sender_id, (_, typename, table) in zip(named, _SENDERS, strict=True):
            if sender_id is not None:
                key = (organization_id, sender_id) if "organization_id" in table.c else sender_id
                senders.append((typename, table, loaders.reached(table).load(key)))
                break
        else:
            senders.append(("Organization", organizations, loaders.reached(organizations).load(organization_id)))
    found = [(typename, table, await row) for typename, table, row in senders]
    return [None if row is None else Record(row, layout_of(table), typename) for typename, table, row in found]

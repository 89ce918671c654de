"""Apps, and what their shops were charged and credited."""

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import exists, select

from gateway.errors import Reason, UserErrorCode, UserErrors
from gateway.execution.sources import Call
from gateway.ids import new_id
from gateway.models.app import app_charges, app_credits, apps
from gateway.models.event import AppEventTypes, app_events
from resolvers import visibility
from resolvers.arguments import with_ids
from resolvers.context import Context
from resolvers.gid import gid
from resolvers.loaders import reference
from resolvers.mutation import mutation
from resolvers.node import find
from resolvers.write import Write

LONGEST_DESCRIPTION = 255
LARGEST_CREDIT = 10**10
CENT = Decimal("0.01")

find_app = find("App")
charge = reference(app_charges, "organization_id", "charge_id")
credit = reference(app_credits, "organization_id", "credit_id")


@mutation("organization_id", "credit_id")
async def create_credit(call: Call) -> tuple[Any, ...]:
    """Books a credit that is pending, with the event that says so."""
    call = with_ids(call, app_id={"App"}, shop_id={"Shop"})
    given = call.arguments
    context: Context = call.context
    credit_id, amount, description = new_id(), given["amount"], given["description"]
    rules = partial(check_credit, amount.get("amount"), amount.get("currency_code"), description)
    if visibility.reaches_none(apps, context.scope):
        # Refused in any case: no transaction is begun for it.
        raise UserErrors(*rules(organization_id=None, has_shop=False))
    async with context.write() as write:
        organization_id, has_shop = await _app(write, context.scope, given["app_id"], given["shop_id"])
        if reasons := list(rules(organization_id=organization_id, has_shop=has_shop)):
            raise UserErrors(*reasons)
        row = {
            "organization_id": organization_id,
            "id": credit_id,
            "app_id": given["app_id"],
            "shop_id": given["shop_id"],
            "name": description,
            "amount_cents": int(amount["amount"] * 100),
            "currency_code": amount["currency_code"],
            "test": bool(given.get("test")),
            "created_at": context.now,
        }
        await write.insert(app_credits, row)
        await write.insert(app_events, _pending(row))
        write.audit("appCreditCreate", gid("AppCredit", credit_id), organization_id=organization_id, after=row)
        return write.answers(organization_id, credit_id)


def check_credit(
    amount: Decimal | None,
    currency_code: str | None,
    description: str,
    *,
    organization_id: int | None,
    has_shop: bool,
) -> Iterator[Reason]:
    """`organization_id` is the app's, None where there is no such app; `has_shop` says that the shop has used it."""
    if organization_id is None:
        yield Reason(UserErrorCode.NOT_FOUND, ("appId",), "There is no app with this id")
    elif not has_shop:
        yield Reason(UserErrorCode.NOT_FOUND, ("shopId",), "No shop with this id has used the app")
    if amount is None:
        yield Reason(UserErrorCode.BLANK, ("amount", "amount"), "Say how much is credited")
    elif not 0 < amount <= LARGEST_CREDIT or amount % CENT:
        message = "A credit is more than 0 and at most {most:,}, with at most two decimal places"
        yield Reason(UserErrorCode.INVALID, ("amount", "amount"), message, {"most": LARGEST_CREDIT})
    if currency_code is None:
        yield Reason(UserErrorCode.BLANK, ("amount", "currencyCode"), "Say in which currency")
    if not description.strip():
        yield Reason(UserErrorCode.BLANK, ("description",), "Say what the credit is for")
    elif len(description) > LONGEST_DESCRIPTION:
        message = "A description has at most {most} characters"
        yield Reason(UserErrorCode.TOO_LONG, ("description",), message, {"most": LONGEST_DESCRIPTION})


async def _app(write: Write, scope: Any, app_id: int, shop_id: int) -> tuple[int | None, bool]:
    """The app's organization, and whether anything happened between the app and the shop."""
    used = exists().where(
        app_events.c.organization_id == apps.c.organization_id,
        app_events.c.app_id == apps.c.id,
        app_events.c.shop_id == shop_id,
    )
    statement = select(apps.c.organization_id, used).where(visibility.reached(apps, scope), apps.c.id == app_id)
    found = (await write.execute(statement)).first()
    return (None, False) if found is None else (found[0], bool(found[1]))


def _pending(credit_row: dict[str, Any]) -> dict[str, Any]:
    return {
        "organization_id": credit_row["organization_id"],
        "id": new_id(),
        "type": AppEventTypes.CREDIT_PENDING.value,
        "app_id": credit_row["app_id"],
        "shop_id": credit_row["shop_id"],
        "occurred_at": credit_row["created_at"],
        "credit_id": credit_row["id"],
    }

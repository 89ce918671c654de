"""How a partner asks for access to a shop: with the code that the shop has given it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from gateway.errors import Busy, Reason, UserErrorCode, UserErrors
from gateway.execution.sources import Call
from gateway.ids import new_id
from gateway.models.actor import shops
from gateway.models.collaborator import CollaboratorStatus, StorePermission, collaborators
from gateway.viewer import ViewerKind
from resolvers import rules
from resolvers.collaborator_attempt import MOST_ATTEMPTS, attempts_of, count_attempt, domain_of, is_code
from resolvers.collaborator_expiry import expire, standing
from resolvers.context import Context
from resolvers.gid import gid
from resolvers.mutation import mutation
from resolvers.pair import is_blocked, lock_pair
from resolvers.write import Write

LONGEST_MESSAGE = 5_000
# Of no shop: who asks for one that there isn't waits and is counted as for any other.
NO_SHOP = 0
# What the partner wrote is between it and the shop, and support reads the audit.
AUDITED = ("shop_id", "status", "permissions")

_DOMAIN, _CODE, _PERMISSIONS = (("input", name) for name in ("shopDomain", "requestCode", "permissions"))


@mutation("organization_id", "collaborator_id")
async def create(call: Call) -> tuple[Any, ...]:
    """Asks for access. A wrong code is counted, and nothing else is told to who does not know the right one."""
    given = call.arguments["input"]
    context: Context = call.context
    organization_id = context.viewer.organization_id
    if context.viewer.kind is not ViewerKind.PARTNER or organization_id is None:
        message = "Only partners ask for access: send the token of a partner"
        raise UserErrors(Reason(UserErrorCode.NOT_ELIGIBLE, ("input",), message))
    if reasons := list(check_input(given)):
        raise UserErrors(*reasons)
    domain = domain_of(given["shop_domain"])
    async with context.write() as write:
        shop = (await write.execute(select(shops.c.id, shops.c.request_code).where(_is_at(domain)))).first()
        shop_id, code = (shop.id, shop.request_code) if shop else (NO_SHOP, None)
        await lock_pair(write, organization_id, shop_id)
        attempts = attempts_of(context, organization_id, domain).label("attempts")
        facts = (await write.execute(select(attempts, is_blocked(organization_id, shop_id).label("blocked")))).one()
        if facts.attempts >= MOST_ATTEMPTS:
            raise UserErrors(_too_many())
        if not is_code(given["request_code"], code):
            await count_attempt(write, context, organization_id, domain)
            write.refuses(_wrong_code())
            return ()
        await _make_room(write, context, organization_id, shop_id, blocked=bool(facts.blocked))
        row = _row(context, given) | {"organization_id": organization_id, "id": new_id(), "shop_id": shop_id}
        await write.insert(collaborators, row)
        after = {name: row[name] for name in AUDITED}
        subject = gid("Collaborator", row["id"])
        write.audit("collaboratorRequestCreate", subject, organization_id=organization_id, after=after)
        return write.answers(organization_id, row["id"])


def check_input(given: Mapping[str, Any]) -> Iterator[Reason]:
    """What is wrong whatever the shop: looked at first, so that no code is spent on it."""
    yield from check_permissions(given["permissions"], _PERMISSIONS)
    yield from rules.text(given.get("message"), ("input", "message"), longest=LONGEST_MESSAGE)


def check_permissions(given: Sequence[str], field: rules.Path) -> Iterator[Reason]:
    if not given:
        yield Reason(UserErrorCode.BLANK, field, "Name at least one permission")
    elif len(set(given)) != len(given):
        yield Reason(UserErrorCode.INVALID, field, "Name each permission once")


def _is_at(domain: str) -> Any:
    return shops.c.myshopify_domain == domain


def _too_many() -> Reason:
    message = "{most} wrong codes were sent for this store within an hour: ask the merchant for the code, and wait"
    return Reason(UserErrorCode.TOO_MANY_ATTEMPTS, _CODE, message, {"most": MOST_ATTEMPTS})


def _wrong_code() -> Reason:
    """The same for a shop that there isn't."""
    return Reason(UserErrorCode.INVALID, _CODE, "No store has this domain and this code: ask the merchant for both")


async def _make_room(write: Write, context: Context, organization_id: int, shop_id: int, *, blocked: bool) -> None:
    """Raises UserErrors where the two may not begin anew. Access that is due to end is ended first."""
    reasons, row = [], collaborators.c
    columns = (row.organization_id, row.id, row.status, row.expires_at)
    here = (row.organization_id == organization_id, row.shop_id == shop_id, row.ended_at.is_(None))
    found = (await write.execute(select(*columns).where(*here))).first()
    is_over = found is not None and standing(found.status, found.expires_at, context.now) == CollaboratorStatus.EXPIRED
    if blocked:
        message = "The store has blocked this partner: neither can write to the other"
        reasons.append(Reason(UserErrorCode.BLOCKED, _DOMAIN, message))
    if found is not None and not is_over:
        message = "There is a request to this store, or access to it, that has not ended"
        reasons.append(Reason(UserErrorCode.ALREADY_EXISTS, _DOMAIN, message))
    if reasons:
        raise UserErrors(*reasons)
    if found is not None and not await expire(write, found, context.now):
        # Somebody logged in between the two statements, or the timer came: all is looked at once more.
        raise Busy


def _row(context: Context, given: Mapping[str, Any]) -> dict[str, Any]:
    message = given.get("message")
    return {
        "status": CollaboratorStatus.REQUESTED,
        "permissions": [StorePermission(each).value for each in given["permissions"]],
        "message": None if message is None or rules.is_blank(message) else message.strip(),
        "requested_at": context.now,
    }

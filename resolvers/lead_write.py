"""Leads as they come in from merchants, and as partners move them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import exists, select, update

from gateway.errors import Reason, UserErrorCode, UserErrors
from gateway.execution.sources import Call
from gateway.ids import new_id
from gateway.models.directory import countries
from gateway.models.lead import LeadStatus, leads
from gateway.models.offering import service_offerings
from gateway.models.partner import partners
from gateway.viewer import ViewerKind
from resolvers import lead_email, rules, visibility
from resolvers.arguments import with_ids
from resolvers.context import Context
from resolvers.gid import gid, parse_as
from resolvers.loaders import reference
from resolvers.mutation import mutation
from resolvers.pair import is_blocked, lock_pair
from resolvers.write import Write

LONGEST_NAME = 255
LONGEST_DESCRIPTION = 5_000
# In any currency: four hundred thousand dollars are as many dong.
LARGEST_BUDGET = 10**10
CENT = Decimal("0.01")

# Nothing leads back, and nobody wins or loses a lead without an answer to it.
FOLLOWING: Mapping[str, frozenset[str]] = {
    LeadStatus.NEW: frozenset({LeadStatus.CONTACTED, LeadStatus.ARCHIVED}),
    LeadStatus.CONTACTED: frozenset({LeadStatus.WON, LeadStatus.LOST, LeadStatus.ARCHIVED}),
    LeadStatus.WON: frozenset({LeadStatus.ARCHIVED}),
    LeadStatus.LOST: frozenset({LeadStatus.ARCHIVED}),
    LeadStatus.ARCHIVED: frozenset(),
}
# The audit is read by support, which sees no lead: how the merchant is reached, and what it wrote, stay out of it.
AUDITED = ("partner_id", "shop_id", "merchant_user_id", "service_handle", "budget_cents", "currency_code", "status")

written = reference(leads, "organization_id", "lead_id")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the records say about a lead. `is_listed` of the partner; the rest of it and what the merchant gave."""

    is_listed: bool
    has_country: bool
    is_offered: bool = False
    is_blocked: bool = False


@mutation("organization_id", "lead_id")
async def create(call: Call) -> tuple[Any, ...]:
    """Writes the lead, and leaves its letter to the partner for later."""
    given = call.arguments["input"]
    context: Context = call.context
    partner_id = parse_as(given["partner_id"], {"Partner"})
    if context.viewer.kind is not ViewerKind.MERCHANT:
        message = "Only merchants write to partners: send the token of a merchant"
        raise UserErrors(Reason(UserErrorCode.NOT_ELIGIBLE, ("input",), message))
    async with context.write() as write:
        organization_id, contact_email = await _listed(write, partner_id)
        facts = await _facts(write, context, given, organization_id)
        if reasons := list(check_create(given, facts)):
            raise UserErrors(*reasons)
        assert organization_id is not None  # noqa: S101 - an unknown partner was refused
        row = _row(context, given) | {"organization_id": organization_id, "id": new_id(), "partner_id": partner_id}
        await write.insert(leads, row)
        if contact_email is not None:
            await lead_email.leave(write, organization_id, row["id"])
        after = {name: row[name] for name in AUDITED}
        write.audit("leadCreate", gid("Lead", row["id"]), organization_id=organization_id, after=after)
        return write.answers(organization_id, row["id"])


def check_create(given: Mapping[str, Any], facts: Facts) -> Iterator[Reason]:
    if not facts.is_listed:
        yield Reason(UserErrorCode.NOT_FOUND, ("input", "partnerId"), "No partner in the directory has this id")
    elif not facts.is_offered:
        yield Reason(UserErrorCode.NOT_FOUND, ("input", "serviceHandle"), "The partner does not offer this service")
    if facts.is_blocked:
        message = "The store has blocked this partner: neither can write to the other"
        yield Reason(UserErrorCode.BLOCKED, ("input", "partnerId"), message)
    name, description = ("input", "contactName"), ("input", "description")
    yield from rules.required(given["contact_name"], name)
    yield from rules.line(given["contact_name"], name, longest=LONGEST_NAME)
    yield from rules.email(given["contact_email"], ("input", "contactEmail"))
    known = {given["contact_country_code"]} if facts.has_country else ()
    yield from rules.country(given["contact_country_code"], ("input", "contactCountryCode"), known=known)
    yield from rules.required(given["description"], description)
    yield from rules.text(given["description"], description, longest=LONGEST_DESCRIPTION)
    if given.get("budget") is not None:
        yield from _check_budget(given["budget"])


def _check_budget(budget: Mapping[str, Any]) -> Iterator[Reason]:
    amount, field = budget.get("amount"), ("input", "budget", "amount")
    yield from rules.required(amount, field)
    if amount is not None and (not 0 < amount <= LARGEST_BUDGET or amount % CENT):
        message = "A budget is more than 0 and at most {most:,}, with at most two decimal places"
        yield Reason(UserErrorCode.INVALID, field, message, {"most": LARGEST_BUDGET})
    yield from rules.required(budget.get("currency_code"), ("input", "budget", "currencyCode"))


async def _listed(write: Write, partner_id: int) -> tuple[int | None, str | None]:
    """The organization and the address of a partner that everyone sees."""
    statement = select(partners.c.organization_id, partners.c.contact_email)
    listed = statement.where(partners.c.id == partner_id, partners.c.listed).order_by(partners.c.organization_id)
    found = (await write.execute(listed.limit(1))).first()
    return (None, None) if found is None else (found[0], found[1])


async def _facts(write: Write, context: Context, given: Mapping[str, Any], organization_id: int | None) -> Facts:
    has_country = exists().where(countries.c.code == given["contact_country_code"])
    if organization_id is None:
        return Facts(False, bool((await write.execute(select(has_country))).scalar()))
    shop_id = context.viewer.shop_id
    assert shop_id is not None  # noqa: S101 - a merchant's token always has one
    await lock_pair(write, organization_id, shop_id)
    # An organization has one partner.
    offered = exists().where(
        service_offerings.c.organization_id == organization_id,
        service_offerings.c.service_handle == given["service_handle"],
    )
    told = (await write.execute(select(has_country, offered, is_blocked(organization_id, shop_id)))).one()
    return Facts(True, *map(bool, told))


def _row(context: Context, given: Mapping[str, Any]) -> dict[str, Any]:
    budget = given.get("budget")
    return {
        "shop_id": context.viewer.shop_id,
        "merchant_user_id": context.viewer.merchant_user_id,
        "contact_name": given["contact_name"].strip(),
        "contact_email": given["contact_email"],
        "contact_country_code": given["contact_country_code"],
        "service_handle": given["service_handle"],
        "budget_cents": None if budget is None else int(budget["amount"] * 100),
        "currency_code": None if budget is None else budget["currency_code"],
        "description": given["description"].strip(),
        "status": LeadStatus.NEW,
        "created_at": context.now,
        "updated_at": context.now,
    }


@mutation("organization_id", "lead_id")
async def move(call: Call) -> tuple[Any, ...]:
    """Moves a lead of the partner's on to another state."""
    call = with_ids(call, id={"Lead"})
    context: Context = call.context
    status = call.arguments["status"]
    if context.viewer.kind is not ViewerKind.PARTNER:
        raise UserErrors(*check_move(None, status))
    here = (visibility.VISIBLE[leads](context.scope), leads.c.id == call.arguments["id"])
    # Locked, so that of two moves at once the second starts from where the first one went.
    statement = select(leads.c.organization_id, leads.c.id, leads.c.status).where(*here).with_for_update()
    async with context.write() as write:
        found = (await write.execute(statement)).first()
        if reasons := list(check_move(found and found.status, status)):
            raise UserErrors(*reasons)
        own = (leads.c.organization_id == found.organization_id, leads.c.id == found.id)
        await write.execute(update(leads).where(*own).values(status=status, updated_at=context.now))
        before, after = {"status": found.status}, {"status": status}
        subject = gid("Lead", found.id)
        write.audit("leadUpdate", subject, organization_id=found.organization_id, before=before, after=after)
        return write.answers(found.organization_id, found.id)


def check_move(before: str | None, after: str) -> Iterator[Reason]:
    """`before` is None where the viewer has no such lead to move."""
    if before is None:
        yield Reason(UserErrorCode.NOT_FOUND, ("id",), "There is no lead with this id that you could move")
    elif after not in FOLLOWING[before]:
        message, told = "A lead that is {before} can't become {after}", {"before": str(before), "after": str(after)}
        yield Reason(UserErrorCode.WRONG_STATE, ("status",), message, told)

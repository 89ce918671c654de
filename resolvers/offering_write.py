"""What a partner asks for its services: set, changed and taken back by the partner, with its least price kept right."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, delete, func, insert, select, update

from gateway.errors import Reason, UserErrorCode, UserErrors
from gateway.execution.sources import Call
from gateway.ids import new_id
from gateway.models.directory import directory_services
from gateway.models.offering import Pricing, service_offerings
from gateway.models.partner import partners
from gateway.viewer import ViewerKind
from resolvers import rules
from resolvers.arguments import with_ids
from resolvers.context import Context
from resolvers.gid import gid
from resolvers.loaders import reference
from resolvers.mutation import mutation
from resolvers.profile import lock_partner, no_profile
from resolvers.write import Write

LONGEST_DESCRIPTION = 2_000

offering = reference(service_offerings, "organization_id", "offering_id")


@mutation("organization_id", "offering_id")
async def set_offering(call: Call) -> tuple[Any, ...]:
    """The offering of a service, made or replaced as a whole."""
    given = call.arguments["input"]
    context: Context = call.context
    if context.viewer.kind is not ViewerKind.PARTNER:
        raise no_profile()
    async with context.write() as write:
        partner = await lock_partner(write, context)
        if partner is None:
            raise no_profile()
        has_service, before = await _offered(write, partner["organization_id"], given["service_handle"])
        if reasons := list(check_set(given, has_service=has_service)):
            raise UserErrors(*reasons)
        values = _values(given)
        key = {"organization_id": partner["organization_id"], "id": before["id"] if before else new_id()}
        if before:
            own = (service_offerings.c[name] == value for name, value in key.items())
            await write.execute(update(service_offerings).where(*own).values(values))
        else:
            await write.execute(insert(service_offerings).values(key | {"partner_id": partner["id"]} | values))
        await _keep_least_price(write, partner)
        was = before and {name: before[name] for name in values}
        subject = gid("ServiceOffering", key["id"])
        write.audit("serviceOfferingSet", subject, organization_id=key["organization_id"], before=was, after=values)
        return write.answers(key["organization_id"], key["id"])


def check_set(given: Mapping[str, Any], *, has_service: bool) -> Iterator[Reason]:
    if not has_service:
        yield Reason(UserErrorCode.NOT_FOUND, ("input", "serviceHandle"), "There is no service with this handle")
    yield from check_prices(given["pricing"], given.get("min_price"), given.get("max_price"))
    if given.get("description") is not None:
        yield from rules.required(given["description"], ("input", "description"))
        yield from rules.text(given["description"], ("input", "description"), longest=LONGEST_DESCRIPTION)


def check_prices(pricing: str, lowest: Decimal | None, highest: Decimal | None) -> Iterator[Reason]:
    """In US dollars. A range may end where it begins: that is one price, whatever comes."""
    min_field, max_field = ("input", "minPrice"), ("input", "maxPrice")
    if pricing == Pricing.CONTACT:
        for value, field in ((lowest, min_field), (highest, max_field)):
            if value is not None:
                message = "Where merchants are to ask for the price, none is told"
                yield Reason(UserErrorCode.INVALID, field, message)
        return
    yield from rules.required(lowest, min_field)
    yield from rules.price(lowest, min_field)
    if pricing == Pricing.RANGE:
        yield from rules.required(highest, max_field)
        yield from rules.price(highest, max_field)
        yield from rules.price_range(lowest, highest, max_field)
    elif highest is not None:
        yield Reason(UserErrorCode.INVALID, max_field, "Only a range has a highest price")


async def _offered(write: Write, organization_id: int, handle: str) -> tuple[bool, Mapping[str, Any] | None]:
    """Whether there is such a service, and the offering of it that the partner has."""
    own = and_(
        service_offerings.c.service_handle == directory_services.c.handle,
        service_offerings.c.organization_id == organization_id,
    )
    beside = directory_services.outerjoin(service_offerings, own)
    statement = select(service_offerings).select_from(beside).where(directory_services.c.handle == handle)
    found = (await write.execute(statement)).mappings().first()
    return found is not None, found if found and found["id"] is not None else None


def _values(given: Mapping[str, Any]) -> dict[str, Any]:
    description = given.get("description")
    return {
        "service_handle": given["service_handle"],
        "pricing": given["pricing"],
        "min_price_cents": _cents(given.get("min_price")),
        "max_price_cents": _cents(given.get("max_price")),
        "description": description and description.strip(),
        "featured": given["featured"],
    }


def _cents(price: Decimal | None) -> int | None:
    return None if price is None else int(price * 100)


@mutation("deleted_id")
async def remove(call: Call) -> tuple[Any, ...]:
    call = with_ids(call, id={"ServiceOffering"})
    context: Context = call.context
    offering_id: int = call.arguments["id"]
    if context.viewer.kind is not ViewerKind.PARTNER:
        raise UserErrors(*check_remove(found=False, is_last_of_listed=False))
    async with context.write() as write:
        partner = await lock_partner(write, context)
        rows = await _offerings(write, partner) if partner else []
        found = next((row for row in rows if row["id"] == offering_id), None)
        if partner is None or found is None:
            raise UserErrors(*check_remove(found=False, is_last_of_listed=False))
        if reasons := list(check_remove(found=True, is_last_of_listed=partner["listed"] and len(rows) == 1)):
            raise UserErrors(*reasons)
        own = (service_offerings.c[name] == found[name] for name in ("organization_id", "id"))
        await write.execute(delete(service_offerings).where(*own))
        await _keep_least_price(write, partner)
        subject = gid("ServiceOffering", offering_id)
        write.audit("serviceOfferingDelete", subject, organization_id=found["organization_id"], before=found)
        return write.answers(subject)


def check_remove(*, found: bool, is_last_of_listed: bool) -> Iterator[Reason]:
    if not found:
        yield Reason(UserErrorCode.NOT_FOUND, ("id",), "You have no offering with this id")
    elif is_last_of_listed:
        message = "A listed partner has an offering: set another first, or end the listing"
        yield Reason(UserErrorCode.WRONG_STATE, ("id",), message)


async def _offerings(write: Write, partner: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """All of the partner's: as many as there are services at most."""
    own = service_offerings.c.organization_id == partner["organization_id"]
    return list((await write.execute(select(service_offerings).where(own))).mappings())


async def _keep_least_price(write: Write, partner: Mapping[str, Any]) -> None:
    """What the directory sorts by; nobody else changes offerings, for the partner's row is locked."""
    of_partner = (
        service_offerings.c.organization_id == partner["organization_id"],
        service_offerings.c.partner_id == partner["id"],
    )
    least = select(func.min(service_offerings.c.min_price_cents)).where(*of_partner).scalar_subquery()
    own = (partners.c.organization_id == partner["organization_id"], partners.c.id == partner["id"])
    await write.execute(update(partners).where(*own).values(starting_price_cents=least))

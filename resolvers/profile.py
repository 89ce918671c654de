"""The profile that a partner shows in the directory: what is given changes, the rest stays."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, bindparam, delete, insert, literal, select, union_all, update

from gateway.errors import Reason, UserErrorCode, UserErrors
from gateway.execution.sources import Call
from gateway.models.directory import countries, industries, languages
from gateway.models.offering import service_offerings
from gateway.models.partner import (
    folded,
    partner_industries,
    partner_languages,
    partner_locations,
    partner_social_links,
    partners,
)
from gateway.statements import any_text
from gateway.viewer import ViewerKind
from resolvers.context import Context
from resolvers.gid import gid
from resolvers.loaders import reference
from resolvers.mutation import mutation
from resolvers.profile_rules import Given, Known, check_update
from resolvers.visibility.directory import profiles_of
from resolvers.write import Write

changed = reference(partners, "organization_id", "partner_id")

_COLUMNS = (
    "name",
    "description",
    "accepts_new_clients",
    "contact_email",
    "contact_phone",
    "website_url",
    "listed",
)
_STRIPPED = frozenset({"name", "description", "contact_phone"})
# Which table holds each list, and what the order of its rows is told by.
_LISTS: Mapping[str, Table] = {
    "additional_locations": partner_locations,
    "language_codes": partner_languages,
    "industry_handles": partner_industries,
    "social_links": partner_social_links,
}
_OF_PARTNER = ("organization_id", "partner_id", "position", "city_key")
KINDS = ("country", "language", "industry", "offering")
_KNOWN = union_all(
    select(literal("country"), countries.c.code).where(any_text(countries.c.code, "country_codes")),
    select(literal("language"), languages.c.code).where(any_text(languages.c.code, "language_codes")),
    select(literal("industry"), industries.c.handle).where(any_text(industries.c.handle, "industry_handles")),
    select(literal("offering"), service_offerings.c.service_handle).where(
        service_offerings.c.organization_id == bindparam("of_organization")
    ),
)


def no_profile() -> UserErrors:
    message = "You have no profile in the directory: send the token of a partner"
    return UserErrors(Reason(UserErrorCode.NOT_FOUND, ("input",), message))


async def lock_partner(write: Write, context: Context) -> Mapping[str, Any] | None:
    """The viewer's own row, or None. All that changes a profile or its offerings starts here, so one after another."""
    if context.viewer.kind is not ViewerKind.PARTNER:
        return None
    own = select(partners).where(profiles_of(context.scope)).with_for_update(key_share=True)
    found: Mapping[str, Any] | None = (await write.execute(own)).mappings().first()
    return found


@mutation("organization_id", "partner_id")
async def change(call: Call) -> tuple[Any, ...]:
    given = call.arguments["input"]
    context: Context = call.context
    if context.viewer.kind is not ViewerKind.PARTNER:
        raise no_profile()
    async with context.write() as write:
        before = await lock_partner(write, context)
        if before is None:
            raise no_profile()
        known = await _known(write, given, before["organization_id"])
        if reasons := list(check_update(given, known, before)):
            raise UserErrors(*reasons)
        values = _values(given, before, context.now)
        key = {"organization_id": before["organization_id"], "partner_id": before["id"]}
        if values:
            own = (partners.c.organization_id == before["organization_id"], partners.c.id == before["id"])
            await write.execute(update(partners).where(*own).values(values))
        was = {name: before[name] for name in values}
        for name, table in _LISTS.items():
            if name in given:
                values[name] = _items(name, given[name])
                was[name] = await _replace(write, table, key, values[name])
        subject = gid("Partner", before["id"])
        write.audit(
            "partnerProfileUpdate", subject, organization_id=before["organization_id"], before=was, after=values
        )
        return write.answers(before["organization_id"], before["id"])


async def _known(write: Write, given: Given, organization_id: int) -> Known:
    places = [*(given.get("additional_locations") or ()), given.get("location")]
    words = {
        "country_codes": [place["country_code"] for place in places if place],
        "language_codes": given.get("language_codes") or [],
        "industry_handles": given.get("industry_handles") or [],
    }
    found = list(map(tuple, await write.execute(_KNOWN, {**words, "of_organization": organization_id})))
    of_kind = {kind: {word for each, word in found if each == kind} for kind in KINDS}
    return Known(
        countries=of_kind["country"],
        languages=of_kind["language"],
        industries=of_kind["industry"],
        has_offering=bool(of_kind["offering"]),
    )


def _values(given: Given, before: Mapping[str, Any], now: Any) -> dict[str, Any]:
    """The columns that change, by their names. A slug stays: links lead to it."""
    values = {name: given[name] for name in _COLUMNS if name in given}
    for name in _STRIPPED & values.keys():
        values[name] = values[name] and values[name].strip()
    if "location" in given:
        place = given["location"] or {}
        values |= _place(place) | {"country_code": place.get("country_code")}
        values["city_key"] = values["city"] and folded(values["city"])
    if "name" in values:
        values["name_key"] = folded(values["name"])
    if values.get("listed") and before["listed_at"] is None:
        values["listed_at"] = now
    return values


def _place(place: Given) -> dict[str, Any]:
    city = place.get("city")
    return {"city": city and city.strip(), "country_code": place.get("country_code")}


def _items(name: str, given: Sequence[Any] | None) -> list[dict[str, Any]]:
    if name == "additional_locations":
        return [_place(place) for place in given or ()]
    if name == "social_links":
        return [{"network": link["network"].strip(), "url": link["url"]} for link in given or ()]
    column = {"language_codes": "language_code", "industry_handles": "industry_handle"}[name]
    return [{column: word} for word in given or ()]


async def _replace(
    write: Write, table: Table, key: Mapping[str, int], items: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Writes the partner's rows anew; the ones that were there."""
    own = (table.c[name] == value for name, value in key.items())
    gone = (await write.execute(delete(table).where(*own).returning(*table.c))).mappings().all()
    rows = [{**key, **item} for item in items]
    if "position" in table.c:
        rows = [row | {"position": number} for number, row in enumerate(rows)]
        gone = sorted(gone, key=lambda row: row["position"])
    if rows:
        await write.execute(insert(table).values(rows))
    return [{name: value for name, value in row.items() if name not in _OF_PARTNER} for row in gone]

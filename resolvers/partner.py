"""Partners: the listing of each organization, with what belongs to it."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from gateway.errors import InvalidArgument
from gateway.execution.rows import Grouped, Rows
from gateway.execution.sources import Call, batch
from gateway.models.actor import organizations
from gateway.models.directory import industries, languages
from gateway.models.partner import (
    partner_industries,
    partner_languages,
    partner_locations,
    partner_social_links,
    partners,
)
from resolvers import visibility
from resolvers.children import children
from resolvers.directory import words_of
from resolvers.gid import parse_as
from resolvers.loaders import layout_of, reference
from resolvers.scope import Scope

# Each organization has one, so that whatever is the organization's leads to it.
partner = reference(partners, "organization_id", by=("organization_id",))
partner_of_organization = reference(partners, "id", by=("organization_id",))
organization = reference(organizations, "organization_id")

list_languages = words_of(partner_languages, "language_code", languages)
list_industries = words_of(partner_industries, "industry_handle", industries)


@batch()
async def find_partner(_parents: Rows, call: Call) -> Rows:
    """By id or by slug. Raises INVALID_ARGUMENT unless exactly one of them is given, and INVALID_ID."""
    wire_id, slug = call.arguments.get("id"), call.arguments.get("slug")
    if (wire_id is None) is (slug is None):
        raise InvalidArgument("Give the id or the slug, and not both")
    if wire_id is not None:
        row = await call.context.loaders.visible(partners).load(parse_as(wire_id, {"Partner"}))
        return Rows([row], layout_of(partners))
    rows = await call.context.fetch(_by_slug(call.context.scope), {"slug": slug})
    return Rows(rows or [None], layout_of(partners))


@lru_cache(maxsize=64)
def _by_slug(scope: Scope) -> Select[Any]:
    return select(partners).where(visibility.VISIBLE[partners](scope), partners.c.slug == bindparam("slug"))


@batch("organization_id", "id")
async def list_additional_locations(parents: Rows, call: Call) -> Grouped:
    return await children(partner_locations, "partner_id", "position", parents, call)


@batch("organization_id", "id")
async def list_social_links(parents: Rows, call: Call) -> Grouped:
    return await children(partner_social_links, "partner_id", "position", parents, call)

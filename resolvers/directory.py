"""The words of the directory: services in their categories, industries, languages and countries."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, Table, bindparam, func, select

from gateway.execution.rows import Grouped, Rows
from gateway.execution.sources import Batch, Call, batch
from gateway.models.directory import countries, directory_services, service_categories
from gateway.models.offering import service_offerings
from gateway.models.partner import partners
from gateway.statements import any_text, key_parameters, key_table
from resolvers import visibility
from resolvers.children import in_lists, placed
from resolvers.loaders import layout_of, reference
from resolvers.scope import Scope
from resolvers.visibility.directory import LISTED

service = reference(directory_services, "service_handle")
replacement = reference(directory_services, "replacement_handle")
category = reference(service_categories, "category_handle")


@batch("country_code")
async def country_name(parents: Rows, call: Call) -> list[Any]:
    rows = await call.context.loaders.reached(countries).load_many(parents.column("country_code"))
    place = layout_of(countries).index["name"]
    return [row and row[place] for row in rows]


@batch()
async def list_categories(_parents: Rows, call: Call) -> Grouped:
    rows = await call.context.fetch(_CATEGORIES)
    return Grouped(Rows(rows, layout_of(service_categories)), [len(rows)])


_CATEGORIES = select(service_categories).order_by(service_categories.c.position)


@batch("handle")
async def list_services(parents: Rows, call: Call) -> Grouped:
    """The services of each category, in their order."""
    handles = parents.column("handle")
    rows = await call.context.fetch(_SERVICES, {"handles": handles})
    place = layout_of(directory_services).index["category_handle"]
    held: dict[str, list[Any]] = {handle: [] for handle in handles}
    for row in rows:
        held[row[place]].append(row)
    lists = [held[handle] for handle in handles]
    return Grouped(Rows(_joined(lists), layout_of(directory_services)), list(map(len, lists)))


_SERVICES = (
    select(directory_services)
    .where(any_text(directory_services.c.category_handle, "handles"))
    .order_by(directory_services.c.position)
)


def _joined(lists: Sequence[Sequence[Any]]) -> list[Any]:
    return [row for rows in lists for row in rows]


@batch()
async def find_service(_parents: Rows, call: Call) -> Rows:
    rows = await call.context.fetch(_SERVICE, call.arguments)
    return Rows(rows or [None], layout_of(directory_services))


_SERVICE = select(directory_services).where(directory_services.c.handle == bindparam("handle"))


@batch("handle")
async def count_partners(parents: Rows, call: Call) -> list[int]:
    """How many listed partners offer each service."""
    handles = parents.column("handle")
    counts = dict(await call.context.fetch(_PARTNER_COUNTS, {"handles": handles}))
    return [counts.get(handle, 0) for handle in handles]


# A partner offers a service once.
_PARTNER_COUNTS = (
    select(service_offerings.c.service_handle, func.count())
    .join(partners, partners.c.organization_id == service_offerings.c.organization_id)
    .where(LISTED, any_text(service_offerings.c.service_handle, "handles"))
    .group_by(service_offerings.c.service_handle)
)


def words_of(link: Table, column: str, words: Table) -> Batch:
    """The words that rows of `link` name for each partner, in the words' own order."""
    ((word_key,),) = (words.primary_key.columns,)

    async def load(parents: Rows, call: Call) -> Grouped:
        postgresql = call.context.database.is_postgresql
        keys = parents.columns("organization_id", "id")
        statement = _words_statement(call.context.scope, postgresql=postgresql)
        fetched = await call.context.fetch(statement, key_parameters(keys, postgresql))
        return in_lists(fetched, placed(layout_of(words)), len(keys))

    @lru_cache(maxsize=64)
    def _words_statement(scope: Scope, *, postgresql: bool) -> Select[Any]:
        keys = key_table(postgresql)
        here = (link.c.organization_id == keys.c.organization_id) & (link.c.partner_id == keys.c.id)
        source = keys.join(link, here).join(words, word_key == link.c[column])
        statement = select(keys.c.place, *words.c).select_from(source)
        return statement.where(visibility.held(link, scope)).order_by(keys.c.place, words.c.position)

    return Batch(load, ("organization_id", "id"))

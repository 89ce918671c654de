"""The values that filters can have, with the names that people know them by."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from sqlalchemy import Table, literal, null, select, union_all

from gateway.db import Database
from gateway.models.directory import countries, directory_services, industries, languages
from gateway.models.partner import folded

if TYPE_CHECKING:
    from resolvers.context import Context

# The names by value, in the order in which people expect them, by the filter's name.
Words = Mapping[str, Mapping[str, str]]

_TABLES: Mapping[str, Table] = {
    "service_handles": directory_services,
    "industry_handles": industries,
    "language_codes": languages,
    "country_codes": countries,
}

_ALL = union_all(
    *(
        select(
            literal(name),
            *table.primary_key.columns,
            table.c.name,
            table.c.position if "position" in table.c else null(),
        )
        for name, table in _TABLES.items()
    )
)

# A few hundred words, which only ever grow: what is known stays, and what is not is looked up again.
_known: WeakKeyDictionary[Database, Words] = WeakKeyDictionary()


async def words(context: "Context", asked: Mapping[str, Collection[str]] | None = None) -> Words:
    """All words, read anew where one that is asked for is not among those that are known."""
    known = _known.get(context.database)
    if known is None or any(not known[name].keys() >= set(values) for name, values in (asked or {}).items()):
        known = _known[context.database] = await _read(context)
    return known


async def _read(context: "Context") -> Words:
    rows = await context.fetch(_ALL)
    found: dict[str, dict[str, str]] = {name: {} for name in _TABLES}
    # Countries have no position: they come by their names.
    for name, value, label, _ in sorted(rows, key=lambda row: (row[3] or 0, folded(row[2]))):
        found[name][value] = label
    return found

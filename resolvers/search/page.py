"""A page of the search, in the order that was asked for, and how many partners there are in all."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, func, select

from gateway.execution.rows import Layout, Names, Pages, Rows
from gateway.execution.sources import Call, batch
from gateway.models.partner import partners
from resolvers.keyset import beyond, bound, in_order, pages, rows_to_read
from resolvers.loaders import layout_of, projected
from resolvers.page import Key, Kind, Order, bounds
from resolvers.search import text
from resolvers.search.filters import Filter, conditions, read_filter, source_of


class PartnerSortKey(StrEnum):
    RELEVANCE = "RELEVANCE"
    AVERAGE_RATING = "AVERAGE_RATING"
    PRICE = "PRICE"
    NAME = "NAME"


_ID = Key("id")
_RATING = Key("average_rating_millionths")
_RELEVANCE = Key("relevance")

# By sort key and by whether it is reversed. Those without a price are last in either direction.
_ORDERS = {
    (PartnerSortKey.RELEVANCE, False): Order("ptre", (_RATING, _ID)),
    (PartnerSortKey.RELEVANCE, True): Order("ptRE", (_RATING, _ID), falling=False),
    (PartnerSortKey.AVERAGE_RATING, False): Order("ptra", (_RATING, _ID)),
    (PartnerSortKey.AVERAGE_RATING, True): Order("ptRA", (_RATING, _ID), falling=False),
    (PartnerSortKey.PRICE, False): Order("ptpr", (Key("price_or_highest_cents"), _ID), falling=False),
    (PartnerSortKey.PRICE, True): Order("ptPR", (Key("price_or_lowest_cents"), _ID)),
    (PartnerSortKey.NAME, False): Order("ptna", (Key("name_key", Kind.TEXT), _ID), falling=False),
    (PartnerSortKey.NAME, True): Order("ptNA", (Key("name_key", Kind.TEXT), _ID)),
}
# Of those that fit equally well, the best rated come first.
_BY_WORDS = {
    False: Order("ptrw", (_RELEVANCE, _RATING, _ID)),
    True: Order("ptRW", (_RELEVANCE, _RATING, _ID), falling=False),
}


@dataclass(frozen=True, slots=True)
class _Shape:
    """All that the text of a page's statement depends on; the values are bound."""

    given: frozenset[str]
    order: Order
    backward: bool
    after: bool
    before: bool
    postgresql: bool


def order_of(sort_key: PartnerSortKey, *, is_reversed: bool, has_words: bool) -> Order:
    if sort_key == PartnerSortKey.RELEVANCE and has_words:
        return _BY_WORDS[is_reversed]
    return _ORDERS[sort_key, is_reversed]


@batch()
async def list_partners(_parents: Rows, call: Call) -> Pages:
    """One page. Raises INVALID_FILTER, INVALID_PAGE_SIZE or INVALID_CURSOR. Its `asked` is the Filter."""
    given: Mapping[str, Any] = call.arguments
    wanted = await read_filter(call.context, given.get("filter") or {}, given.get("query"))
    order = order_of(PartnerSortKey(given["sort_key"]), is_reversed=given["reverse"], has_words="words" in wanted.given)
    asked = bounds(given, order)
    columns = projected(partners, call.columns, *order.columns)
    fetched: Any = ()
    # What is only counted is not read.
    if call.columns != ():
        shape = _Shape(
            given=wanted.given,
            order=order,
            backward=asked.backward,
            after=asked.after is not None,
            before=asked.before is not None,
            postgresql=call.context.database.is_postgresql,
        )
        values = {**wanted.values, **bound(order, asked), "page_size": rows_to_read(asked.size, call.columns)}
        fetched = await call.context.fetch(_page_statement(columns, shape), values)
    rows = Rows(fetched[::-1] if asked.backward else fetched, _layout(columns, order))
    return replace(pages(order, asked, rows, [len(fetched)], call.columns), asked=wanted)


def _layout(columns: Names, order: Order) -> Layout:
    layout = layout_of(partners, columns)
    return layout if _RELEVANCE not in order.keys else Layout((*layout.names, _RELEVANCE.column), layout.nullable)


@lru_cache(maxsize=1024)
def _page_statement(columns: Names, shape: _Shape) -> Select[Any]:
    selected: dict[str, Any] = {name: partners.c[name] for name in columns}
    if _RELEVANCE in shape.order.keys:
        selected[_RELEVANCE.column] = text.relevance(postgresql=shape.postgresql).label(_RELEVANCE.column)
    places = {name: getattr(column, "element", column) for name, column in selected.items()}
    statement = select(*selected.values()).select_from(source_of(shape.given, postgresql=shape.postgresql))
    statement = statement.where(
        *conditions(shape.given, postgresql=shape.postgresql),
        *beyond(shape.order, places, after=shape.after, before=shape.before),
    )
    statement = in_order(statement, shape.order, places, backward=shape.backward)
    return statement.limit(bindparam("page_size", type_=Integer))


@batch()
async def count_partners(parents: Any, call: Call) -> list[int]:
    return [await _count(page.asked, call) for page in parents]


async def _count(wanted: Filter, call: Call) -> int:
    statement = _count_statement(wanted.given, postgresql=call.context.database.is_postgresql)
    ((count,),) = await call.context.fetch(statement, wanted.values)
    return int(count)


@lru_cache(maxsize=512)
def _count_statement(given: frozenset[str], *, postgresql: bool) -> Select[Any]:
    statement = select(func.count()).select_from(source_of(given, postgresql=postgresql))
    return statement.where(*conditions(given, postgresql=postgresql))

"""Pages by their order: what a statement asks for to read one, and the pages that its rows make."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, Text, bindparam, tuple_
from sqlalchemy.types import TypeEngine

from gateway.execution.rows import Layout, Names, Pages, Rows
from gateway.models.base import UtcDateTime
from resolvers.page import Bounds, Kind, Order

# What a plan calls the cursor of an edge; rows get it beside the columns of their table.
CURSOR = "cursor"

# What a plan asks of a page that takes a row more than the page has.
_TELL_MORE = frozenset({"has_next_page", "has_previous_page"})

_TYPES: Mapping[Kind, type[TypeEngine[Any]]] = {
    Kind.MOMENT: UtcDateTime,
    Kind.NUMBER: BigInteger,
    Kind.TEXT: Text,
}

# Of a table or of a subquery, or by any other names.
Columns = Any


def beyond(order: Order, columns: Columns, *, after: bool, before: bool) -> list[ColumnElement[bool]]:
    """The conditions that a row lies between the positions that `bound` binds; `columns` holds the order's own."""
    position = tuple_(*(columns[key.column] for key in order.keys))
    conditions = []
    for side, given in (("after", after), ("before", before)):
        if given:
            edge = tuple_(*(bindparam(f"{side}_{key.column}", type_=_TYPES[key.kind]) for key in order.keys))
            conditions.append(position < edge if order.falling is (side == "after") else position > edge)
    return conditions


def bound(order: Order, asked: Bounds) -> dict[str, Any]:
    """The page's positions as `beyond` has them bound."""
    values: dict[str, Any] = {}
    for side, position in (("after", asked.after), ("before", asked.before)):
        if position is not None:
            values |= {f"{side}_{name}": value for name, value in zip(order.columns, position, strict=True)}
    return values


def in_order(statement: Select[Any], order: Order, columns: Columns, *, backward: bool) -> Select[Any]:
    falls = order.falling is not backward
    return statement.order_by(*(columns[name].desc() if falls else columns[name].asc() for name in order.columns))


def rows_to_read(size: int, wanted: Names | None) -> int:
    """A row more than the page has tells whether there are more, where the plan asks for that."""
    return size + (wanted is None or not _TELL_MORE.isdisjoint(wanted))


def pages(order: Order, asked: Bounds, rows: Rows, lengths: Sequence[int], wanted: Names | None) -> Pages:
    """The rows of all pages are in the list's order. Where a row more than the page was read, there are more."""
    size, backward = asked.size, asked.backward
    more = [length > size for length in lengths]
    if any(more):
        rows, lengths = _without_more(rows, lengths, size, backward=backward)
    if wanted is None or CURSOR in wanted:
        rows = _with_cursors(rows, order)
    before, after = asked.before is not None, asked.after is not None
    return Pages(
        rows=rows,
        lengths=lengths,
        has_next_page=[before or (found and not backward) for found in more],
        has_previous_page=[after or (found and backward) for found in more],
        cursor=order.cursor,
    )


def _without_more(rows: Rows, lengths: Sequence[int], size: int, *, backward: bool) -> tuple[Rows, list[int]]:
    """Each page without the row that lies beyond it: its last, or, where pages are read backward, its first."""
    kept: list[int] = []
    start = 0
    for length in lengths:
        end = start + length
        over = max(0, length - size)
        kept += range(start + over, end) if backward else range(start, end - over)
        start = end
    typenames = None if rows.typenames is None else [rows.typenames[place] for place in kept]
    return Rows([rows[place] for place in kept], rows.layout, typenames), [min(length, size) for length in lengths]


def _with_cursors(rows: Rows, order: Order) -> Rows:
    layout = Layout((*rows.layout.names, CURSOR), rows.layout.nullable)
    cursors = [order.encode(*position) for position in rows.columns(*order.columns)]
    return Rows([(*row, cursor) for row, cursor in zip(rows, cursors, strict=True)], layout, rows.typenames)

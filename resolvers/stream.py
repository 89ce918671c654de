"""Where a page of the stream of events begins and ends: its order, its cursors, and the statement of a page.

A statement reads an index in its own order and stops after a page, whatever it is filtered by: where only some types
are wanted, there is a branch for each, as long as the page, and the page is made of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Integer, String, bindparam, select, tuple_, union_all

from gateway.execution.rows import Names
from gateway.models.base import UtcDateTime
from gateway.models.partner_event import partner_events
from resolvers import visibility
from resolvers.page import Key, Kind, Order, Position
from resolvers.scope import Scope

# By the moment; events of one moment by the row behind them. One cursor serves both directions.
ORDER = Order("strm", (Key("occurred_at", Kind.MOMENT), Key("id"), Key("source")))
PLACE = ORDER.columns


@dataclass(frozen=True, slots=True)
class Shape:
    """All that the text of a statement depends on; the values are bound.

    `equals` are the columns that must hold what is bound by their names; `branches` the numbers of pairs of subject
    type and type that are bound as `subject_type_0`, `type_0` and so on. `rising` is the direction that is read in.
    """

    equals: tuple[str, ...]
    branches: int
    rising: bool
    above: bool
    below: bool


@lru_cache(maxsize=1024)
def page_statement(columns: Names, scope: Scope, shape: Shape) -> Any:
    """The rows from `occurred_at_min` to `occurred_at_max`, as many as `page_size`, beyond the bound positions."""
    selected = [partner_events.c[name] for name in columns]
    if not shape.branches:
        return _limited(select(*selected).where(*_matching(scope, shape)), partner_events, shape)
    branches = [
        _limited(select(*selected).where(*_matching(scope, shape), *_branch(number)), partner_events, shape)
        for number in range(shape.branches)
    ]
    together = union_all(*(select(branch.subquery()) for branch in branches)).subquery()
    return _limited(select(*[together.c[name] for name in columns]), together, shape)


def _matching(scope: Scope, shape: Shape) -> list[Any]:
    table = partner_events
    conditions: list[Any] = [
        visibility.VISIBLE[table](scope),
        table.c.occurred_at >= bindparam("occurred_at_min", type_=UtcDateTime),
        table.c.occurred_at <= bindparam("occurred_at_max", type_=UtcDateTime),
        *(table.c[name] == bindparam(name) for name in shape.equals),
    ]
    position = tuple_(*(table.c[name] for name in PLACE))
    if shape.above:
        conditions.append(position > _bound("above"))
    if shape.below:
        conditions.append(position < _bound("below"))
    return conditions


def _branch(number: int) -> list[Any]:
    return [partner_events.c[name] == bindparam(f"{name}_{number}", type_=String) for name in ("subject_type", "type")]


def _bound(side: str) -> Any:
    return tuple_(
        bindparam(f"{side}_moment", type_=UtcDateTime),
        bindparam(f"{side}_id", type_=BigInteger),
        bindparam(f"{side}_source", type_=BigInteger),
    )


def _limited(statement: Any, table: Any, shape: Shape) -> Any:
    order = [table.c[name].asc() if shape.rising else table.c[name].desc() for name in PLACE]
    return statement.order_by(*order).limit(bindparam("page_size", type_=Integer))


def bound_position(side: str, position: Position) -> Mapping[str, Any]:
    """What the statement has bound for one side."""
    return {f"{side}_moment": position[0], f"{side}_id": position[1], f"{side}_source": position[2]}

"""The schema with faults in its sources: in chosen places they answer nothing, raise, or hand back an exception.

Which place is hit hangs on the parent alone and never on the batch that it comes in, for the engines batch differently.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any
from zlib import crc32

from graphql import GraphQLError, GraphQLObjectType, GraphQLSchema

import schema as served
from gateway.errors import InvalidArgument, Reason, UserErrorCode, UserErrors
from gateway.execution.bridge import resolver
from gateway.execution.rows import Grouped, Page, Rows
from gateway.execution.sources import GUARD, SOURCE, Batch, Call, Computed
from resolvers.mutation import mutation

KINDS = ("raise", "null", "exception", "too few", "too many")
ERRORS: dict[str, Callable[[], Exception]] = {
    "plain": lambda: ValueError("A fault"),
    "ours": lambda: InvalidArgument("A fault of an argument", code="FAULT"),
    "graphql": lambda: GraphQLError("A fault with extensions", extensions={"code": "FAULT"}),
}


@dataclass(frozen=True)
class Fault:
    """`one_in` says how many of the places it hits, for the kinds that hit some alone."""

    kind: str
    error: str
    one_in: int

    def hits(self, *place: Any) -> bool:
        return crc32(repr(place).encode()) % self.one_in == 0

    def thing(self) -> Any:
        return None if self.kind == "null" else ERRORS[self.error]()


@dataclass
class Faulty:
    """A copy of the schema. `active` are the faults by coordinate; `calls` counts those of batch functions."""

    schema: GraphQLSchema
    active: dict[str, Fault] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)


def faulty() -> Faulty:
    copy = Faulty(served.full.__wrapped__())
    for named in copy.schema.type_map.values():
        if isinstance(named, GraphQLObjectType) and not named.name.startswith("__"):
            for name, each in named.fields.items():
                coordinate = f"{named.name}.{name}"
                source = _source(each.extensions[SOURCE], coordinate, copy)
                each.extensions[SOURCE] = source
                each.resolve = resolver(source, coordinate, each.extensions[GUARD])
    return copy


def coordinates(copy: Faulty) -> list[str]:
    return [
        f"{named.name}.{name}"
        for named in copy.schema.type_map.values()
        if isinstance(named, GraphQLObjectType) and not named.name.startswith("__")
        for name, each in named.fields.items()
        if isinstance(each.extensions[SOURCE], Batch | Computed)
    ]


def drawn_faults(random: Random, copy: Faulty) -> dict[str, Fault]:
    """None for most documents."""
    if random.randrange(10) < 6:
        return {}
    names = coordinates(copy)
    return {
        random.choice(names): Fault(random.choice(KINDS), random.choice(sorted(ERRORS)), random.choice([1, 2, 3, 5]))
        for _ in range(random.randint(1, 6))
    }


def _source(source: Any, coordinate: str, copy: Faulty) -> Any:
    if isinstance(source, Batch):
        return _batch(_ANSWERS.get(coordinate, source), coordinate, copy)
    return _computed(source, coordinate, copy) if isinstance(source, Computed) else source


def _batch(source: Batch, coordinate: str, copy: Faulty) -> Batch:
    async def function(parents: Rows, call: Call) -> Any:
        copy.calls[coordinate] += 1
        fault = copy.active.get(coordinate)
        if fault is not None and fault.kind == "raise":
            raise ERRORS[fault.error]()
        values = await source.function(parents, call)
        if fault is None:
            return values
        if fault.kind in ("too few", "too many"):
            return _of_another_length(values, fault.kind)
        keys = parents.columns(*source.reads) if source.reads else [()] * len(parents)
        return _spoiled(values, keys, fault)

    return replace(source, function=function)


def _computed(source: Computed, coordinate: str, copy: Faulty) -> Computed:
    def function(*read: Any) -> Any:
        fault = copy.active.get(coordinate)
        if fault is None or not fault.hits(*map(str, read)):
            return source.function(*read)
        # An exception that is handed back instead of raised is for batch functions, which answer for many places.
        if fault.kind in ("raise", "exception"):
            raise ERRORS[fault.error]()
        return None

    return replace(source, function=function)


def _of_another_length(values: Any, kind: str) -> Any:
    """A Grouped still has as many rows as it says, since nothing could be made of it otherwise."""
    if isinstance(values, Grouped):
        lengths = [*values.lengths, 0] if kind == "too many" else [*values.lengths][:-1]
        return Grouped(_like(values.rows, values.rows[: sum(lengths)]), lengths)
    changed = [*values, None] if kind == "too many" else [*values][:-1]
    return _like(values, changed) if isinstance(values, Rows) else changed


def _spoiled(values: Any, keys: list[Any], fault: Fault) -> Any:
    if isinstance(values, Rows):
        return _like(values, [fault.thing() if fault.hits(key) else row for key, row in zip(keys, values, strict=True)])
    if isinstance(values, Grouped):
        places = [(key, place) for key, length in zip(keys, values.lengths, strict=True) for place in range(length)]
        rows = [fault.thing() if fault.hits(*place) else row for place, row in zip(places, values.rows, strict=True)]
        return Grouped(_like(values.rows, rows), values.lengths)
    return [_spoiled_place(value, key, fault) for key, value in zip(keys, values, strict=True)]


def _spoiled_place(value: Any, key: Any, fault: Fault) -> Any:
    """A whole page or list, or, where that is spared, some of what it holds."""
    if fault.hits(key):
        return fault.thing()
    if isinstance(value, Page):
        rows = [fault.thing() if fault.hits(key, place) else row for place, row in enumerate(value.rows)]
        # A page makes its cursors of its first and last row.
        rows[:1], rows[-1:] = value.rows[:1], value.rows[-1:]
        return replace(value, rows=_like(value.rows, rows))
    if isinstance(value, list):
        return [fault.thing() if fault.hits(key, place) else item for place, item in enumerate(value)]
    return value


def _like(rows: Rows, changed: list[Any]) -> Rows:
    typenames = None if rows.typenames is None else [*rows.typenames, "Nothing"][: len(changed)]
    return Rows(changed, rows.layout, typenames)


def _refused_now_and_then(call: Call) -> None:
    if crc32(repr(sorted(call.arguments.items())).encode()) % 3 == 0:
        reasons = [Reason(UserErrorCode.BLANK, ("amount", "amount"), "Blank"), Reason(UserErrorCode.INVALID, (), "No")]
        raise UserErrors(*reasons)


@mutation("organization_id", "credit_id")
async def _credited(call: Call) -> tuple[Any, ...]:
    _refused_now_and_then(call)
    return 1, 1


@mutation("organization_id", "eventsink_id")
async def _created(call: Call) -> tuple[Any, ...]:
    _refused_now_and_then(call)
    return 1, 1


@mutation("deleted_id")
async def _deleted(call: Call) -> tuple[Any, ...]:
    _refused_now_and_then(call)
    return (call.arguments["id"],)


# Two engines that write in turn would not find the same database, so mutations only answer as if they had written.
_ANSWERS = {
    "MutationRoot.appCreditCreate": _credited,
    "MutationRoot.eventsinkCreate": _created,
    "MutationRoot.eventsinkDelete": _deleted,
}

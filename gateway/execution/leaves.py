"""Leaves: how the values of a scalar or enum become JSON.

A column of leaves is checked by the set of its values' types, which is quick; only where that does not suffice is each
value serialized on its own. `Wire` is the same for one value, as an expression of generated code.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import FieldNode, GraphQLEnumType, GraphQLScalarType

from gateway.execution.failure import Failure

WIRE = "wire"
_SMALLEST_INT, _LARGEST_INT = -(2**31), 2**31 - 1

Leaf = GraphQLScalarType | GraphQLEnumType


@dataclass(frozen=True, slots=True)
class Wire:
    """An expression of Python that makes JSON of the value `{0}`; `names` are what it refers to."""

    expression: str
    names: Mapping[str, Any] = field(default_factory=dict)


# What a column of the database holds is what these types hold. Int is not among them: a column may hold more.
_BUILT_IN = {"String": Wire("{0}"), "Boolean": Wire("{0}"), "ID": Wire("str({0})")}


def wire_of(leaf: Leaf) -> Wire | None:
    """How a trusted value of the type is written; None where each value has to be looked at."""
    if isinstance(leaf, GraphQLEnumType):
        return leaf.extensions.get(WIRE) or Wire("{0}")
    return leaf.extensions.get(WIRE) or _BUILT_IN.get(leaf.name)


def serializer(leaf: Leaf, nodes: Sequence[FieldNode]) -> Callable[[Sequence[Any], Any], list[Any]]:
    """Completes a column of leaves: `(values, run) -> JSON values`, with a Failure in each place that has none."""
    accepts = _ACCEPTS.get(leaf.name) if isinstance(leaf, GraphQLScalarType) else None
    serialize = leaf.serialize

    def complete(values: Sequence[Any], run: Any) -> list[Any]:
        if accepts is not None and accepts(values):
            return values if type(values) is list else list(values)
        return [_completed(value, serialize, leaf, nodes, run) for value in values]

    return complete


def _completed(value: Any, serialize: Callable[[Any], Any], leaf: Leaf, nodes: Sequence[FieldNode], run: Any) -> Any:
    if value is None or type(value) is Failure:
        return value
    try:
        if isinstance(value, Exception):
            raise value
        written = serialize(value)
        if written is None:
            raise TypeError(f"Expected `{leaf.name}` to be written as something else than null")
    except Exception as error:  # noqa: BLE001 - whatever is raised for a place fails that place
        run.failed = True
        return Failure(error, nodes)
    return written


_NONE = type(None)


def _texts(values: Sequence[Any]) -> bool:
    return set(map(type, values)) <= {str, _NONE}


def _booleans(values: Sequence[Any]) -> bool:
    return set(map(type, values)) <= {bool, _NONE}


def _integers(values: Sequence[Any]) -> bool:
    if not set(map(type, values)) <= {int, _NONE}:
        return False
    present = [value for value in values if value is not None]
    return not present or (min(present) >= _SMALLEST_INT and max(present) <= _LARGEST_INT)


def _floats(values: Sequence[Any]) -> bool:
    if not set(map(type, values)) <= {float, _NONE}:
        return False
    return all(math.isfinite(value) for value in values if value is not None)


_ACCEPTS: dict[str, Callable[[Sequence[Any]], bool]] = {
    "Boolean": _booleans,
    "Float": _floats,
    "ID": _texts,
    "Int": _integers,
    "String": _texts,
}

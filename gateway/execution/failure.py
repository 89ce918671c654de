"""What went wrong in a place, and what that makes of the places around it.

An error costs nothing until there is one: the place holds a Failure, and only then is the answer walked once more, to
find the paths and to let nulls spread as far as the specification says.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from graphql import FieldNode, GraphQLError, located_error

if TYPE_CHECKING:
    from gateway.execution.plan import ObjectPlan


class Failure:
    """Stands in an answer where a value should be."""

    __slots__ = ("error", "nodes")

    def __init__(self, error: Exception, nodes: Sequence[FieldNode]) -> None:
        self.error = error
        self.nodes = nodes


class _Null(Exception):
    """A non-null place failed, so what holds it is null."""


class Settlement:
    """Turns an answer that holds failures into data and errors: one error for each place that became null."""

    def __init__(self, concrete: Mapping[int, "ObjectPlan"]) -> None:
        """`concrete` is `Run.plans()`."""
        self.errors: list[GraphQLError] = []
        self._concrete = concrete

    def settle(self, plan: "ObjectPlan", data: dict[str, Any]) -> dict[str, Any] | None:
        try:
            self._object(plan, data, [])
        except _Null:
            del self.errors[:-1]
            return None
        return data

    def _object(self, plan: "ObjectPlan", data: dict[str, Any], path: list[str | int]) -> None:
        for field in plan.fields:
            value = data[field.key]
            if field.shape is None:
                continue
            if type(value) is Failure or isinstance(value, (list, dict)):
                data[field.key] = self._place(value, field.shape, field.sub, [*path, field.key])

    def _place(self, value: Any, shape: "Shape", sub: "ObjectPlan | None", path: list[str | int]) -> Any:
        """The value of a place; raises _Null where it must not be null and is."""
        before = len(self.errors)
        try:
            if type(value) is Failure:
                self.errors.append(located_error(value.error, list(value.nodes), path))
                raise _Null
            if shape.item is not None and value is not None:
                for index, item in enumerate(value):
                    value[index] = self._place(item, shape.item, sub, [*path, index])
            elif plan := _plan_of(value, sub, self._concrete):
                self._object(plan, value, path)
        except _Null:
            # Of several failures within a place that becomes null, the one that made it so explains it.
            self.errors[before:] = self.errors[-1:]
            if shape.non_null:
                raise
            return None
        return value


class Shape:
    """The wrapping of a field's type: whether a place may be null, and the shape of the items of a list."""

    __slots__ = ("item", "non_null")

    def __init__(self, non_null: bool, item: "Shape | None") -> None:
        self.non_null = non_null
        self.item = item


def spreads(value: Any, shape: Shape, sub: "ObjectPlan | None", concrete: Mapping[int, "ObjectPlan"]) -> bool:
    """Whether the place becomes null and must not, so that what holds it becomes null too."""
    if not shape.non_null:
        return False
    if shape.item is not None and isinstance(value, list):
        return any(spreads(item, shape.item, sub, concrete) for item in value)
    plan = _plan_of(value, sub, concrete)
    if plan is None:
        return type(value) is Failure
    return any(field.shape and spreads(value[field.key], field.shape, field.sub, concrete) for field in plan.fields)


def _plan_of(value: Any, sub: "ObjectPlan | None", concrete: Mapping[int, "ObjectPlan"]) -> "ObjectPlan | None":
    """What built the value, if it is an object: a scalar may be a dict as well."""
    return (sub or concrete.get(id(value))) if isinstance(value, dict) else None

"""What resolvers find and a version does not know: types are null, enum values are told by one that it knows.

Resolvers answer for the full schema, whatever the version. Both engines read fields' sources and enums' names, so what
is done here holds for both.
"""

from collections.abc import Mapping
from typing import Any

from graphql import ConstValueNode, GraphQLEnumType, GraphQLEnumValue

from gateway.execution.leaves import WIRE, Wire
from gateway.execution.rows import Grouped, Record, Rows
from gateway.execution.sources import Batch, Call, Source, Values
from schema.history.change import HistoryError


def without_types(source: Source, hidden: frozenset[str], coordinate: str) -> Batch:
    """The source of a field of an interface or union, with null for objects of the hidden types."""
    if not isinstance(source, Batch):
        raise HistoryError(f"{coordinate} may be one of {', '.join(sorted(hidden))}, which are not in this version")
    function = source.function

    async def shown(parents: Rows, call: Call) -> Values:
        values: Values = _shown(await function(parents, call), hidden)
        return values

    return Batch(shown, source.reads)


def _shown(values: Any, hidden: frozenset[str]) -> Any:
    if isinstance(values, Grouped):
        return Grouped(_shown(values.rows, hidden), values.lengths)
    if isinstance(values, Rows) and values.typenames is not None:
        typenames = values.typenames
        rows = [None if name in hidden else row for row, name in zip(values, typenames, strict=True)]
        return Rows(rows, values.layout, typenames)
    if isinstance(values, list):
        return [_shown(value, hidden) for value in values]
    return None if isinstance(values, Record) and values.typename in hidden else values


def with_defaults(source: Source, defaults: Mapping[str, Any], coordinate: str) -> Batch:
    """The source of a field some of whose arguments are hidden: it is called as if they had been left out."""
    if not isinstance(source, Batch):
        raise HistoryError(f"{coordinate} has arguments that its source does not read")
    function = source.function

    async def called(parents: Rows, call: Call) -> Values:
        return await function(parents, Call(call.context, {**defaults, **call.arguments}, call.columns))

    return Batch(called, source.reads)


class OlderEnum(GraphQLEnumType):
    """Some values of another enum. What goes out and is not among them is told by one that is."""

    def __init__(self, full: GraphQLEnumType, values: Mapping[str, GraphQLEnumValue], instead: Mapping[str, str]):
        wire = {WIRE: Wire(f"instead_{full.name}.get({{0}}, {{0}})", {f"instead_{full.name}": instead})}
        super().__init__(
            full.name,
            dict(values),
            description=full.description,
            extensions={**full.extensions, **(wire if instead else {})},
        )
        self._full = full
        self._instead = instead

    def coerce_output_value(self, output_value: Any) -> str:
        name = self._full.coerce_output_value(output_value)
        return self._instead.get(name, name)

    def coerce_input_value(self, input_value: Any, hide_suggestions: bool = False) -> Any:
        super().coerce_input_value(input_value, hide_suggestions)
        return self._full.coerce_input_value(input_value, hide_suggestions)

    def coerce_input_literal(self, value_node: ConstValueNode, hide_suggestions: bool = False) -> Any:
        super().coerce_input_literal(value_node, hide_suggestions)
        return self._full.coerce_input_literal(value_node, hide_suggestions)

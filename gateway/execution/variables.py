"""The variables of an operation: what they may hold is found out once, and plain values pass without being coerced.

A text for a String or an ID, a number within range for an Int, a Boolean for a Boolean: of these coercion gives back
what it got. All else, and whatever is refused, is graphql-core's to say.
"""

from collections.abc import Callable, Mapping
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLError,
    GraphQLID,
    GraphQLInt,
    GraphQLNonNull,
    GraphQLSchema,
    GraphQLString,
    OperationDefinitionNode,
    VariableValues,
    get_variable_values,
)
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValueSource
from graphql.type.scalars import GRAPHQL_MAX_INT, GRAPHQL_MIN_INT

_PLAIN: dict[Any, Callable[[Any], bool]] = {
    GraphQLString: lambda value: type(value) is str,
    GraphQLID: lambda value: type(value) is str,
    GraphQLInt: lambda value: type(value) is int and GRAPHQL_MIN_INT <= value <= GRAPHQL_MAX_INT,
    GraphQLBoolean: lambda value: type(value) is bool,
}


class Variables:
    """The variable definitions of one operation."""

    __slots__ = ("_declared", "_known", "_schema")

    def __init__(self, schema: GraphQLSchema, operation: OperationDefinitionNode) -> None:
        self._schema = schema
        self._declared = operation.variable_definitions or ()
        signatures = [get_variable_signature(schema, each) for each in self._declared]
        self._known = [_Variable(each) for each in signatures if isinstance(each, GraphQLVariableSignature)]

    def coerce(self, given: Mapping[str, Any]) -> VariableValues | list[GraphQLError]:
        """As the operation declares them; what it does not declare is left out."""
        return self._passed(given) or get_variable_values(
            self._schema, self._declared, {each.name: given[each.name] for each in self._known if each.name in given}
        )

    def _passed(self, given: Mapping[str, Any]) -> VariableValues | None:
        """None where a value is not plain, or a default counts."""
        sources: dict[str, VariableValueSource] = {}
        coerced: dict[str, Any] = {}
        if len(self._known) < len(self._declared):
            return None
        for variable in self._known:
            name = variable.name
            if name in given:
                value = given[name]
                if not (variable.is_nullable if value is None else variable.is_plain(value)):
                    return None
                coerced[name] = value
                sources[name] = VariableValueSource(variable.signature, value)
            elif variable.may_be_left_out:
                sources[name] = VariableValueSource(variable.signature)
            else:
                return None
        return VariableValues(sources, coerced)


class _Variable:
    __slots__ = ("is_nullable", "is_plain", "may_be_left_out", "name", "signature")

    def __init__(self, signature: GraphQLVariableSignature) -> None:
        inner = signature.type
        self.is_nullable = not isinstance(inner, GraphQLNonNull)
        if isinstance(inner, GraphQLNonNull):
            inner = inner.of_type
        self.signature = signature
        self.name = signature.name
        self.may_be_left_out = self.is_nullable and signature.default is None
        self.is_plain = _PLAIN.get(inner, _never)


def _never(_value: Any) -> bool:
    return False

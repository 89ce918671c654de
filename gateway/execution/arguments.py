"""Arguments: what they may hold, and how those of a field are told once for all requests that ask for it."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from graphql import FieldNode, GraphQLError, GraphQLField, ValueNode, VariableNode, get_argument_values

from gateway.errors import GatewayError, InvalidArgument


class Arguments:
    """The arguments of one field of a document. `is_constant` says that they are the same whatever the variables."""

    __slots__ = ("_bound", "_constant", "is_constant")

    def __init__(self, constant: Mapping[str, Any], bound: Mapping[str, str]) -> None:
        """`bound` are the arguments that are a variable each, and which; `constant` has a place for them."""
        self._constant = constant
        self._bound = bound
        self.is_constant = not bound

    def given(self, variables: Mapping[str, Any]) -> dict[str, Any] | None:
        """With the values of coerced variables; None where one is missing or null: a default counts then."""
        arguments = dict(self._constant)
        for name, variable in self._bound.items():
            value = variables.get(variable)
            if value is None:
                return None
            arguments[name] = value
        return arguments


def arguments_of(definition: GraphQLField, node: FieldNode) -> Arguments | None:
    """None where they have to be coerced for each request: a variable within a list or an input object, or an error."""
    nodes = {each.name.value: each for each in node.arguments or ()}
    variables = {name: each.value.name.value for name, each in nodes.items() if isinstance(each.value, VariableNode)}
    others = [each for name, each in nodes.items() if name not in variables]
    if any(_has_variable(each.value) for each in others):
        return None
    rest = {name: argument for name, argument in definition.args.items() if name not in variables}
    field = GraphQLField(definition.type, args=rest)
    with suppress(GraphQLError, GatewayError):
        constant = get_argument_values(field, FieldNode(name=node.name, arguments=tuple(others)))
        check_text(constant)
        names = {name: argument.out_name or name for name, argument in definition.args.items()}
        # In the order in which the schema declares them, as graphql-core gives them.
        ordered = {out: constant.get(out) for name, out in names.items() if out in constant or name in variables}
        return Arguments(ordered, {names[name]: variable for name, variable in variables.items()})
    # The field tells what is wrong when it is run, of each place on its own.
    return None


def _has_variable(value: ValueNode) -> bool:
    if isinstance(value, VariableNode):
        return True
    values = getattr(value, "values", None) or [field.value for field in getattr(value, "fields", None) or ()]
    return any(map(_has_variable, values))


def check_text(value: Any) -> None:
    """Refuses what no database can hold, before it gets there: the character U+0000."""
    if isinstance(value, str):
        if "\0" in value:
            raise InvalidArgument("A text can't hold the character U+0000", code="INVALID_TEXT")
    elif isinstance(value, Mapping):
        for item in value.values():
            check_text(item)
    elif isinstance(value, list):
        for item in value:
            check_text(item)

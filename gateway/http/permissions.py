"""Whether a token may do nothing at all of what an operation asks: then the whole request is refused."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    BooleanValueNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    value_from_ast_untyped,
)

from gateway.errors import Forbidden
from gateway.viewer import Viewer


def check_root_fields(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    *,
    variables: Mapping[str, Any],
    viewer: Viewer,
) -> None:
    """Raises Forbidden where every root field needs a permission that the viewer lacks. The document is valid."""
    root = schema.get_root_type(operation.operation)
    lacking = set()
    for name in _root_fields(document, operation, variables):
        definition = root.fields.get(name) if root else None
        permission = (definition.extensions or {}).get("permission") if definition else None
        if permission is None or viewer.may(permission):
            return
        lacking.add(permission.value)
    if lacking:
        raise Forbidden(f"Forbidden: the token lacks these permissions: {', '.join(sorted(lacking))}")


def _root_fields(
    document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> Iterator[str]:
    """The names of the fields that will be executed."""
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    defaults = {
        each.variable.name.value: value_from_ast_untyped(each.default_value)
        for each in operation.variable_definitions or ()
        if each.default_value
    }
    known = {**defaults, **variables}
    pending: list[SelectionSetNode] = [operation.selection_set]
    while pending:
        for node in pending.pop().selections:
            if _is_left_out(node, known):
                continue
            if isinstance(node, FieldNode):
                yield node.name.value
            elif isinstance(node, FragmentSpreadNode):
                # Popped, so that a fragment is looked at once however often it is spread.
                fragment = fragments.pop(node.name.value, None)
                if fragment:
                    pending.append(fragment.selection_set)
            else:
                pending.append(node.selection_set)  # type: ignore[attr-defined] # an inline fragment is what is left


def _is_left_out(node: SelectionNode, variables: Mapping[str, Any]) -> bool:
    for directive in node.directives or ():
        if directive.name.value in ("skip", "include") and directive.arguments:
            value = directive.arguments[0].value
            known = value.value if isinstance(value, BooleanValueNode) else None
            if isinstance(value, VariableNode):
                known = variables.get(value.name.value)
            if known is (directive.name.value == "skip"):
                return True
    return False

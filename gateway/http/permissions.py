"""Whether a token may do nothing at all of what an operation asks: then the whole request is refused."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    BooleanValueNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    value_from_ast_untyped,
)

from gateway.errors import Forbidden
from gateway.execution.engine import Operation
from gateway.viewer import ApiPermission, Viewer


def check_root_fields(operation: Operation, *, variables: Mapping[str, Any], viewer: Viewer) -> None:
    """Raises Forbidden where every root field needs a permission that the viewer lacks. The document is valid."""
    asked = operation.permissions
    if asked is None:
        asked = list(_permissions(operation, variables))
        if not operation.flags:
            # Which fields are executed hangs on no variable: they are the same every time.
            operation.permissions = asked
    for permission in asked:
        if permission is None or viewer.may(permission):
            return
    if asked:
        lacking = sorted({permission.value for permission in asked if permission is not None})
        raise Forbidden(f"Forbidden: the token lacks these permissions: {', '.join(lacking)}")


def _permissions(operation: Operation, variables: Mapping[str, Any]) -> Iterator[ApiPermission | None]:
    """Of each root field that will be executed; None where it needs none."""
    root = operation.schema.get_root_type(operation.node.operation)
    for node in root_fields(operation.document, operation.node, variables):
        definition = root.fields.get(node.name.value) if root else None
        yield (definition.extensions or {}).get("permission") if definition else None


def root_fields(
    document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> Iterator[FieldNode]:
    """The fields that will be executed; those of one response name are one field, and come as often as they stand."""
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
                yield node
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

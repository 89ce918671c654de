"""From a document to a plan: fragments flattened by concrete type, constant arguments coerced, columns chosen."""

from collections.abc import Mapping, Sequence
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLSchema,
    InlineFragmentNode,
    NamedTypeNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    is_abstract_type,
)

from gateway.execution.arguments import arguments_of
from gateway.execution.completion import Abstracts, Completer, Leaves, Lists, NonNull, Objects
from gateway.execution.failure import Shape
from gateway.execution.leaves import serializer
from gateway.execution.plan import FieldPlan, ObjectPlan
from gateway.execution.sources import GUARD, SOURCE, Batch

Flags = Mapping[str, bool | None]


class Unsupported(Exception):
    """graphql-core answers the document.

    A field has no source (introspection's, or one with a resolver of its own), or a directive is to decide by null.
    """


def flags_of(document: DocumentNode) -> tuple[str, ...]:
    """The variables that decide, by `@skip` and `@include`, what is selected."""
    found: set[str] = set()
    waiting: list[Any] = list(document.definitions)
    while waiting:
        node = waiting.pop()
        for directive in node.directives or ():
            if directive.name.value in {"skip", "include"} and isinstance(directive.arguments[0].value, VariableNode):
                found.add(directive.arguments[0].value.name.value)
        if getattr(node, "selection_set", None):
            waiting += node.selection_set.selections
    return tuple(sorted(found))


class Compiler:
    """Compiles one operation for one setting of its flags. Holds nothing of a caller, and so neither does the plan."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, flags: Flags) -> None:
        self._schema = schema
        self._flags = flags
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }

    def compile(self, operation: OperationDefinitionNode) -> ObjectPlan:
        """Raises Unsupported."""
        root = self._schema.get_root_type(operation.operation)
        if root is None:
            raise Unsupported
        plan = self._objects(root, [operation.selection_set])
        waiting = [field for field in plan.fields if field.waits]
        if len(waiting) == 1:
            waiting[0].alone = True
        return plan

    def _objects(self, parent: GraphQLObjectType, selections: Sequence[SelectionSetNode]) -> ObjectPlan:
        grouped: dict[str, list[FieldNode]] = {}
        seen: set[str] = set()
        for selection_set in selections:
            self._collect(parent, selection_set, grouped, seen)
        return ObjectPlan(parent.name, [self._field(parent, key, nodes) for key, nodes in grouped.items()])

    def _collect(
        self,
        parent: GraphQLObjectType,
        selection_set: SelectionSetNode,
        grouped: dict[str, list[FieldNode]],
        seen: set[str],
    ) -> None:
        for node in selection_set.selections:
            if not self._included(node):
                continue
            if isinstance(node, FieldNode):
                grouped.setdefault((node.alias or node.name).value, []).append(node)
            elif isinstance(node, InlineFragmentNode):
                if self._applies(node.type_condition, parent):
                    self._collect(parent, node.selection_set, grouped, seen)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
                seen.add(node.name.value)
                fragment = self._fragments[node.name.value]
                if self._applies(fragment.type_condition, parent):
                    self._collect(parent, fragment.selection_set, grouped, seen)

    def _included(self, node: Any) -> bool:
        for directive in node.directives or ():
            name = directive.name.value
            if name in {"skip", "include"}:
                value = directive.arguments[0].value
                holds = self._flags[value.name.value] if isinstance(value, VariableNode) else value.value
                if holds is None:
                    raise Unsupported
                if (name == "skip") == holds:
                    return False
        return True

    def _applies(self, condition: NamedTypeNode | None, parent: GraphQLObjectType) -> bool:
        if condition is None or condition.name.value == parent.name:
            return True
        named = self._schema.type_map[condition.name.value]
        return is_abstract_type(named) and self._schema.is_sub_type(named, parent)

    def _field(self, parent: GraphQLObjectType, key: str, nodes: Sequence[FieldNode]) -> FieldPlan:
        name = nodes[0].name.value
        field = FieldPlan(key, nodes, parent.name)
        if name == "__typename":
            field.completer = Leaves(lambda values, _run: list(values))
            return field
        if name.startswith("__"):
            raise Unsupported
        definition = field.definition = parent.fields[name]
        if SOURCE not in definition.extensions:
            raise Unsupported
        field.source, field.guard = definition.extensions[SOURCE], definition.extensions[GUARD]
        field.arguments = arguments_of(definition, nodes[0])
        field.completer, field.shape = self._completer(definition.type, field, f"{parent.name}.{name}")
        field.waits = field.waits or isinstance(field.source, Batch)
        return field

    def _completer(self, type_: GraphQLOutputType, field: FieldPlan, coordinate: str) -> tuple[Completer, Shape]:
        non_null = isinstance(type_, GraphQLNonNull)
        inner: Any = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
        item = None
        completer: Completer
        if isinstance(inner, GraphQLList):
            items, item = self._completer(inner.of_type, field, coordinate)
            is_last = field.sub is not None and not field.waits
            completer = Lists(items, coordinate, field.nodes, is_last=is_last)
        elif isinstance(inner, (GraphQLScalarType, GraphQLEnumType)):
            completer = Leaves(serializer(inner, field.nodes))
        elif isinstance(inner, GraphQLObjectType):
            field.sub = self._objects(inner, [node.selection_set for node in field.nodes if node.selection_set])
            field.columns, field.waits = field.sub.reads, field.sub.waits
            completer = Objects(field.sub, field.nodes)
        else:
            completer = self._abstract(inner, field)
        return NonNull(completer, coordinate, field.nodes) if non_null else completer, Shape(non_null, item)

    def _abstract(self, type_: Any, field: FieldPlan) -> Abstracts:
        selections = [node.selection_set for node in field.nodes if node.selection_set]
        plans = {
            possible.name: self._objects(possible, selections) for possible in self._schema.get_possible_types(type_)
        }
        field.columns = tuple(dict.fromkeys(name for plan in plans.values() for name in plan.reads))
        field.waits = any(plan.waits for plan in plans.values())
        return Abstracts(plans, type_.name, field.nodes)

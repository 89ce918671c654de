"""How many objects an operation may ask for: pages times pages, before anything is fetched.

    { jobs(first: 50) { edges { node { id shop { id } } } nodes { id } } }      50 * (1 + 1) + 50 * 1

What is fetched by itself counts 1: objects that are Nodes, interfaces, unions, and those that a batch function brings,
as the services of a category. Connections, edges, payloads and values like Money count 0, and so do leaves; what is
selected in them counts. A connection multiplies by its page, a plain list by 10, `nodes(ids:)` of the query root by its
ids.

It is an upper bound. A field selected twice counts twice. Of the fragments on an interface or union each object
takes those of its own type, so the dearest possible type is taken; but a fragment is measured once, for the types
that it names itself, wherever it is spread: that keeps the work linear.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any, cast

from graphql import (
    BooleanValueNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLCompositeType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    is_abstract_type,
    value_from_ast_untyped,
)

from gateway.errors import TooManyObjects
from gateway.execution.sources import SOURCE, Batch
from gateway.settings import Settings

DEFAULT_PAGE = 50
MAX_PAGE = 250
LIST_SIZE = 10
# Products stop here: it is more than any limit, and arithmetic on it stays cheap.
_CAP = 10**12


def requested_cost(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    schema: GraphQLSchema,
    variables: Mapping[str, Any],
    limits: Settings,
) -> int:
    """Raises TooManyObjects. The document is valid and has passed `check_shape`; variables may be raw."""
    root = schema.get_root_type(operation.operation)
    cost = _Costs(document, operation, schema, variables).of(operation.selection_set, root) if root else 0
    if cost > limits.max_nodes:
        raise TooManyObjects(most=limits.max_nodes)
    return cost


class _Costs:
    """Every selection set is visited once. Recursion is as deep as the braces, which `check_shape` has bounded."""

    def __init__(
        self,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        schema: GraphQLSchema,
        variables: Mapping[str, Any],
    ) -> None:
        self._schema = schema
        self._fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
        self._by_fragment: dict[str, int] = {}
        self._variables = {
            definition.variable.name.value: value_from_ast_untyped(definition.default_value)
            for definition in operation.variable_definitions or ()
            if definition.default_value
        } | dict(variables)

    def of(self, selection_set: SelectionSetNode, parent: GraphQLCompositeType) -> int:
        cost = 0
        by_condition: Counter[str] = Counter()
        for node in selection_set.selections:
            if self._is_left_out(node):
                continue
            if isinstance(node, FieldNode):
                cost += self._of_field(node, parent)
                continue
            condition, below = self._of_fragment(node, parent)
            if condition is parent or (is_abstract_type(condition) and self._schema.is_sub_type(condition, parent)):
                cost += below
            else:
                by_condition[condition.name] += below
        return min(_CAP, cost + self._dearest(by_condition))

    def _dearest(self, by_condition: Mapping[str, int]) -> int:
        if len(by_condition) < 2:
            return sum(by_condition.values())
        by_type: Counter[str] = Counter()
        for name, cost in by_condition.items():
            for possible in self._possible(name):
                by_type[possible] += cost
        return max(by_type.values(), default=0)

    def _possible(self, name: str) -> list[str]:
        condition = self._schema.type_map[name]
        if is_abstract_type(condition):
            return [possible.name for possible in self._schema.get_possible_types(condition)]
        return [name]

    def _of_fragment(self, node: SelectionNode, parent: GraphQLCompositeType) -> tuple[GraphQLCompositeType, int]:
        if isinstance(node, InlineFragmentNode):
            condition = self._type(node.type_condition.name.value) if node.type_condition else parent
            return condition, self.of(node.selection_set, condition)
        name = cast("FragmentSpreadNode", node).name.value
        fragment = self._fragments[name]
        condition = self._type(fragment.type_condition.name.value)
        if name not in self._by_fragment:
            self._by_fragment[name] = self.of(fragment.selection_set, condition)
        return condition, self._by_fragment[name]

    def _of_field(self, node: FieldNode, parent: GraphQLCompositeType) -> int:
        # Introspection has limits of its own, and __typename is a leaf.
        if node.selection_set is None or node.name.value.startswith("__"):
            return 0
        definition = cast("GraphQLObjectType | GraphQLInterfaceType", parent).fields[node.name.value]
        named = cast("GraphQLCompositeType", get_named_type(definition.type))
        own = _weight(named) or (self._is_fetched(definition, parent) and not _is_connection(named))
        return self._times(node, definition, parent) * (own + self.of(node.selection_set, named))

    def _is_fetched(self, definition: GraphQLField, parent: GraphQLCompositeType) -> bool:
        """Rows that have no id may still lead from one to the next for ever."""
        return parent is not self._schema.mutation_type and isinstance(definition.extensions.get(SOURCE), Batch)

    def _times(self, node: FieldNode, definition: GraphQLField, parent: GraphQLCompositeType) -> int:
        arguments = {argument.name.value: argument.value for argument in node.arguments or ()}
        if _is_connection(get_named_type(definition.type)):
            sizes = [self._page(arguments[name]) for name in ("first", "last") if name in arguments]
            return max((size for size in sizes if size is not None), default=DEFAULT_PAGE)
        if node.name.value == "nodes" and parent is self._schema.query_type and "ids" in arguments:
            return self._length(arguments["ids"])
        return LIST_SIZE if _is_list(definition) and not _is_connection(parent) else 1

    def _page(self, node: ValueNode) -> int | None:
        """None for null. A size that will be refused later counts as the largest page."""
        value: object = self._variables.get(node.name.value) if isinstance(node, VariableNode) else MAX_PAGE
        if isinstance(node, NullValueNode) or value is None:
            return None
        # Python refuses to read an integer of thousands of digits; four are too many already.
        if isinstance(node, IntValueNode) and len(node.value) < 4:
            value = int(node.value)
        return value if type(value) is int and 0 <= value <= MAX_PAGE else MAX_PAGE

    def _length(self, node: ValueNode) -> int:
        if isinstance(node, ListValueNode):
            return len(node.values)
        value = self._variables.get(node.name.value) if isinstance(node, VariableNode) else None
        return len(value) if isinstance(value, list | tuple) else 1

    def _is_left_out(self, node: SelectionNode) -> bool:
        for directive in node.directives or ():
            if directive.name.value in ("skip", "include") and directive.arguments:
                value = directive.arguments[0].value
                known = value.value if isinstance(value, BooleanValueNode) else None
                if isinstance(value, VariableNode):
                    known = self._variables.get(value.name.value)
                if known is (directive.name.value == "skip"):
                    return True
        return False

    def _type(self, name: str) -> GraphQLCompositeType:
        return cast("GraphQLCompositeType", self._schema.type_map[name])


def _weight(named: GraphQLNamedType) -> int:
    if isinstance(named, GraphQLObjectType):
        return int(any(interface.name == "Node" for interface in named.interfaces))
    return 1


def _is_connection(named: GraphQLNamedType) -> bool:
    return isinstance(named, GraphQLObjectType) and named.name.endswith("Connection") and "edges" in named.fields


def _is_list(definition: GraphQLField) -> bool:
    kind = definition.type.of_type if isinstance(definition.type, GraphQLNonNull) else definition.type
    return isinstance(kind, GraphQLList)

"""A document's selection sets as blocks: inline fragments folded in, fragments found by the spreads that reach them."""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    SelectionSetNode,
    StringValueNode,
    ValueNode,
    VariableNode,
    get_named_type,
)


class Field:
    """One field as it stands in the document. `parent` and `type` are None where the schema does not know them."""

    def __init__(self, node: FieldNode, parent: GraphQLNamedType | None) -> None:
        self.node = node
        self.parent = parent
        self.type: GraphQLOutputType | None = None
        if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType) and node.name.value in parent.fields:
            self.type = parent.fields[node.name.value].type

    @cached_property
    def call(self) -> tuple[object, ...]:
        """The field and its arguments, in an order that does not depend on how they are written."""
        arguments = sorted(self.node.arguments or (), key=lambda argument: argument.name.value)
        return self.node.name.value, *((argument.name.value, _comparable(argument.value)) for argument in arguments)

    def __str__(self) -> str:
        return f"{self.parent}.{self.node.name.value}" if self.parent else self.node.name.value


@dataclass(eq=False, slots=True)
class Block:
    """One selection set, its inline fragments included: its fields, and the fragments that it spreads."""

    fields: list[Field] = field(default_factory=list)
    spreads: dict[str, None] = field(default_factory=dict)


class Blocks:
    """Finds the blocks that a selection set is made of: its own and those of the fragments that it reaches."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self._schema = schema
        self._fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
        self._numbers: dict[int, int] = {}
        self._reach: dict[str, frozenset[int]] = {}
        self.by_number: list[Block] = []

    def of(self, selection_set: SelectionSetNode, parent: GraphQLNamedType | None) -> frozenset[int]:
        """Numbers in `by_number`."""
        number = self._number(selection_set, parent)
        block = self.by_number[number]
        own = frozenset({number} if block.fields else ())
        return own.union(*map(self._reached, block.spreads))

    def of_fields(self, group: list[Field]) -> frozenset[int]:
        sets = [self.of(f.node.selection_set, get_named_type(f.type)) for f in group if f.node.selection_set]
        return sets[0] if len(sets) == 1 else frozenset(chain.from_iterable(set(sets)))

    def of_fragment(self, definition: FragmentDefinitionNode) -> frozenset[int]:
        return self.of(definition.selection_set, self._schema.get_type(definition.type_condition.name.value))

    def _reached(self, name: str) -> frozenset[int]:
        if name not in self._reach:
            numbers: dict[str, int] = {}
            pending = [name]
            while pending:
                fragment = self._fragments.get(pending.pop())
                if fragment and fragment.name.value not in numbers:
                    condition = self._schema.get_type(fragment.type_condition.name.value)
                    number = numbers[fragment.name.value] = self._number(fragment.selection_set, condition)
                    pending += self.by_number[number].spreads
            self._reach[name] = frozenset(number for number in numbers.values() if self.by_number[number].fields)
        return self._reach[name]

    def _number(self, selection_set: SelectionSetNode, parent: GraphQLNamedType | None) -> int:
        # Nodes are compared by value: equal selections in two places are different blocks, so identity is the key.
        number = self._numbers.get(id(selection_set))
        if number is None:
            number = self._numbers[id(selection_set)] = len(self.by_number)
            self.by_number.append(self._read(selection_set, parent))
        return number

    def _read(self, selection_set: SelectionSetNode, parent: GraphQLNamedType | None) -> Block:
        block = Block()
        pending = [(node, parent) for node in reversed(selection_set.selections)]
        while pending:
            node, parent = pending.pop()
            if isinstance(node, FieldNode):
                block.fields.append(Field(node, parent))
            elif isinstance(node, FragmentSpreadNode):
                block.spreads[node.name.value] = None
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                inner = self._schema.get_type(condition.name.value) if condition else parent
                pending += [(inside, inner) for inside in reversed(node.selection_set.selections)]
        return block


def _comparable(node: ValueNode) -> object:
    if isinstance(node, ListValueNode):
        return "[", *map(_comparable, node.values)
    if isinstance(node, ObjectValueNode):
        members = sorted(node.fields, key=lambda member: member.name.value)
        return "{", *((member.name.value, _comparable(member.value)) for member in members)
    if isinstance(node, VariableNode):
        return "$", node.name.value
    if isinstance(node, StringValueNode):
        return node.kind, node.value, bool(node.block)
    return node.kind, getattr(node, "value", None)

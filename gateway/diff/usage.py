"""What a document uses of a schema, by coordinate: only a change of one of these can concern it."""

from collections import defaultdict
from dataclasses import dataclass, field

from graphql import (
    DirectiveNode,
    DocumentNode,
    EnumValueNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    InlineFragmentNode,
    NamedTypeNode,
    ObjectValueNode,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    get_named_type,
    type_from_ast,
    visit,
)

from gateway.diff.changes import Change
from gateway.diff.model import Schema, named_type


@dataclass(slots=True)
class Usage:
    """`written`: coordinates that stand in the document. `possible`: those that variables and answers may bring.
    `calls`: for each field, directive and input object the names that each call gives for certain."""

    written: set[str] = field(default_factory=set)
    possible: set[str] = field(default_factory=set)
    calls: defaultdict[str, list[frozenset[str]]] = field(default_factory=lambda: defaultdict(list))

    def touches(self, change: Change) -> bool:
        """Whether the change concerns it: by what it uses, or by what it leaves out."""
        is_of_omission = "_DEFAULT_" in change.type
        if not is_of_omission and change.coordinate in self.written | self.possible:
            return True
        omitted = _member(change.coordinate)
        for other in change.touches:
            if other in self.calls:
                if any(omitted not in given for given in self.calls[other]):
                    return True
            elif not is_of_omission and other in self.written | self.possible:
                return True
        return False


def usage_of(document: DocumentNode, schema: GraphQLSchema, model: Schema) -> Usage:
    """`model` is the schema that `schema` was built from."""
    collector = _Collector(schema, model)
    visit(document, TypeInfoVisitor(collector.info, collector))
    return collector.usage


def _member(coordinate: str) -> str:
    """The last name in it: an argument, a field, a value."""
    return coordinate.rstrip(":)").replace("(", ".").rsplit(".", 1)[-1]


class _Collector(Visitor):
    def __init__(self, schema: GraphQLSchema, model: Schema) -> None:
        super().__init__()
        self.info = TypeInfo(schema)
        self.usage = Usage()
        self._schema = schema
        self._model = model

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: object) -> None:
        root = self._schema.get_root_type(node.operation)
        if root:
            self.usage.written.add(root.name)

    def enter_field(self, node: FieldNode, *_: object) -> None:
        parent, found = self.info.get_parent_type(), self.info.get_field_def()
        if parent and found:
            coordinate = f"{parent.name}.{node.name.value}"
            name = get_named_type(found.type).name
            self.usage.written |= {coordinate, parent.name}
            self.usage.possible |= {name, f"{name}:answered"}
            self._call(coordinate, node)

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        coordinate = f"@{node.name.value}"
        self.usage.written.add(coordinate)
        self._call(coordinate, node)

    def _call(self, coordinate: str, node: FieldNode | DirectiveNode) -> None:
        """A variable may be left out, and the default stands in: only other values are given for certain."""
        given = node.arguments or ()
        self.usage.written |= {f"{coordinate}({each.name.value}:)" for each in given}
        certain = (each.name.value for each in given if not isinstance(each.value, VariableNode))
        self.usage.calls[coordinate].append(frozenset(certain))

    def enter_object_value(self, node: ObjectValueNode, *_: object) -> None:
        type_ = self.info.get_input_type()
        if type_:
            name = get_named_type(type_).name
            self.usage.written |= {name, *(f"{name}.{each.name.value}" for each in node.fields)}
            given = (each.name.value for each in node.fields if not isinstance(each.value, VariableNode))
            self.usage.calls[name].append(frozenset(given))

    def enter_enum_value(self, node: EnumValueNode, *_: object) -> None:
        type_ = self.info.get_input_type()
        if type_:
            name = get_named_type(type_).name
            self.usage.written |= {name, f"{name}.{node.value}"}

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: object) -> None:
        type_ = type_from_ast(self._schema, node.type)
        if type_:
            self._variable(get_named_type(type_).name)

    def _variable(self, name: str) -> None:
        """A variable may hold every field and value of its type, and leave every field out."""
        pending = [name]
        while pending:
            name = pending.pop()
            found = self._model.types.get(name)
            if found is None or name in self.usage.possible:
                continue
            self.usage.possible |= {name, *(f"{name}.{each}" for each in (*found.inputs, *found.values))}
            if found.kind == "input":
                self.usage.calls[name].append(frozenset())
            pending += [named_type(each.type) for each in found.inputs.values()]

    def enter_inline_fragment(self, node: InlineFragmentNode, *_: object) -> None:
        self._condition(node.type_condition)

    def enter_fragment_definition(self, node: FragmentDefinitionNode, *_: object) -> None:
        self._condition(node.type_condition)

    def _condition(self, node: NamedTypeNode | None) -> None:
        if node:
            self.usage.written.add(node.name.value)

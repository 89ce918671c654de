"""Documents fitted to what a server has: every field that it lacks is taken out and named."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from graphql import (
    REMOVE,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    do_types_overlap,
    is_composite_type,
    parse,
    visit,
)

ROOT = "QueryRoot"


@dataclass(frozen=True, slots=True)
class Fitted:
    """`document` is None where nothing of it is left; `missing` holds coordinates (`Job.invoices`) and types."""

    document: DocumentNode | None
    missing: tuple[str, ...]


def fit(text: str, schema: GraphQLSchema) -> Fitted:
    """Raises nothing: a server of which nothing fits gives a document of None."""
    info = TypeInfo(schema)
    lacks = _Lacks(schema, info)
    document = visit(parse(text), TypeInfoVisitor(info, lacks))
    return Fitted(_tidy(document), tuple(dict.fromkeys(lacks.missing)))


def without(document: DocumentNode, path: Iterable[str]) -> DocumentNode | None:
    """The document less the field at a path of names, in whatever fragment it stands; None where nothing is left."""
    names = tuple(path)
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    doomed: set[int] = set()

    def mark(selections: SelectionSetNode | None, names: tuple[str, ...]) -> None:
        for node in selections.selections if selections else ():
            if isinstance(node, FragmentSpreadNode):
                mark(fragments[node.name.value].selection_set, names)
            elif isinstance(node, InlineFragmentNode):
                mark(node.selection_set, names)
            elif isinstance(node, FieldNode) and node.name.value == names[0]:
                if len(names) == 1:
                    doomed.add(id(node))
                else:
                    mark(node.selection_set, names[1:])

    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            mark(node.selection_set, names)
    return _tidy(visit(document, _Without(doomed)))


class _Lacks(Visitor):
    def __init__(self, schema: GraphQLSchema, info: TypeInfo) -> None:
        super().__init__()
        self.schema = schema
        self.info = info
        self.missing: list[str] = []

    def enter_field(self, node: FieldNode, *_: Any) -> Any:
        if self.info.get_field_def() is None:
            # Below a field that is unknown there is no type: the field itself has been named already.
            if parent := self.info.get_parent_type():
                self.missing.append(f"{_public(parent.name, self.schema)}.{node.name.value}")
            return REMOVE
        return None

    def enter_argument(self, *_: Any) -> Any:
        return None if self.info.get_argument() else REMOVE

    def enter_inline_fragment(self, node: InlineFragmentNode, *_: Any) -> Any:
        name = node.type_condition.name.value if node.type_condition else ""
        condition, parent = self.schema.type_map.get(name), self.info.get_parent_type()
        if condition is None:
            self.missing.append(name)
            return REMOVE
        fits = is_composite_type(condition) and (not parent or do_types_overlap(self.schema, condition, parent))
        return None if fits else REMOVE

    def enter_fragment_definition(self, node: FragmentDefinitionNode, *_: Any) -> Any:
        name = node.type_condition.name.value
        return None if name in self.schema.type_map else REMOVE


class _Without(Visitor):
    def __init__(self, doomed: set[int]) -> None:
        super().__init__()
        self.doomed = doomed

    def enter_field(self, node: FieldNode, *_: Any) -> Any:
        return REMOVE if id(node) in self.doomed else None


class _Empty(Visitor):
    """Takes out what selects nothing any more; `fragments` are the names that are still defined."""

    def __init__(self, fragments: set[str]) -> None:
        super().__init__()
        self.fragments = fragments

    def leave_field(self, node: FieldNode, *_: Any) -> Any:
        return REMOVE if node.selection_set and not node.selection_set.selections else None

    def leave_inline_fragment(self, node: InlineFragmentNode, *_: Any) -> Any:
        return None if node.selection_set.selections else REMOVE

    def leave_fragment_definition(self, node: FragmentDefinitionNode, *_: Any) -> Any:
        return None if node.selection_set.selections else REMOVE

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> Any:
        return None if node.name.value in self.fragments else REMOVE


class _Unused(Visitor):
    """A server refuses fragments and variables that nothing uses."""

    def __init__(self, fragments: set[str], variables: set[str]) -> None:
        super().__init__()
        self.fragments = fragments
        self.variables = variables

    def enter_fragment_definition(self, node: FragmentDefinitionNode, *_: Any) -> Any:
        return None if node.name.value in self.fragments else REMOVE

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: Any) -> Any:
        return None if node.variable.name.value in self.variables else REMOVE


class _Uses(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.spreads: set[str] = set()
        self.variables: set[str] = set()

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> None:
        self.spreads.add(node.name.value)

    def enter_variable(self, node: VariableNode, _key: Any, parent: Any, *_: Any) -> None:
        if not isinstance(parent, VariableDefinitionNode):
            self.variables.add(node.name.value)


def _tidy(document: Node) -> DocumentNode | None:
    """Repeats itself because each thing taken out may leave another one empty or unused."""
    before: Node | None = None
    while document is not before:
        before = document
        defined = {node.name.value for node in document.definitions if isinstance(node, FragmentDefinitionNode)}  # type: ignore[attr-defined]
        document = visit(document, _Empty(defined))
        uses = _Uses()
        visit(document, uses)
        document = visit(document, _Unused(uses.spreads, uses.variables))
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]  # type: ignore[attr-defined]
    return document if operations and operations[0].selection_set.selections else None  # type: ignore[return-value]


def _public(name: str, schema: GraphQLSchema) -> str:
    return ROOT if schema.query_type and name == schema.query_type.name else name

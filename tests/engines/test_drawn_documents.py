"""What is drawn for the comparison of the engines leaves nothing of the schema out."""

from random import Random
from typing import Any

from drawn_documents import Drawing
from graphql import FieldNode, GraphQLNamedType, GraphQLSchema, TypeInfo, TypeInfoVisitor, Visitor, parse, visit
from test_differential import CURSORS

from schema import build

# Documents that are enough by far, all the same each time.
ENOUGH = 6_000


class Reached(Visitor):
    """Coordinates of fields and arguments, and the types that fragments are about."""

    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self._info = info
        self.coordinates: set[str] = set()

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        self.coordinates |= {f"{self._info.get_parent_type()}.{node.name.value}"}
        for argument in node.arguments or ():
            self.coordinates |= {f"{self._info.get_parent_type()}.{node.name.value}({argument.name.value}:)"}

    def enter_inline_fragment(self, *_: Any) -> None:
        self.coordinates |= {f"... on {self._info.get_type()}"}


def _fields(schema: GraphQLSchema) -> set[str]:
    coordinates = set()
    for named in schema.type_map.values():
        if _is_output(named):
            coordinates |= {f"{named}.{name}" for name in named.fields}
            coordinates |= {f"{named}.{name}({each}:)" for name, field in named.fields.items() for each in field.args}
    return coordinates


def _is_output(named: GraphQLNamedType) -> bool:
    return hasattr(named, "interfaces") and not named.name.startswith("__")


def test_every_field_argument_interface_and_union_is_drawn():
    schema = build("unstable")
    wanted = _fields(schema) | {
        f"... on {named}" for named in schema.type_map.values() if _is_output(named) or named.name == "MessageSender"
    }
    info = TypeInfo(schema)
    reached = Reached(info)
    cursors = dict.fromkeys(CURSORS, ("x",))
    for seed in range(ENOUGH):
        if seed % 500 == 0 and wanted <= reached.coordinates:
            return
        drawn = Drawing(Random(seed), schema, cursors).draw()
        visit(parse(drawn.text), TypeInfoVisitor(info, reached))
    assert sorted(wanted - reached.coordinates) == []

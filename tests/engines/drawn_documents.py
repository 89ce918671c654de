"""Documents over the whole schema, drawn at random and always valid.

A response key means one field with one set of arguments wherever it stands in the document, so that fields that meet
can always be merged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from drawn_values import Values, given, literal, may_be_left_out
from graphql import (
    GraphQLField,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)

# How many fields a document has at the most, and how deep they stand: a connection takes two levels or three.
MOST_FIELDS = 45
DEEPEST = 9


@dataclass
class Drawn:
    text: str
    variables: dict[str, Any]


@dataclass
class _Variables:
    """Those that the operation declares, with what is sent for them."""

    declared: list[str] = field(default_factory=list)
    given: dict[str, Any] = field(default_factory=dict)
    by_kind: dict[str, list[str]] = field(default_factory=dict)

    def add(self, kind: str, value: Any, *, default: Any = Undefined, sent: bool = True) -> str:
        name = f"v{len(self.declared)}"
        written = "" if default is Undefined else f" = {literal(default)}"
        self.declared.append(f"${name}: {kind}{written}")
        if sent:
            self.given[name] = given(value)
        self.by_kind.setdefault(kind, []).append(name)
        return f"${name}"


class Drawing:
    """One document while it is drawn."""

    def __init__(self, random: Random, schema: GraphQLSchema, cursors: Mapping[str, Sequence[str]]) -> None:
        self._schema = schema
        self._values = Values(random, cursors)
        self._variables = _Variables()
        self._fragments: dict[str, tuple[GraphQLNamedType, str]] = {}
        self._keys: dict[str, tuple[str, ...]] = {}
        self._left = MOST_FIELDS

    def draw(self) -> Drawn:
        mutation = self._values.chance(8)
        root = self._schema.mutation_type if mutation else self._schema.query_type
        selection = self._selection(root, DEEPEST)
        declared = self._variables.declared
        head = "mutation" if mutation else "query"
        if declared:
            head += f" Q({', '.join(declared)})"
        fragments = [f"fragment {name} on {on.name} {body}" for name, (on, body) in self._fragments.items()]
        return Drawn("\n".join([f"{head} {selection}", *fragments]), self._variables.given)

    def _selection(self, parent: GraphQLNamedType, depth: int) -> str:
        parts: list[str] = []
        for _ in range(self._values.pick([1, 1, 2, 2, 3, 4])):
            parts += self._part(parent, depth)
        return "{ " + " ".join(parts) + " }"

    def _part(self, parent: GraphQLNamedType, depth: int) -> list[str]:
        if depth <= 0 or self._left <= 0:
            return [self._leaf(parent)]
        kind = self._values.pick(["field"] * 8 + ["inline"] * 2 + ["spread"] * 2 + ["twice", "__typename"])
        if is_abstract_type(parent) and kind == "field" and self._values.chance(50):
            kind = "inline"
        if kind == "inline":
            return [self._inline(parent, depth)]
        if kind == "spread":
            return [self._spread(parent, depth)]
        if kind == "__typename" or not _fields(parent):
            return [self._typename()]
        name = self._values.pick(self._names(parent, depth))
        definition = _fields(parent)[name]
        call = self._call(name, definition)
        times = 2 if kind == "twice" else 1
        return [call + self._directives() + self._below(definition, depth) for _ in range(times)]

    def _leaf(self, parent: GraphQLNamedType) -> str:
        names = [name for name, each in _fields(parent).items() if is_leaf_type(get_named_type(each.type))]
        if not names or self._values.chance(20):
            return self._typename()
        name = self._values.pick(names)
        return self._call(name, _fields(parent)[name]) + self._directives()

    def _names(self, parent: GraphQLNamedType, depth: int) -> list[str]:
        """The fields of the parent, those that lead on twice as often while there is room."""
        fields = _fields(parent)
        onward = [name for name, each in fields.items() if not is_leaf_type(get_named_type(each.type))]
        return [*fields, *onward, *onward] if depth > 1 else list(fields)

    def _below(self, definition: GraphQLField, depth: int) -> str:
        self._left -= 1
        named = get_named_type(definition.type)
        return "" if is_leaf_type(named) else " " + self._selection(named, depth - 1)

    def _typename(self) -> str:
        return self._keyed("__typename", "", "String!") + self._directives()

    def _inline(self, parent: GraphQLNamedType, depth: int) -> str:
        if self._values.chance(20):
            return f"...{self._directives()} {self._selection(parent, depth)}"
        on = self._values.pick(self._overlapping(parent))
        return f"... on {on.name}{self._directives()} {self._selection(on, depth)}"

    def _spread(self, parent: GraphQLNamedType, depth: int) -> str:
        overlapping = self._overlapping(parent)
        known = [name for name, (on, _) in self._fragments.items() if on in overlapping]
        if known and self._values.chance(60):
            name = self._values.pick(known)
        else:
            on = self._values.pick(overlapping)
            # It gets its name when it is whole, so that no fragment can reach itself.
            body = self._selection(on, depth - 1)
            name = f"F{len(self._fragments)}"
            self._fragments[name] = (on, body)
        return f"...{name}{self._directives()}"

    def _overlapping(self, parent: GraphQLNamedType) -> list[GraphQLNamedType]:
        """Types that an object of the parent's type can be of. The parent itself comes more often."""
        possible = self._possible(parent)
        composite = [each for each in self._schema.type_map.values() if self._possible(each) & possible]
        return [parent] * (3 if isinstance(parent, GraphQLObjectType) else 1) + composite

    def _possible(self, named: GraphQLNamedType) -> set[str]:
        if is_abstract_type(named):
            return {each.name for each in self._schema.get_possible_types(named)}
        return {named.name} if isinstance(named, GraphQLObjectType) and not named.name.startswith("__") else set()

    def _call(self, name: str, definition: GraphQLField) -> str:
        """The field with its arguments, and an alias where its own name is taken."""
        written = []
        for argument_name, argument in definition.args.items():
            if may_be_left_out(argument) and not self._values.chance(25):
                continue
            value = self._argument(argument.type, name, argument_name, default=argument.default_value)
            written.append(f"{argument_name}: {value}")
        arguments = f"({', '.join(written)})" if written else ""
        named = get_named_type(definition.type)
        shape = str(definition.type).removesuffix("!")
        return self._keyed(name, arguments, shape if is_leaf_type(named) else shape.replace(named.name, "{}"))

    def _keyed(self, name: str, arguments: str, shape: str) -> str:
        meaning = (name, arguments, shape)
        key = f"{name[:1]}{len(self._keys)}" if self._values.chance(20) else name
        if self._keys.setdefault(key, meaning) != meaning:
            same = [known for known, known_meaning in self._keys.items() if known_meaning == meaning]
            key = same[0] if same else f"k{len(self._keys)}"
            self._keys[key] = meaning
        return f"{name}{arguments}" if key == name else f"{key}: {name}{arguments}"

    def _argument(self, kind: GraphQLInputType, field_name: str, name: str, *, default: Any) -> str:
        value = self._values.of(kind, field_name, name)
        if not self._values.chance(40):
            return literal(value)
        if isinstance(value, list) and value and self._values.chance(30):
            return f"[{', '.join([self._item(kind, value[0]), *map(literal, value[1:])])}]"
        return self._variable(kind, value, has_default=default is not Undefined)

    def _item(self, kind: GraphQLInputType, value: Any) -> str:
        item = kind.of_type.of_type if isinstance(kind, GraphQLNonNull) else kind.of_type
        return self._variables.add(str(item), value)

    def _variable(self, kind: GraphQLInputType, value: Any, *, has_default: bool) -> str:
        """A variable that may stand here, declared in one of the ways that the specification lets it be."""
        nullable = str(kind).removesuffix("!")
        known = self._variables.by_kind.get(str(kind))
        if known and self._values.chance(25):
            return f"${self._values.pick(known)}"
        way = self._values.pick(["as it is", "strict", "default sent", "default null", "default", "left out", "null"])
        strict_place = isinstance(kind, GraphQLNonNull)
        if value is None or (way in ("left out", "null") and (strict_place and not has_default)) or way == "as it is":
            return self._variables.add(str(kind), value)
        if way == "strict":
            return self._variables.add(f"{nullable}!", value)
        if way == "left out":
            return self._variables.add(nullable, None, sent=False)
        if way == "null":
            return self._variables.add(nullable, None)
        sent = None if way == "default null" else value
        return self._variables.add(nullable, sent, default=value, sent=way != "default")

    def _directives(self) -> str:
        if not self._values.chance(15):
            return ""
        name, value = self._values.pick(["skip", "include"]), self._values.pick([True, False])
        known = self._variables.by_kind.get("Boolean!")
        condition = literal(value)
        if self._values.chance(60):
            way = self._values.pick(["strict", "known", "sent", "left out", "null"])
            if way == "strict" or (way == "known" and not known):
                condition = self._variables.add("Boolean!", value)
            elif way == "known":
                condition = f"${self._values.pick(known)}"
            else:
                sent = None if way == "null" and self._values.chance(20) else not value
                condition = self._variables.add("Boolean", sent, default=value, sent=way != "left out")
        return f" @{name}(if: {condition})"


def _fields(parent: GraphQLNamedType) -> Mapping[str, GraphQLField]:
    return parent.fields if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType) else {}

"""Random documents for any schema. They may be invalid: whoever uses them asks the validator first."""

from random import Random
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLDirective,
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)

MAX_DEPTH = 3
LITERALS = {
    "Int": ("1", "2"),
    "Float": ("1.5", "2"),
    "String": ('"a"', '"b"'),
    "ID": ('"i"', "7"),
    "Boolean": ("true",),
}


class RandomDocument:
    """`text` is the document. Variables are of the types of their places, or nullable where a default stands in."""

    def __init__(self, schema: GraphQLSchema, random: Random) -> None:
        self.schema = schema
        self.random = random
        self._definitions: list[str] = []
        self._fragments: list[str] = []
        roots = {
            name: root
            for name, root in (("query", schema.query_type), ("mutation", schema.mutation_type))
            if root is not None
        }
        name = random.choice(list(roots))
        selection = self._selection(roots[name], 0)
        directives = self._directives(name.upper())
        variables = f"({', '.join(self._definitions)})" if self._definitions else ""
        self.text = f"{name} Q{variables}{directives} {selection}" + "".join(self._fragments)

    def _chance(self, share: float) -> bool:
        return self.random.random() < share

    def _selection(self, parent: Any, depth: int) -> str:
        parts = []
        for _ in range(self.random.choice((1, 1, 2, 2, 3) if depth < 2 else (1, 1, 2))):
            part = self._part(parent, depth)
            if part:
                parts.append(part)
        return "{ " + " ".join(parts or ["__typename"]) + " }"

    def _part(self, parent: Any, depth: int) -> str:
        fields = getattr(parent, "fields", {})
        if depth < MAX_DEPTH and (not fields or self._chance(0.45)):
            return self._fragment(parent, depth)
        if not fields or self._chance(0.1):
            return "__typename"
        name = self.random.choice(list(fields))
        field = fields[name]
        inner = get_named_type(field.type)
        if not is_leaf_type(inner) and depth >= MAX_DEPTH:
            return "__typename"
        arguments = self._arguments(field.args)
        selection = "" if is_leaf_type(inner) else " " + self._selection(inner, depth + 1)
        # An alias keeps calls with other arguments apart; without one, siblings merge.
        alias = f"k{self.random.randint(0, 99)}: " if arguments or self._chance(0.05) else ""
        return f"{alias}{name}{arguments}{self._directives('FIELD')}{selection}"

    def _fragment(self, parent: Any, depth: int) -> str:
        possible = self._possible(parent)
        names = [
            type_.name
            for type_ in self.schema.type_map.values()
            if is_composite_type(type_) and not type_.name.startswith("__") and possible & self._possible(type_)
        ]
        if not names:
            return "__typename"
        name = self.random.choice(names)
        selection = self._selection(self.schema.type_map[name], depth + 1)
        if self._chance(0.3):
            number = len(self._fragments)
            directives = self._directives("FRAGMENT_DEFINITION")
            self._fragments.append(f" fragment F{number} on {name}{directives} {selection}")
            return f"...F{number}{self._directives('FRAGMENT_SPREAD')}"
        return f"... on {name}{self._directives('INLINE_FRAGMENT')} {selection}"

    def _possible(self, type_: Any) -> set[str]:
        if is_abstract_type(type_):
            return {each.name for each in self.schema.get_possible_types(type_)}
        return {type_.name}

    def _arguments(self, args: dict[str, GraphQLArgument]) -> str:
        given = [
            f"{name}: {self._value(arg, 0)}"
            for name, arg in args.items()
            if is_required_argument(arg) or self._chance(0.5)
        ]
        return f"({', '.join(given)})" if given else ""

    def _value(self, item: GraphQLArgument | GraphQLInputField, depth: int) -> str:
        if self._chance(0.35):
            number = len(self._definitions)
            type_ = str(item.type)
            if type_.endswith("!") and item.default is not None and self._chance(0.5):
                type_ = type_[:-1]
            directives = self._directives("VARIABLE_DEFINITION", constant=True)
            self._definitions.append(f"$v{number}: {type_}{directives}")
            return f"$v{number}"
        return self._literal(item.type, depth)

    def _literal(self, type_: Any, depth: int, *, nullable: bool = True) -> str:
        if isinstance(type_, GraphQLNonNull):
            return self._literal(type_.of_type, depth, nullable=False)
        if nullable and self._chance(0.1):
            return "null"
        if isinstance(type_, GraphQLList):
            if self._chance(0.3):
                return self._literal(type_.of_type, depth, nullable=False)
            return "[" + ", ".join(self._literal(type_.of_type, depth) for _ in range(self.random.randint(0, 2))) + "]"
        if isinstance(type_, GraphQLEnumType):
            return self.random.choice(list(type_.values))
        if isinstance(type_, GraphQLInputObjectType):
            return self._object(type_, depth)
        assert isinstance(type_, GraphQLScalarType)
        return self.random.choice(LITERALS.get(type_.name, ('"s"', "3")))

    def _object(self, type_: GraphQLInputObjectType, depth: int) -> str:
        fields = list(type_.fields.items())
        if type_.is_one_of:
            name, field = self.random.choice(fields)
            return "{" + f"{name}: {self._literal(GraphQLNonNull(field.type), depth + 1)}" + "}"
        given = [
            f"{name}: {self._value(field, depth + 1)}"
            for name, field in fields
            if is_required_input_field(field) or (depth < MAX_DEPTH and self._chance(0.5))
        ]
        return "{" + ", ".join(given) + "}"

    def _directives(self, location: str, *, constant: bool = False) -> str:
        written = ""
        for directive in self.schema.directives:
            if location in {each.name for each in directive.locations} and self._chance(0.15):
                written += self._directive(directive, constant=constant)
                if directive.is_repeatable and self._chance(0.5):
                    written += self._directive(directive, constant=constant)
        return written

    def _directive(self, directive: GraphQLDirective, *, constant: bool) -> str:
        given = [
            f"{name}: {self._literal(arg.type, 0) if constant else self._value(arg, 0)}"
            for name, arg in directive.args.items()
            if is_required_argument(arg) or self._chance(0.5)
        ]
        return f" @{directive.name}" + (f"({', '.join(given)})" if given else "")

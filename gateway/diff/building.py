"""Schema → graphql-core's schema, for the validation of documents. Nothing of it is executed."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    DirectiveLocation,
    GraphQLArgument,
    GraphQLDirective,
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLError,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    introspection_types,
    parse_const_value,
    specified_scalar_types,
    value_from_ast_untyped,
)

from gateway.diff.model import Directive, Field, Input, Schema, Type


def build(schema: Schema) -> GraphQLSchema:
    """With all faults that the schema may have: it is assumed to be valid."""
    return _Builder(schema).schema()


class _Builder:
    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._types: dict[str, Any] = {**specified_scalar_types, **introspection_types}
        for type_ in schema.types.values():
            if type_.name not in self._types:
                self._types[type_.name] = self._named(type_)

    def schema(self) -> GraphQLSchema:
        roots = self._schema.roots
        query, mutation, subscription = (
            self._types[roots[name]] if name in roots else None for name in ("query", "mutation", "subscription")
        )
        return GraphQLSchema(
            query,
            mutation,
            subscription,
            types=list(self._types.values()),
            directives=[self._directive(each) for each in self._schema.definitions.values()],
            assume_valid=True,
        )

    def _named(self, type_: Type) -> GraphQLNamedType:
        name = type_.name
        match type_.kind:
            case "type" | "interface":
                made = GraphQLObjectType if type_.kind == "type" else GraphQLInterfaceType
                return made(
                    name,
                    lambda: {each.name: self._field(each) for each in type_.fields.values()},
                    lambda: [self._types[each] for each in type_.interfaces],
                )
            case "union":
                return GraphQLUnionType(name, lambda: [self._types[each] for each in type_.members])
            case "enum":
                return GraphQLEnumType(name, {value: GraphQLEnumValue(value) for value in type_.values})
            case "input":
                inputs = type_.inputs
                is_one_of = type_.has("oneOf")
                return GraphQLInputObjectType(name, lambda: self._inputs(inputs), is_one_of=is_one_of)
        return GraphQLScalarType(name)

    def _type(self, type_: str) -> Any:
        if type_.endswith("!"):
            return GraphQLNonNull(self._type(type_[:-1]))
        if type_.startswith("["):
            return GraphQLList(self._type(type_[1:-1]))
        return self._types[type_]

    def _field(self, field: Field) -> GraphQLField:
        return GraphQLField(self._type(field.type), self._args(field.args))

    def _args(self, args: Mapping[str, Input]) -> dict[str, GraphQLArgument]:
        return {name: GraphQLArgument(self._type(each.type), **_default(each)) for name, each in args.items()}

    def _inputs(self, inputs: Mapping[str, Input]) -> dict[str, GraphQLInputField]:
        return {name: GraphQLInputField(self._type(each.type), **_default(each)) for name, each in inputs.items()}

    def _directive(self, directive: Directive) -> GraphQLDirective:
        return GraphQLDirective(
            directive.name,
            [DirectiveLocation[name] for name in directive.locations],
            self._args(directive.args),
            directive.repeatable,
        )


def _default(item: Input) -> dict[str, Any]:
    """Validation asks only whether there is one, and whether it is null."""
    if item.default is None:
        return {}
    try:
        return {"default_value": value_from_ast_untyped(parse_const_value(item.default, no_location=True))}
    except GraphQLError:
        return {"default_value": item.default}

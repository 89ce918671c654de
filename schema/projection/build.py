"""Builds a version's schema out of the full one, with graphql-core's own classes.

What a version has as the full schema has it is shared between them; everything else is made anew.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, cast

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    Undefined,
    get_named_type,
    validate_schema,
)
from graphql.utilities.coerce_input_value import coerce_default_value

from gateway.execution.bridge import resolver
from gateway.execution.sources import GUARD, SOURCE, Source
from schema.history.change import HistoryError
from schema.projection.older import OlderEnum, with_defaults, without_types
from schema.projection.sharing import declared_one_of, going_out, hidden_types, unchanged
from schema.projection.timeline import Timeline
from schema.projection.view import Composite, View

T = TypeVar("T", bound=GraphQLNamedType)


def project(full: GraphQLSchema, timeline: Timeline, version: str) -> GraphQLSchema:
    """Raises HistoryError where the version would be no valid schema."""
    try:
        schema = _Projection(full, View(timeline, version)).schema()
    except TypeError as error:
        raise _told(error) from error
    errors = validate_schema(schema)
    if errors:
        raise HistoryError(f"{version}: {'; '.join(error.message for error in errors)}")
    return schema


def _told(error: BaseException) -> BaseException:
    """The HistoryError behind what graphql-core says of a type whose fields can't be had."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, HistoryError):
        cause = cause.__cause__
    return cause or error


class _Projection:
    def __init__(self, full: GraphQLSchema, view: View) -> None:
        self._full = full
        self._view = view
        self._going_out = going_out(full)
        self._made: dict[str, GraphQLNamedType] = {
            name: named for name, named in full.type_map.items() if name.startswith("__")
        }
        self._made |= unchanged(full, view)

    def schema(self) -> GraphQLSchema:
        full = self._full
        query, mutation = [self._named(root) if root else None for root in (full.query_type, full.mutation_type)]
        found: dict[str, GraphQLNamedType] = {}
        while True:
            schema = GraphQLSchema(query, mutation, types=list(found.values()), directives=full.directives)
            more = [named for named in self._implementations(schema) if named.name not in schema.type_map]
            if not more:
                return schema
            found |= {named.name: self._named(named) for named in more}

    def _implementations(self, schema: GraphQLSchema) -> Iterable[GraphQLObjectType]:
        """Those of the interfaces that are reached: objects that nothing else names."""
        for named in schema.type_map.values():
            if isinstance(named, GraphQLInterfaceType):
                interface = cast("GraphQLInterfaceType", self._full.type_map[named.name])
                yield from filter(self._view.shows, self._full.get_possible_types(interface))

    def _named(self, named: T) -> T:
        made = self._made.get(named.name)
        if made is None:
            made = self._made[named.name] = self._build(named)
        return cast("T", made)

    def _type(self, type_: Any) -> Any:
        if isinstance(type_, GraphQLNonNull | GraphQLList):
            return type(type_)(self._type(type_.of_type))
        return self._named(type_)

    def _build(self, named: GraphQLNamedType) -> GraphQLNamedType:
        if isinstance(named, GraphQLEnumType):
            return self._enum(named)
        if isinstance(named, GraphQLUnionType):
            return self._union(named)
        if isinstance(named, GraphQLInputObjectType):
            return self._input(named)
        if isinstance(named, GraphQLInterfaceType):
            return self._interface(named)
        # A scalar is never made anew: it has nothing that a version could leave out.
        return self._object(cast("GraphQLObjectType", named))

    def _enum(self, named: GraphQLEnumType) -> GraphQLEnumType:
        values = {
            name: GraphQLEnumValue(
                value.value,
                description=value.description,
                deprecation_reason=self._view.value_reason(named, name),
                extensions=value.extensions,
            )
            for name, value in self._view.values(named).items()
        }
        return OlderEnum(named, values, self._view.instead(named) if named.name in self._going_out else {})

    def _union(self, named: GraphQLUnionType) -> GraphQLUnionType:
        members = [self._named(member) for member in named.types if self._view.shows(member)]
        return GraphQLUnionType(
            named.name,
            members,
            resolve_type=named.resolve_type,
            description=named.description,
            extensions=named.extensions,
        )

    def _object(self, named: GraphQLObjectType) -> GraphQLObjectType:
        return GraphQLObjectType(
            named.name,
            lambda: self._fields(named),
            lambda: self._interfaces(named),
            is_type_of=named.is_type_of,
            description=named.description,
            extensions=named.extensions,
        )

    def _interface(self, named: GraphQLInterfaceType) -> GraphQLInterfaceType:
        return GraphQLInterfaceType(
            named.name,
            lambda: self._fields(named),
            lambda: self._interfaces(named),
            resolve_type=named.resolve_type,
            description=named.description,
            extensions=named.extensions,
        )

    def _interfaces(self, named: Composite) -> list[GraphQLInterfaceType]:
        return [self._named(interface) for interface in named.interfaces if self._view.shows(interface)]

    def _fields(self, parent: Composite) -> dict[str, GraphQLField]:
        return {name: self._field(parent, name, field) for name, field in self._view.fields(parent).items()}

    def _field(self, parent: Composite, name: str, field: GraphQLField) -> GraphQLField:
        arguments = {
            key: self._argument(argument, self._view.argument_reason(parent, name, key))
            for key, argument in self._view.arguments(parent, name).items()
        }
        resolve, extensions = self._resolved(f"{parent.name}.{name}", field, arguments)
        return GraphQLField(
            self._type(field.type),
            arguments,
            resolve,
            description=field.description,
            deprecation_reason=self._view.field_reason(parent, name),
            extensions=extensions,
        )

    def _resolved(self, coordinate: str, field: GraphQLField, arguments: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """The field's resolver and extensions; others where it is not to be told of what the version does not have."""
        if SOURCE not in field.extensions:
            return field.resolve, field.extensions
        source: Source = field.extensions[SOURCE]
        declared = source
        defaults = _defaults(field.args, arguments)
        if defaults:
            source = with_defaults(source, defaults, coordinate)
        hidden = hidden_types(self._full, self._view, get_named_type(field.type))
        if hidden:
            source = without_types(source, hidden, coordinate)
        if source is declared:
            return field.resolve, field.extensions
        return resolver(source, coordinate, field.extensions[GUARD]), {**field.extensions, SOURCE: source}

    def _argument(self, argument: GraphQLArgument, reason: str | None) -> GraphQLArgument:
        return GraphQLArgument(
            self._type(argument.type),
            argument.default_value,
            default=argument.default,
            description=argument.description,
            deprecation_reason=reason,
            out_name=argument.out_name,
            extensions=argument.extensions,
        )

    def _input(self, named: GraphQLInputObjectType) -> GraphQLInputObjectType:
        shown = self._view.input_fields(named)
        defaults = _defaults(named.fields, shown)
        full_type = named.out_type
        return GraphQLInputObjectType(
            named.name,
            lambda: {name: self._input_field(named, name, field) for name, field in shown.items()},
            description=named.description,
            out_type=(lambda values: full_type({**defaults, **values})) if defaults else full_type,
            extensions=named.extensions,
            is_one_of=declared_one_of(named),
        )

    def _input_field(self, parent: GraphQLInputObjectType, name: str, field: GraphQLInputField) -> GraphQLInputField:
        return GraphQLInputField(
            self._type(field.type),
            field.default_value,
            default=field.default,
            description=field.description,
            deprecation_reason=self._view.input_field_reason(parent, name),
            out_name=field.out_name,
            extensions=field.extensions,
        )


def _defaults(declared: Mapping[str, Any], shown: Mapping[str, Any]) -> dict[str, Any]:
    """What resolvers read for the arguments or input fields that are not shown, by their names in Python."""
    left_out = {name: each for name, each in declared.items() if name not in shown}
    values = {each.out_name or name: coerce_default_value(each) for name, each in left_out.items()}
    return {name: value for name, value in values.items() if value is not Undefined}

"""Gives each field of the built schema the resolver that its source calls for."""

from collections.abc import Callable
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
)

from gateway.errors import Forbidden
from gateway.execution.bridge import resolver
from gateway.execution.leaves import WIRE
from gateway.execution.sources import GUARD, SOURCE, Prefixed, Source
from gateway.viewer import ApiPermission
from resolvers.gid import gid_prefix
from schema.base import PERMISSION, GlobalId
from schema.scalars import WIRES

DEFINITION = "strawberry-definition"


def bind(schema: GraphQLSchema) -> GraphQLSchema:
    """The schema itself, whose fields now resolve; `extensions` of a field hold its source and permission."""
    for named in schema.type_map.values():
        if named.name.startswith("__"):
            continue
        if isinstance(named, GraphQLObjectType):
            named.is_type_of = None
            for name, field in named.fields.items():
                _bind_field(named, name, field)
        elif isinstance(named, (GraphQLInterfaceType, GraphQLUnionType)):
            named.resolve_type = _typename
        elif isinstance(named, GraphQLScalarType) and named.name in WIRES:
            named.extensions[WIRE] = WIRES[named.name]
        elif isinstance(named, GraphQLInputObjectType):
            _bind_input(named)
    return schema


def _typename(value: Any, _info: Any, _type: Any) -> str | None:
    return value.typename  # type: ignore[no-any-return] # a Record of an abstract type


def _bind_field(parent: GraphQLObjectType, name: str, field: GraphQLField) -> None:
    definition = field.extensions[DEFINITION]
    source = _source(parent, definition.metadata[SOURCE])
    permission = definition.metadata[PERMISSION]
    coordinate = f"{parent.name}.{name}"
    guard = None if permission is None else _guard(permission, coordinate)
    field.extensions |= {SOURCE: source, PERMISSION: permission, GUARD: guard}
    field.resolve = resolver(source, coordinate, guard)
    field.subscribe = None
    for argument in field.args.values():
        argument.out_name = argument.extensions[DEFINITION].python_name


def _source(parent: GraphQLObjectType, declared: Any) -> Source:
    if isinstance(declared, GlobalId):
        return Prefixed(gid_prefix(parent.name), "id")
    return declared  # type: ignore[no-any-return] # the remaining case


def _guard(permission: ApiPermission, coordinate: str) -> Callable[[Any], None]:
    def guard(context: Any) -> None:
        if not context.viewer.may(permission):
            raise Forbidden(f"Forbidden: {coordinate} needs {permission} among the permissions of the token")

    return guard


def _bind_input(named: GraphQLInputObjectType) -> None:
    """Inputs reach resolvers as dicts with Python's names."""
    for field in named.fields.values():
        field.out_name = field.extensions[DEFINITION].python_name

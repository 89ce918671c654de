"""Which types a version has as the full schema has them, with all that they refer to: these need not be made anew."""

from collections.abc import Iterable

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_abstract_type,
)

from schema.projection.view import View


def going_out(schema: GraphQLSchema) -> frozenset[str]:
    """The names of the types that fields are of."""
    composites = [each for each in schema.type_map.values() if isinstance(each, GraphQLObjectType)]
    return frozenset(get_named_type(field.type).name for each in composites for field in each.fields.values())


def unchanged(schema: GraphQLSchema, view: View) -> dict[str, GraphQLNamedType]:
    """By name. A type that refers to one that has changed, or has gone, has changed as well."""
    refers = {named.name: set(_references(named)) for named in schema.type_map.values()}
    types = schema.type_map.items()
    changed = {name for name, named in types if not view.shows(named) or _differs(named, view)}
    changed |= {name for name, named in types if _meets_hidden(schema, view, named)}
    while True:
        more = {name for name, others in refers.items() if name not in changed and not changed.isdisjoint(others)}
        if not more:
            return {name: named for name, named in schema.type_map.items() if name not in changed}
        changed |= more


def hidden_types(schema: GraphQLSchema, view: View, named: GraphQLNamedType) -> frozenset[str]:
    """Those that objects of an interface or union may be of, and the version does not have."""
    possible = schema.get_possible_types(named) if is_abstract_type(named) else []
    return frozenset(each.name for each in possible if not view.shows(each))


def _meets_hidden(schema: GraphQLSchema, view: View, named: GraphQLNamedType) -> bool:
    """The interface stays what it is, but whoever gives objects of it must not give all of them."""
    if not isinstance(named, GraphQLObjectType):
        return False
    return any(hidden_types(schema, view, get_named_type(field.type)) for field in named.fields.values())


def _references(named: GraphQLNamedType) -> Iterable[str]:
    if isinstance(named, GraphQLUnionType):
        yield from (member.name for member in named.types)
    if isinstance(named, GraphQLObjectType | GraphQLInterfaceType):
        yield from (interface.name for interface in named.interfaces)
        for field in named.fields.values():
            yield get_named_type(field.type).name
            yield from (get_named_type(argument.type).name for argument in field.args.values())
    if isinstance(named, GraphQLInputObjectType):
        yield from (get_named_type(field.type).name for field in named.fields.values())


def _differs(named: GraphQLNamedType, view: View) -> bool:
    if isinstance(named, GraphQLEnumType):
        return view.values(named) != named.values or any(view.value_reason(named, name) for name in named.values)
    if isinstance(named, GraphQLInputObjectType):
        reasons = any(view.input_field_reason(named, name) for name in named.fields)
        return reasons or view.input_fields(named) != named.fields or named.is_one_of is not declared_one_of(named)
    if isinstance(named, GraphQLObjectType | GraphQLInterfaceType):
        return view.fields(named) != named.fields or any(
            view.field_reason(named, name)
            or view.arguments(named, name) != field.args
            or any(view.argument_reason(named, name, key) for key in field.args)
            for name, field in named.fields.items()
        )
    return False


def declared_one_of(named: GraphQLInputObjectType) -> bool:
    """Whether Strawberry's declaration says so; the schema that it builds does not tell."""
    declared = named.extensions.get("strawberry-definition")
    return bool(named.is_one_of or (declared is not None and declared.is_one_of))

"""What a schema holds, told so that two of them can be compared."""

from typing import Any

from graphql import (
    GraphQLNamedType,
    GraphQLSchema,
    build_schema,
    is_enum_type,
    is_specified_scalar_type,
    print_ast,
    print_schema,
)


def named_types(schema: GraphQLSchema) -> list[GraphQLNamedType]:
    """Those that are not GraphQL's own."""
    types = schema.type_map.values()
    return [each for each in types if not each.name.startswith("__") and not is_specified_scalar_type(each)]


def coordinates(schema: GraphQLSchema) -> dict[str, str]:
    """Every field, argument, input field and enum value, with its type and default as the schema language has them."""
    told: dict[str, str] = {}
    # Printed and read again, so that defaults are told alike whatever the schema was built from.
    for named in named_types(build_schema(print_schema(schema))):
        for name, field in getattr(named, "fields", {}).items():
            told[f"{named.name}.{name}"] = f"{field.type}{default(field)}"
            for argument, declared in getattr(field, "args", {}).items():
                told[f"{named.name}.{name}({argument}:)"] = f"{declared.type}{default(declared)}"
        for value in named.values if is_enum_type(named) else ():
            told[f"{named.name}.{value}"] = "enum value"
    return told


def default(declared: Any) -> str:
    value = getattr(declared.ast_node, "default_value", None)
    return "" if value is None else f" = {print_ast(value)}"

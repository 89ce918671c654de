"""Everything in a schema by its coordinate."""

from collections.abc import Iterator

from gateway.diff.model import Named, Schema, Type
from gateway.diff.tokens import text_of

Item = tuple[str, Named]


def find(schema: Schema, coordinate: str) -> Named | None:
    """What the coordinate names; None where it names nothing, and for what is not written as one."""
    if coordinate == "schema":
        return schema
    owner, _, argument = coordinate.partition("(")
    argument = argument.removesuffix(":)")
    if owner.startswith("@"):
        directive = schema.definitions.get(owner[1:])
        return directive.args.get(argument) if directive and argument else directive
    name, _, member = owner.partition(".")
    type_ = schema.types.get(name)
    if type_ is None or not member:
        return type_
    if argument:
        field = type_.fields.get(member)
        return field.args.get(argument) if field else None
    return type_.fields.get(member) or type_.inputs.get(member) or type_.values.get(member)


def items(schema: Schema) -> Iterator[Item]:
    """Types, fields, arguments, input fields, enum values and directives, with their coordinates."""
    for type_ in schema.types.values():
        yield type_.name, type_
        yield from members(type_)
    for directive in schema.definitions.values():
        yield f"@{directive.name}", directive
        for arg in directive.args.values():
            yield f"@{directive.name}({arg.name}:)", arg


def members(type_: Type) -> Iterator[Item]:
    for item in (*type_.inputs.values(), *type_.values.values()):
        yield f"{type_.name}.{item.name}", item
    for field in type_.fields.values():
        coordinate = f"{type_.name}.{field.name}"
        yield coordinate, field
        for arg in field.args.values():
            yield f"{coordinate}({arg.name}:)", arg


def deprecations(schema: Schema) -> Iterator[tuple[str, str]]:
    """Coordinates of what is deprecated, with the reasons."""
    for coordinate, item in items(schema):
        if item.directives and item.deprecation:
            yield coordinate, text_of(item.deprecation) or ""

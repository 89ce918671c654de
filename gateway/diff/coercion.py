"""Default values as what they mean, so that a respelled one is no change."""

from decimal import Decimal

from graphql import (
    BooleanValueNode,
    EnumValueNode,
    FloatValueNode,
    GraphQLError,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    StringValueNode,
    ValueNode,
    parse_const_value,
)

from gateway.diff.model import Schema

Meaning = tuple[object, ...]
# A default that holds itself is refused by every server, but a schema with faults is compared too.
_MAX_DEPTH = 20


def meaning(schema: Schema, literal: str, type_: str) -> Meaning:
    """Equal for literals that a server can't tell apart. One that does not fit its type means its own text."""
    try:
        return _of(schema, parse_const_value(literal, no_location=True), type_, 0)
    except (GraphQLError, ArithmeticError):
        return "unreadable", literal


def _of(schema: Schema, node: ValueNode, type_: str, depth: int) -> Meaning:
    type_ = type_.removesuffix("!")
    if isinstance(node, NullValueNode):
        return ("null",)
    if type_.startswith("["):
        items = node.values if isinstance(node, ListValueNode) else (node,)
        return "list", *(_of(schema, item, type_[1:-1], depth + 1) for item in items)
    kind = schema.types[type_].kind if type_ in schema.types else "scalar"
    if kind == "input" and isinstance(node, ObjectValueNode) and depth < _MAX_DEPTH:
        return _input(schema, node, type_, depth + 1)
    if type_ == "ID" and isinstance(node, IntValueNode | StringValueNode):
        return "string", node.value
    return _plain(node)


def _input(schema: Schema, node: ObjectValueNode, type_: str, depth: int) -> Meaning:
    """With the defaults of what is left out, as a server fills them in."""
    given = {each.name.value: each.value for each in node.fields}
    inputs = schema.types[type_].inputs
    members: dict[str, object] = {
        name: _of(schema, value, inputs[name].type, depth) if name in inputs else _plain(value)
        for name, value in given.items()
    }
    for name, each in inputs.items():
        if name not in members and each.default is not None:
            members[name] = _of(schema, parse_const_value(each.default, no_location=True), each.type, depth)
    return "object", *sorted(members.items(), key=lambda member: member[0])


def _plain(node: ValueNode) -> Meaning:
    """By the kind of the literal alone; numbers by their value, for no server tells `1` from `1.0` in a Float."""
    match node:
        case IntValueNode() | FloatValueNode():
            return "number", Decimal(node.value).normalize()
        case StringValueNode():
            return "string", node.value
        case BooleanValueNode():
            return "boolean", node.value
        case EnumValueNode():
            return "enum", node.value
        case ListValueNode():
            return "list", *map(_plain, node.values)
        case ObjectValueNode():
            members = {each.name.value: _plain(each.value) for each in node.fields}
            return "object", *sorted(members.items(), key=lambda member: member[0])
        case _:
            return ("null",)

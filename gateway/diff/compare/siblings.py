"""Fields of one name that fragments select beside each other must have one shape; a change may part them."""

from gateway.diff.compare.comparison import Comparison
from gateway.diff.model import Field, Schema, named_type

Shapes = dict[tuple[str, str], str]


def parts_from_siblings(comparison: Comparison, parent: str, old: Field, new: Field) -> str | None:
    """The coordinate of a field that could be merged with this one before, and can't now.

    The server's own rule lets `T` and `T!` merge; clients' code generators, and other servers, do not.
    """
    mine = shape(comparison.old, old.type), shape(comparison.new, new.type)
    for (before, after), name in _shapes(comparison, parent, old.name).items():
        if before == mine[0] and after != mine[1]:
            return f"{name}.{old.name}"
    return None


def _shapes(comparison: Comparison, parent: str, field: str) -> Shapes:
    """By the shape before and after, one of the types that have the field so."""
    beside = comparison.before.beside(parent, field)
    key = (min(beside, default=""), field)
    if key not in comparison.shapes:
        found: Shapes = {}
        for name in sorted(beside):
            new = comparison.new.types.get(name)
            if new is not None and field in new.fields:
                before = shape(comparison.old, comparison.old.types[name].fields[field].type)
                found.setdefault((before, shape(comparison.new, new.fields[field].type)), name)
        comparison.shapes[key] = found
    return comparison.shapes[key]


def shape(schema: Schema, type_: str) -> str:
    """Lists, nulls and the leaf. What objects hold is compared field by field."""
    name = named_type(type_)
    found = schema.types.get(name)
    return type_.replace(name, "{}") if found and found.is_composite else type_

"""Fields of objects and interfaces: whether what was selected is still there, and of the promised type."""

from gateway.diff.changes import BREAKING, DANGEROUS, SAFE, Criticality
from gateway.diff.compare.comparison import Comparison
from gateway.diff.compare.inputs import Place, compare_inputs
from gateway.diff.compare.named import verdict_of_named
from gateway.diff.compare.prose import compare_prose
from gateway.diff.compare.siblings import parts_from_siblings
from gateway.diff.model import Field, Type


def compare_fields(comparison: Comparison, old: Type, new: Type) -> None:
    is_selectable = old.name in comparison.before.selectable
    for name, before in old.fields.items():
        coordinate = f"{old.name}.{name}"
        after = new.fields.get(name)
        if after is None:
            criticality = BREAKING if is_selectable else SAFE
            comparison.add("FIELD_REMOVED", coordinate, criticality, f"{coordinate} was removed")
            continue
        compare_prose(comparison, coordinate, before, after)
        if before.type != after.type:
            _type_changed(comparison, old, before, after)
        if before.args or after.args:
            place = Place("ARG", f"{coordinate}({{}}:)", is_selectable, _calls(old, name))
            compare_inputs(comparison, before.args, after.args, place)
    for name in new.fields:
        if name not in old.fields:
            comparison.safe("FIELD_ADDED", f"{old.name}.{name}", f"{old.name}.{name} was added")


def _calls(parent: Type, field: str) -> tuple[str, ...]:
    """What a document selects that this field answers, with its own defaults: itself, or an interface's field."""
    return tuple(f"{name}.{field}" for name in (parent.name, *parent.interfaces))


def _type_changed(comparison: Comparison, parent: Type, old: Field, new: Field) -> None:
    coordinate = f"{parent.name}.{old.name}"
    message = f"{coordinate} changed type from {old.type} to {new.type}"
    criticality = SAFE
    if parent.name in comparison.before.selectable:
        criticality = _verdict(comparison, old.type, new.type)
        sibling = parts_from_siblings(comparison, parent.name, old, new) if criticality < BREAKING else None
        if sibling:
            criticality = DANGEROUS
            message += f", unlike {sibling}: documents that select both beside each other are refused"
    comparison.add("FIELD_TYPE_CHANGED", coordinate, criticality, message)


def _verdict(comparison: Comparison, old: str, new: str) -> Criticality:
    if old.endswith("!") and not new.endswith("!"):
        return BREAKING
    old, new = old.removesuffix("!"), new.removesuffix("!")
    if old.startswith("[") != new.startswith("["):
        return BREAKING
    if old.startswith("["):
        return _verdict(comparison, old[1:-1], new[1:-1])
    return verdict_of_named(comparison, old, new)

"""Types that come, go, or change in what they are; what they consist of is compared by kind."""

from gateway.diff.changes import BREAKING, DANGEROUS, SAFE
from gateway.diff.compare.comparison import Comparison
from gateway.diff.compare.inputs import Place, compare_inputs
from gateway.diff.compare.membership import compare_interfaces, compare_members, implementations_of_new
from gateway.diff.compare.outputs import compare_fields
from gateway.diff.compare.prose import compare_prose
from gateway.diff.model import BUILT_IN_SCALARS, Type
from gateway.diff.tokens import text_of

_CALLED = {"scalar": "a scalar", "type": "an object type", "interface": "an interface", "union": "a union"}
_CALLED |= {"enum": "an enum", "input": "an input object"}


def compare_types(comparison: Comparison) -> None:
    old_types, new_types = comparison.old.types, comparison.new.types
    for name, old in old_types.items():
        new = new_types.get(name)
        if name in BUILT_IN_SCALARS:
            continue
        if new is None:
            _removed(comparison, old)
        else:
            _compare(comparison, old, new)
    for name, new in new_types.items():
        if name not in old_types:
            comparison.safe("TYPE_ADDED", name, f"{name} was added")
            implementations_of_new(comparison, new)


def _removed(comparison: Comparison, old: Type) -> None:
    criticality = BREAKING if comparison.before.is_reachable(old.name) else SAFE
    touches = [*old.interfaces, *comparison.before.parents.get(old.name, ())]
    comparison.add("TYPE_REMOVED", old.name, criticality, f"{old.name} was removed", touches=touches)


def _compare(comparison: Comparison, old: Type, new: Type) -> None:
    name = old.name
    compare_prose(comparison, name, old, new)
    if old.kind != new.kind:
        criticality = BREAKING if comparison.before.is_reachable(name) else SAFE
        message = f"{name} changed from {_CALLED[old.kind]} to {_CALLED[new.kind]}"
        comparison.add("TYPE_KIND_CHANGED", name, criticality, message)
        return
    if old.kind in {"type", "interface"}:
        compare_interfaces(comparison, old, new)
        compare_fields(comparison, old, new)
    elif old.kind == "union":
        compare_members(comparison, old, new)
    elif old.kind == "enum":
        _values(comparison, old, new)
    elif old.kind == "input":
        _one_of(comparison, old, new)
        place = Place("INPUT_FIELD", f"{name}.{{}}", matters=name in comparison.before.inputs, touches=(name,))
        compare_inputs(comparison, old.inputs, new.inputs, place)
    else:
        _specified_by(comparison, old, new)


def _values(comparison: Comparison, old: Type, new: Type) -> None:
    name = old.name
    for value in old.values:
        coordinate = f"{name}.{value}"
        if value in new.values:
            compare_prose(comparison, coordinate, old.values[value], new.values[value])
            continue
        is_sent = name in comparison.before.inputs
        why = "" if is_sent else ", which no request can send"
        criticality = BREAKING if is_sent else SAFE
        comparison.add("ENUM_VALUE_REMOVED", coordinate, criticality, f"{coordinate} was removed{why}")
    for value in new.values:
        if value not in old.values:
            coordinate = f"{name}.{value}"
            criticality = DANGEROUS if comparison.is_answered(name) else SAFE
            why = ": clients may meet it" if criticality else ", which no answer holds that clients know"
            comparison.add(
                "ENUM_VALUE_ADDED",
                coordinate,
                criticality,
                f"{coordinate} was added{why}",
                touches=[f"{name}:answered"],
            )


def _one_of(comparison: Comparison, old: Type, new: Type) -> None:
    if "@oneOf" in comparison.silent_on or old.has("oneOf") == new.has("oneOf"):
        return
    name = old.name
    if new.has("oneOf"):
        criticality = BREAKING if name in comparison.before.inputs else SAFE
        message = f"{name} takes exactly one of its fields now"
        comparison.add("ONE_OF_ADDED", name, criticality, message)
    else:
        comparison.safe("ONE_OF_REMOVED", name, f"{name} takes any of its fields now")


def _specified_by(comparison: Comparison, old: Type, new: Type) -> None:
    before, after = (text_of(each.argument("specifiedBy", "url")) for each in (old, new))
    if "@specifiedBy" in comparison.silent_on or before == after:
        return
    name = old.name
    if before is None:
        comparison.safe("SPECIFIED_BY_ADDED", name, f"{name} is specified by {after} now")
    elif after is None:
        comparison.safe("SPECIFIED_BY_REMOVED", name, f"{name} no longer tells what specifies it ({before})")
    else:
        criticality = DANGEROUS if comparison.before.is_reachable(name) else SAFE
        message = f"{name} is specified by {after} instead of {before}: values may be written otherwise"
        comparison.add("SPECIFIED_BY_CHANGED", name, criticality, message)

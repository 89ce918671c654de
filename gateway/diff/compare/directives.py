"""Directives: only where documents can use one does a change matter to requests."""

from gateway.diff.changes import BREAKING, SAFE
from gateway.diff.compare.comparison import Comparison
from gateway.diff.compare.inputs import Place, compare_inputs
from gateway.diff.compare.prose import compare_prose
from gateway.diff.model import Directive, Input
from gateway.diff.standard import is_standard


def compare_directives(comparison: Comparison) -> None:
    old, new = comparison.old.definitions, comparison.new.definitions
    for name, before in old.items():
        if name not in new:
            criticality = BREAKING if comparison.before.executable(before.locations) else SAFE
            comparison.add("DIRECTIVE_REMOVED", f"@{name}", criticality, f"@{name} was removed")
        else:
            _compare(comparison, before, new[name])
    for name in new:
        if name not in old:
            comparison.safe("DIRECTIVE_ADDED", f"@{name}", f"@{name} was added")


def _compare(comparison: Comparison, old: Directive, new: Directive) -> None:
    usable = comparison.before.executable(old.locations)
    if is_standard(old) and not usable:
        # The specification's own for the type system differ by its edition, and no document uses them.
        return
    coordinate = f"@{old.name}"
    if not is_standard(old):
        compare_prose(comparison, coordinate, old, new)
    for location in old.locations:
        if location not in new.locations:
            criticality = BREAKING if location in usable else SAFE
            message = f"{coordinate} may no longer stand on {location}"
            comparison.add("DIRECTIVE_LOCATION_REMOVED", coordinate, criticality, message)
    for location in new.locations:
        if location not in old.locations:
            comparison.safe("DIRECTIVE_LOCATION_ADDED", coordinate, f"{coordinate} may stand on {location} now")
    if "repeatable" not in comparison.silent_on:
        _repeatable(comparison, old, new, is_usable=bool(usable))
    place = Place("DIRECTIVE_ARG", f"{coordinate}({{}}:)", matters=bool(usable), touches=(coordinate,))
    compare_inputs(comparison, _args(old), _args(new), place)


def _args(directive: Directive) -> dict[str, Input]:
    """Without prose where it is the specification's."""
    if not is_standard(directive):
        return directive.args
    return {name: Input(name, type=each.type, default=each.default) for name, each in directive.args.items()}


def _repeatable(comparison: Comparison, old: Directive, new: Directive, *, is_usable: bool) -> None:
    coordinate = f"@{old.name}"
    if old.repeatable and not new.repeatable:
        criticality = BREAKING if is_usable else SAFE
        message = f"{coordinate} may stand only once in a place now"
        comparison.add("DIRECTIVE_REPEATABLE_REMOVED", coordinate, criticality, message)
    elif new.repeatable and not old.repeatable:
        comparison.safe("DIRECTIVE_REPEATABLE_ADDED", coordinate, f"{coordinate} may stand several times in a place")

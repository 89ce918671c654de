"""Arguments and input fields: what a request may leave out, and what it may give."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gateway.diff.changes import BREAKING, DANGEROUS, SAFE
from gateway.diff.compare.comparison import Comparison
from gateway.diff.compare.prose import compare_prose
from gateway.diff.model import Input

# Of each of these kinds, literals that are written differently mean different things, whatever their type.
_ATOMS = [re.compile(each, re.ASCII).fullmatch for each in (r"0|-?[1-9][0-9]*", r"[A-Za-z_]\w*", r'"[^"\\\n]*"')]


@dataclass(frozen=True, slots=True)
class Place:
    """`coordinate` has a place for the name. `matters`: whether a valid request of before could use it.
    `touches`: what a document uses that leaves the input out."""

    noun: str
    coordinate: str
    matters: bool
    touches: tuple[str, ...]


def compare_inputs(comparison: Comparison, old: Mapping[str, Input], new: Mapping[str, Input], place: Place) -> None:
    for name, before in old.items():
        coordinate = place.coordinate.format(name)
        after = new.get(name)
        if after is None:
            if before.deprecation and "deprecated inputs" in comparison.new.silent_on:
                continue
            criticality = BREAKING if place.matters else SAFE
            comparison.add(f"{place.noun}_REMOVED", coordinate, criticality, f"{coordinate} was removed")
            continue
        compare_prose(comparison, coordinate, before, after)
        if before.type != after.type:
            _type_changed(comparison, before, after, coordinate, place)
        if before.default != after.default:
            _default_changed(comparison, before, after, coordinate, place)
    for name, after in new.items():
        if name not in old and not (after.deprecation and "deprecated inputs" in comparison.old.silent_on):
            _added(comparison, after, place.coordinate.format(name), place)


def _added(comparison: Comparison, new: Input, coordinate: str, place: Place) -> None:
    if new.is_required:
        kind, criticality, message = "REQUIRED", BREAKING, f"{coordinate} was added, and is required"
    elif new.default is not None:
        # A new argument that is left out has an effect at once, as `first: Int = 10` on a list that was whole.
        kind, criticality = "OPTIONAL", DANGEROUS
        message = f"{coordinate} was added; where it is left out, it is {new.default}"
    else:
        kind, criticality, message = "OPTIONAL", SAFE, f"{coordinate} was added, and is optional"
    if not place.matters:
        criticality = SAFE
    comparison.add(f"{place.noun}_{kind}_ADDED", coordinate, criticality, message, touches=place.touches)


def _type_changed(comparison: Comparison, old: Input, new: Input, coordinate: str, place: Place) -> None:
    criticality = BREAKING if place.matters and not takes_all(old.type, new.type) else SAFE
    message = f"{coordinate} changed type from {old.type} to {new.type}"
    # A document that left it out may have to give it now.
    touches = place.touches if new.is_required else ()
    comparison.add(f"{place.noun}_TYPE_CHANGED", coordinate, criticality, message, touches=touches)


def takes_all(old: str, new: str) -> bool:
    """Whether every value and variable for the old type does for the new one.

    A literal may stand for a list of itself, but a variable may not, so `[T]` does not take all that `T` takes.
    """
    if new.endswith("!") and not old.endswith("!"):
        return False
    old, new = old.removesuffix("!"), new.removesuffix("!")
    if old.startswith("[") and new.startswith("["):
        return takes_all(old[1:-1], new[1:-1])
    return old == new


def _default_changed(comparison: Comparison, old: Input, new: Input, coordinate: str, place: Place) -> None:
    if old.default is None:
        verb, message = "ADDED", f"{coordinate} has a default now: {new.default}"
        # Where it was required, no request left it out.
        criticality = SAFE if old.type.endswith("!") else DANGEROUS
    elif new.default is None:
        verb, message = "REMOVED", f"{coordinate} has no default any more; it was {old.default}"
        criticality = BREAKING if new.type.endswith("!") else DANGEROUS
    else:
        if _means_the_same(comparison, old, new):
            return
        verb, message = "CHANGED", f"The default of {coordinate} changed from {old.default} to {new.default}"
        criticality = DANGEROUS
    if not place.matters:
        criticality = SAFE
    comparison.add(f"{place.noun}_DEFAULT_{verb}", coordinate, criticality, message, touches=place.touches)


def _means_the_same(comparison: Comparison, old: Input, new: Input) -> bool:
    if old.type == new.type and any(kind(old.default or "") and kind(new.default or "") for kind in _ATOMS):
        return False
    from gateway.diff.coercion import meaning  # noqa: PLC0415 - it needs graphql-core, which most comparisons do not

    key = (old.default or "", old.type, new.default or "", new.type)
    if key not in comparison.respelled:
        before = meaning(comparison.old, key[0], old.type)
        comparison.respelled[key] = before == meaning(comparison.new, key[2], new.type)
    return comparison.respelled[key]

"""What people and tools read, and servers do not: descriptions, deprecations, directives of the type system."""

from gateway.diff.compare.comparison import Comparison
from gateway.diff.model import SPECIFIED_DIRECTIVES, Applied, Input, Named
from gateway.diff.tokens import text_of


def compare_prose(comparison: Comparison, coordinate: str, old: Named, new: Named) -> None:
    if old.description != new.description:
        _descriptions(comparison, coordinate, old, new)
    if old.directives != new.directives:
        _deprecations(comparison, coordinate, old, new)
        if "applied directives" not in comparison.silent_on:
            _applied(comparison, coordinate, old, new)


def _descriptions(comparison: Comparison, coordinate: str, old: Named, new: Named) -> None:
    topic = "description of the schema" if coordinate == "schema" else "descriptions"
    before, after = text_of(old.description) or None, text_of(new.description) or None
    if topic in comparison.silent_on or before == after:
        return
    if before is None:
        comparison.safe("DESCRIPTION_ADDED", coordinate, f"{coordinate} has a description now")
    elif after is None:
        comparison.safe("DESCRIPTION_REMOVED", coordinate, f"{coordinate} has no description any more")
    else:
        comparison.safe("DESCRIPTION_CHANGED", coordinate, f"The description of {coordinate} changed")


def _deprecations(comparison: Comparison, coordinate: str, old: Named, new: Named) -> None:
    if isinstance(old, Input) and "deprecated inputs" in comparison.silent_on:
        return
    before, after = text_of(old.deprecation), text_of(new.deprecation)
    if before == after:
        return
    if before is None:
        comparison.safe("DEPRECATION_ADDED", coordinate, f"{coordinate} is deprecated: {after}")
    elif after is None:
        comparison.safe("DEPRECATION_REMOVED", coordinate, f"{coordinate} is no longer deprecated")
    else:
        comparison.safe("DEPRECATION_CHANGED", coordinate, f"{coordinate} is deprecated for another reason: {after}")


def _applied(comparison: Comparison, coordinate: str, old: Named, new: Named) -> None:
    before, after = _meant(old.directives), _meant(new.directives)
    names = {name for name, _ in [*before, *after]} - SPECIFIED_DIRECTIVES
    for name in sorted(names):
        was = sorted(given for each, given in before if each == name)
        now = sorted(given for each, given in after if each == name)
        if was == now:
            continue
        verb = "CHANGED" if was and now else "ADDED" if now else "REMOVED"
        comparison.safe(f"APPLIED_DIRECTIVE_{verb}", coordinate, f"@{name} was {verb.lower()} on {coordinate}")


def _meant(directives: list[Applied]) -> list[Applied]:
    """With arguments in one order, and without the blanks between them."""
    return [
        (name, tuple(sorted((key, literal if '"' in literal else " ".join(literal.split())) for key, literal in given)))
        for name, given in directives
    ]

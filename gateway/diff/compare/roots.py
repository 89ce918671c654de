"""Where documents begin."""

from gateway.diff.changes import BREAKING, SAFE
from gateway.diff.compare.comparison import Comparison
from gateway.diff.compare.prose import compare_prose
from gateway.diff.standard import OPERATIONS


def compare_roots(comparison: Comparison) -> None:
    compare_prose(comparison, "schema", comparison.old, comparison.new)
    for operation in OPERATIONS:
        old, new = comparison.old.roots.get(operation), comparison.new.roots.get(operation)
        if old == new:
            continue
        if old is None and new is not None:
            comparison.add("ROOT_TYPE_ADDED", new, SAFE, f"{new} was added as the root of every {operation}")
        elif new is None and old is not None:
            comparison.add(
                "ROOT_TYPE_REMOVED", old, BREAKING, f"{old} is no root any more: each {operation} is refused"
            )
        elif old is not None:
            comparison.add(
                "ROOT_TYPE_CHANGED",
                old,
                BREAKING,
                f"The root of every {operation} changed from {old} to {new}: fragments on {old} are refused",
            )

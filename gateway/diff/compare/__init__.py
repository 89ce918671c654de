"""Every difference between two schemas, each with its verdict. Decision 0014 has the rules."""

from gateway.diff.changes import Change, sort
from gateway.diff.compare.comparison import Comparison
from gateway.diff.compare.directives import compare_directives
from gateway.diff.compare.roots import compare_roots
from gateway.diff.compare.types import compare_types
from gateway.diff.model import Schema

__all__ = ["compare"]


def compare(old: Schema, new: Schema) -> list[Change]:
    """Breaking changes first. Empty where requests, answers, prose and deprecations are the same."""
    comparison = Comparison(old, new)
    compare_roots(comparison)
    compare_types(comparison)
    compare_directives(comparison)
    return sort(comparison.changes)

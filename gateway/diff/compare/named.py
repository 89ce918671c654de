"""Whether a field may return another type: what was selected must stay selectable, and fragments must still fit."""

from gateway.diff.changes import BREAKING, DANGEROUS, SAFE, Criticality
from gateway.diff.compare.comparison import Comparison
from gateway.diff.model import Type


def verdict_of_named(comparison: Comparison, old: str, new: str) -> Criticality:
    """Of names without lists and non-null.

    A subtype alone is not enough: where a `Node` becomes a `Job`, fragments on every other node are refused. And a
    union may become an interface, or a wider union, since nothing but fragments can be selected on it. Dangerous where
    clients may meet more types, or fields below are narrower than those that a sibling may still have.
    """
    if old == new:
        return SAFE
    before, after = comparison.old.types.get(old), comparison.new.types.get(new)
    if before is None or after is None or not before.is_composite or not after.is_composite:
        return BREAKING
    was, is_ = comparison.before.possible(old), comparison.after.possible(new)
    if not was or not was <= is_ or not _selections_fit(before, after):
        return BREAKING
    narrowed = any(after.fields[name].type != each.type for name, each in before.fields.items())
    return DANGEROUS if narrowed or is_ != was else SAFE


def _selections_fit(old: Type, new: Type) -> bool:
    """Whether each field of the old type is one of the new, called the same way, of a type that is no wider."""
    for name, before in old.fields.items():
        after = new.fields.get(name)
        if after is None or after.type.replace("!", "") != before.type.replace("!", ""):
            return False
        if before.type.endswith("!") and not after.type.endswith("!"):
            return False
        if {arg.name: arg.type for arg in before.args.values()} != {arg.name: arg.type for arg in after.args.values()}:
            return False
    return True

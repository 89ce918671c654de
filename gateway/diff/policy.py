"""What the rules of the house say about changes. A verdict tells what a change does; a policy, whether it may."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from gateway.diff.changes import Change
from gateway.diff.lookup import deprecations, find, members
from gateway.diff.model import Schema, Type
from gateway.diff.rules import Exemption, Rules

REMOVALS = frozenset(
    ("FIELD_REMOVED", "ARG_REMOVED", "INPUT_FIELD_REMOVED", "ENUM_VALUE_REMOVED", "DIRECTIVE_ARG_REMOVED")
)
ADDITIONS = frozenset(
    (
        "TYPE_ADDED",
        "FIELD_ADDED",
        "ARG_REQUIRED_ADDED",
        "ARG_OPTIONAL_ADDED",
        "INPUT_FIELD_REQUIRED_ADDED",
        "INPUT_FIELD_OPTIONAL_ADDED",
        "ENUM_VALUE_ADDED",
        "DIRECTIVE_ADDED",
        "DIRECTIVE_ARG_REQUIRED_ADDED",
        "DIRECTIVE_ARG_OPTIONAL_ADDED",
    )
)
# A coordinate, or a name in backticks that stands beside what is deprecated.
_COORDINATE = re.compile(r"@?[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?(?:\([A-Za-z_]\w*:\))?", re.ASCII)
_QUOTED = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class PolicyFinding:
    """`allowed` is the reason of the exemption that lets it pass; None where nothing does."""

    rule: str
    coordinate: str
    message: str
    allowed: str | None = None

    def as_dict(self) -> dict[str, object]:
        return {"rule": self.rule, "coordinate": self.coordinate, "message": self.message, "allowed": self.allowed}


def check_policy(
    changes: Sequence[Change], old: Schema, new: Schema, *, earlier: Sequence[Schema], today: date, rules: Rules
) -> list[PolicyFinding]:
    """`earlier` are the versions before `old`, which is the last of them and need not be named again."""
    found = [
        *_removed_too_soon(changes, [*earlier, old], rules.removal_after),
        *(_without_replacement(old, new) if rules.replacement else ()),
        *(_without_description(changes, new) if rules.descriptions else ()),
    ]
    return sorted(
        [_judged(finding, today, rules) for finding in found] + list(_expired(found, changes, today, rules)),
        key=lambda finding: (finding.rule, finding.coordinate),
    )


def exemption_for(coordinate: str, rule: str, today: date, rules: Rules) -> Exemption | None:
    """The one that still holds today."""
    matching = (each for each in rules.exemptions if each.covers(coordinate, rule))
    return next((each for each in matching if today <= each.until), None)


def _judged(finding: PolicyFinding, today: date, rules: Rules) -> PolicyFinding:
    exemption = exemption_for(finding.coordinate, finding.rule, today, rules)
    reason = exemption.reason if exemption else None
    return PolicyFinding(finding.rule, finding.coordinate, finding.message, reason)


def _expired(
    found: Sequence[PolicyFinding], changes: Sequence[Change], today: date, rules: Rules
) -> Iterator[PolicyFinding]:
    """Only those that are still asked for: one for a change that has long been made is no trouble."""
    asked = {(each.coordinate, each.rule) for each in found} | {(each.coordinate, each.type) for each in changes}
    for each in rules.exemptions:
        if each.until < today and any(each.covers(coordinate, rule) for coordinate, rule in asked):
            message = f"The exemption of {each.coordinate} ended on {each.until}: {each.reason}"
            yield PolicyFinding("EXEMPTION_EXPIRED", each.coordinate, message)


def _removed_too_soon(changes: Sequence[Change], versions: Sequence[Schema], needed: int) -> Iterator[PolicyFinding]:
    for change in changes:
        if change.type in REMOVALS:
            items = (find(version, change.coordinate) for version in versions)
            seen = sum(1 for item in items if item is not None and item.deprecation)
            if seen < needed:
                message = (
                    f"{change.coordinate} was removed after being deprecated in {seen}"
                    f" earlier version{'' if seen == 1 else 's'}; it takes {needed}"
                )
                yield PolicyFinding("REMOVED_TOO_SOON", change.coordinate, message)


def _without_replacement(old: Schema, new: Schema) -> Iterator[PolicyFinding]:
    """Of deprecations that are new or reworded; the others were judged when they came."""
    before = dict(deprecations(old))
    for coordinate, reason in deprecations(new):
        if before.get(coordinate) != reason and not _names_a_replacement(new, coordinate, reason):
            message = f"The deprecation of {coordinate} names no replacement that exists: {reason}"
            yield PolicyFinding("NO_REPLACEMENT", coordinate, message)


def _names_a_replacement(schema: Schema, coordinate: str, reason: str) -> bool:
    written = [each for each in _COORDINATE.findall(reason) if "." in each or each.startswith("@")]
    beside = coordinate.partition("(")[0].rpartition(".")[0]
    for quoted in _QUOTED.findall(reason):
        written += [quoted, f"{beside}.{quoted}", f"{coordinate.partition('(')[0]}({quoted.rstrip(':')}:)"]
        written += [f"{schema.roots[operation]}.{quoted}" for operation in schema.roots]
    return any(each != coordinate and find(schema, each) is not None for each in written)


def _without_description(changes: Sequence[Change], new: Schema) -> Iterator[PolicyFinding]:
    if "descriptions" in new.silent_on:
        return
    for change in changes:
        item = find(new, change.coordinate) if change.type in ADDITIONS else None
        if item is None:
            continue
        added = [(change.coordinate, item), *(members(item) if isinstance(item, Type) else ())]
        for coordinate, each in added:
            if not each.description:
                yield PolicyFinding("NO_DESCRIPTION", coordinate, f"{coordinate} is new and has no description")

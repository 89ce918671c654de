"""Each version against the one before it: whether what leaves was announced, and what comes is described."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from gateway.diff.changes import BREAKING, Change, Criticality
from gateway.diff.compare import compare
from gateway.diff.policy import REMOVALS, PolicyFinding, check_policy, exemption_for
from gateway.diff.rules import Rules
from gateway.diff.series.versions import Version

# What leaves with something that was announced by itself: its type, what the type promised, the union's member.
_FOLLOWS = frozenset(("TYPE_REMOVED", "INTERFACE_REMOVED", "UNION_MEMBER_REMOVED"))


def judge_chain(versions: Sequence[Version], *, today: date, rules: Rules) -> tuple[list[PolicyFinding], list[str]]:
    """The findings, whose messages name the version, and a line about each step."""
    findings: list[PolicyFinding] = []
    notes = []
    for number, (before, after) in enumerate(pairwise(versions), start=1):
        old, new = before.loaded.schema, after.loaded.schema
        changes = compare(old, new)
        earlier = [version.loaded.schema for version in versions[: number - 1]]
        found = check_policy(changes, old, new, earlier=earlier, today=today, rules=rules)
        found += _unannounced(changes, today, rules)
        findings += [replace(each, message=f"{after.name}: {each.message}") for each in found]
        notes.append(f"{before.name} to {after.name}: {counted(changes)}")
    return findings, notes


def counted(changes: Sequence[Change]) -> str:
    counts = (
        f"{sum(change.criticality == each for change in changes):,} {each.name.lower()}"
        for each in reversed(Criticality)
    )
    return ", ".join(counts)


def _unannounced(changes: Sequence[Change], today: date, rules: Rules) -> Iterator[PolicyFinding]:
    """What breaks clients of the next version without having left: no deprecation could announce it."""
    for change in changes:
        if change.criticality == BREAKING and change.type not in REMOVALS | _FOLLOWS:
            exemption = exemption_for(change.coordinate, change.type, today, rules)
            message = f"{change.message}: no deprecation could announce it"
            yield PolicyFinding("NOT_ANNOUNCED", change.coordinate, message, exemption.reason if exemption else None)

"""What a comparison found, as every format of it is written from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from gateway.diff.changes import BREAKING, DANGEROUS, Change, Criticality, worst
from gateway.diff.loading import Loaded
from gateway.diff.lookup import find
from gateway.diff.model import Finding
from gateway.diff.origin import Place
from gateway.diff.policy import PolicyFinding, exemption_for
from gateway.diff.results import DeprecatedUse, Operation
from gateway.diff.rules import Rules

FAIL_ON = ("breaking", "dangerous", "documents", "never")


@dataclass(frozen=True, slots=True)
class Report:
    """`untouched` are changes that concern none of the documents; None where no documents were given.
    `notes` are lines about what was compared beside."""

    old: Loaded
    new: Loaded
    changes: Sequence[Change]
    operations: Sequence[Operation] = ()
    deprecated: Sequence[DeprecatedUse] = ()
    untouched: frozenset[Change] | None = None
    policy: Sequence[PolicyFinding] = ()
    exempt: frozenset[Change] = field(default=frozenset())
    notes: Sequence[str] = ()

    @property
    def criticality(self) -> Criticality:
        return worst(list(self.changes))

    def of(self, criticality: Criticality) -> list[Change]:
        return [change for change in self.changes if change.criticality == criticality]

    @property
    def findings(self) -> list[tuple[Place, Finding]]:
        """Faults of both schemas that could be lived with."""
        return [(each.origin.place(fault.at), fault) for each in (self.old, self.new) for fault in each.schema.findings]

    def place(self, change: Change) -> Place:
        """Where it stands in the new schema, or stood in the old one."""
        for loaded in (self.new, self.old):
            item = find(loaded.schema, change.coordinate)
            if item is not None and item.at >= 0:
                return loaded.origin.place(item.at)
        owner = change.coordinate.partition("(")[0].partition(".")[0]
        item = find(self.new.schema, owner)
        return self.new.origin.place(item.at if item else -1)

    def note(self, change: Change) -> str:
        """What is to be said of the change beside its message, empty for most."""
        notes = []
        if self.untouched is not None and change in self.untouched:
            notes.append(f"none of the {len(self.operations)} documents uses it")
        if change in self.exempt:
            notes.append("allowed by an exception")
        return "; ".join(notes)


def forbidden(report: Report, fail_on: str) -> bool:
    """Whether the exit status is 1. What an exception allows is still reported, but not forbidden."""
    if any(finding.allowed is None for finding in report.policy):
        return True
    if fail_on == "documents":
        return any(operation.status == "broken" for operation in report.operations)
    if fail_on == "never":
        return False
    least = DANGEROUS if fail_on == "dangerous" else BREAKING
    return any(change.criticality >= least and change not in report.exempt for change in report.changes)


def exempt_changes(changes: Sequence[Change], today: date, rules: Rules) -> frozenset[Change]:
    return frozenset(each for each in changes if exemption_for(each.coordinate, each.type, today, rules))

"""What a pull request changes: each version against the same version of before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from gateway.diff.changes import Change
from gateway.diff.compare import compare
from gateway.diff.documents import ClientDocument
from gateway.diff.loading import Loaded
from gateway.diff.operations import Operations
from gateway.diff.origin import Place
from gateway.diff.policy import PolicyFinding, exemption_for
from gateway.diff.report import Report, exempt_changes
from gateway.diff.results import Operation
from gateway.diff.rules import Rules
from gateway.diff.series.chain import counted
from gateway.diff.series.promises import Promises
from gateway.diff.series.versions import Version

# What may change in a released version: prose and deprecations.
_PROSE = ("DESCRIPTION_", "DEPRECATION_")


@dataclass(frozen=True, slots=True)
class Step:
    """One version of before and after. The messages of `changes` name it."""

    version: Version
    report: Report
    changes: Mapping[Change, Change]
    untouched: frozenset[Change] | None
    operations: Sequence[Operation] = ()


def judge_request(
    base: Mapping[str, Loaded], versions: Sequence[Version], promises: Promises, *, strict: bool
) -> list[Step]:
    """A document concerns the versions that it claims, or all."""
    return [
        _step(base[version.name], version, promises.of(version.name), strict=strict)
        for version in versions
        if version.name in base
    ]


def note(step: Step) -> str:
    return f"{step.version.name}, changed: {counted(step.report.changes)}"


def frozen(steps: Sequence[Step], today: date, rules: Rules) -> Iterator[PolicyFinding]:
    for step in steps:
        for change in unlike_prose(step.report.changes) if step.version.released else ():
            exemption = exemption_for(change.coordinate, "FROZEN", today, rules)
            message = f"{step.version.name} is released, and would change: {change.message}"
            yield PolicyFinding("FROZEN", change.coordinate, message, exemption.reason if exemption else None)


def unlike_prose(changes: Sequence[Change]) -> list[Change]:
    """What a released version may not change in."""
    return [change for change in changes if not change.type.startswith(_PROSE)]


def gone(base: Mapping[str, Loaded], versions: Sequence[Version]) -> Iterator[PolicyFinding]:
    here = {version.name for version in versions}
    for name in base:
        if name not in here:
            yield PolicyFinding("VERSION_REMOVED", name, f"{name} was served, and is not any more")


def exempt(steps: Sequence[Step], today: date, rules: Rules) -> frozenset[Change]:
    allowed: set[Change] = set()
    for step in steps:
        exempted = exempt_changes(step.report.changes, today, rules)
        allowed |= {told for told, change in step.changes.items() if change in exempted}
    return frozenset(allowed)


def place(steps: Sequence[Step], told: Change) -> Place:
    step = next(step for step in steps if told in step.changes)
    return step.report.place(step.changes[told])


def _step(before: Loaded, version: Version, documents: Sequence[ClientDocument], *, strict: bool) -> Step:
    report = Report(before, version.loaded, compare(before.schema, version.loaded.schema))
    told = {replace(each, message=f"{version.name}: {each.message}"): each for each in report.changes}
    if not documents or not told:
        return Step(version, report, told, frozenset() if documents else None)
    operations = Operations(before.schema, version.loaded.schema, report.changes, documents, strict=strict)
    results = operations.results()
    free = set(operations.untouched())
    return Step(version, report, told, frozenset(each for each, change in told.items() if change in free), results)

"""For people at a terminal."""

from collections.abc import Iterator

from gateway.diff.changes import Criticality
from gateway.diff.report import Report


def write(report: Report) -> str:
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    for criticality in reversed(Criticality):
        changes = report.of(criticality)
        if changes:
            yield f"{criticality.name} ({len(changes):,})"
        for change in changes:
            note = report.note(change)
            yield f"  {change.coordinate}  {change.type}"
            yield f"      {change.message}{f' ({note})' if note else ''}"
            yield f"      {report.place(change)}"
    if report.operations:
        yield from _operations(report)
    for use in report.deprecated:
        yield f"deprecated: {use.coordinate} is used by {', '.join(use.users)}: {use.reason}"
    for finding in report.policy:
        allowed = f" (allowed: {finding.allowed})" if finding.allowed else ""
        yield f"policy: {finding.rule} {finding.message}{allowed}"
    for place, fault in report.findings:
        yield f"fault: {place}: {fault.code} {fault.message}"
    yield from report.notes
    yield _summary(report)


def _operations(report: Report) -> Iterator[str]:
    for operation in report.operations:
        if operation.status != "unaffected" or operation.reasons:
            yield f"{operation.status}: {operation.file}"
        for reason in operation.reasons:
            yield f"      {reason}"
    by_status = [
        f"{sum(each.status == status for each in report.operations)} {status}"
        for status in ("broken", "affected", "unaffected")
    ]
    yield f"Documents: {', '.join(by_status)}."


def _summary(report: Report) -> str:
    if not report.changes:
        return "No change."
    counts = (f"{len(report.of(each)):,} {each.name.lower()}" for each in reversed(Criticality))
    return f"Changes: {', '.join(counts)}."

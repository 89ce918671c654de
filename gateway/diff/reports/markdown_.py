"""For a comment on a pull request."""

from collections.abc import Iterator

from gateway.diff.changes import Criticality
from gateway.diff.report import Report

_TITLES = {"BREAKING": "Breaking", "DANGEROUS": "Dangerous", "SAFE": "Safe"}
# A comment takes 65,536 characters; what is safe folds away, and of much there is a part.
MAX_ROWS = 200


def write(report: Report) -> str:
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield "## Schema changes"
    if not report.changes:
        yield ""
        yield "No change."
    for criticality in reversed(Criticality):
        yield from _changes(report, criticality)
    yield from _documents(report)
    if report.policy:
        yield from ("", "### Policy", "", "| rule | what | allowed |", "|---|---|---|")
        for finding in report.policy:
            yield f"| {finding.rule} | {_cell(finding.message)} | {_cell(finding.allowed or 'no')} |"
    if report.notes:
        yield from ("", "### Versions", "", *(f"- {_cell(each)}" for each in report.notes))
    if report.findings:
        yield from ("", "### Faults in the schemas", "")
        for place, fault in report.findings:
            yield f"- {_code(str(place))}: {_cell(fault.message)}"


def _documents(report: Report) -> Iterator[str]:
    if report.operations:
        yield from ("", "### Documents", "", "| document | status | reasons |", "|---|---|---|")
        for operation in report.operations:
            reasons = "<br>".join(_cell(reason) for reason in operation.reasons)
            yield f"| {_code(operation.file)} | {operation.status} | {reasons} |"
    if report.deprecated:
        yield from ("", "### Deprecated and still used", "", "| coordinate | used by | reason |", "|---|---|---|")
        for use in report.deprecated:
            yield f"| {_code(use.coordinate)} | {', '.join(map(_code, use.users))} | {_cell(use.reason)} |"


def _changes(report: Report, criticality: Criticality) -> Iterator[str]:
    changes = report.of(criticality)
    if not changes:
        return
    title = f"{_TITLES[criticality.name]} ({len(changes):,})"
    is_folded = criticality == Criticality.SAFE
    yield ""
    yield f"<details><summary>{title}</summary>" if is_folded else f"### {title}"
    yield from ("", "| coordinate | change | |", "|---|---|---|")
    for change in changes[:MAX_ROWS]:
        note = report.note(change)
        message = f"{change.message} ({note})" if note else change.message
        yield f"| {_code(change.coordinate)} | {change.type} | {_cell(message)} |"
    if len(changes) > MAX_ROWS:
        yield from ("", f"… and {len(changes) - MAX_ROWS:,} more")
    if is_folded:
        yield from ("", "</details>")


def _cell(text: str) -> str:
    """Nothing in it ends the cell, the line, or begins HTML."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|")
    return " ".join(text.split())


def _code(text: str) -> str:
    return "`" + " ".join(text.replace("`", "'").replace("|", "\\|").split()) + "`"

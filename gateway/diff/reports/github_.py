"""Annotations of a GitHub workflow: errors for what breaks, warnings for what is dangerous; the rest is counted."""

from collections.abc import Iterator

from gateway.diff.changes import BREAKING, DANGEROUS
from gateway.diff.origin import Place
from gateway.diff.report import Report


def write(report: Report) -> str:
    return "".join(f"{line}\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    for change in report.changes:
        if change.criticality >= DANGEROUS:
            is_error = change.criticality == BREAKING and change not in report.exempt
            note = report.note(change)
            message = f"{change.message} ({note})" if note else change.message
            level = "error" if is_error else "warning"
            yield _annotation(level, report.place(change), f"{change.type} {change.coordinate}", message)
    for operation in report.operations:
        if operation.status != "unaffected":
            level = "error" if operation.status == "broken" else "warning"
            yield _annotation(level, Place(operation.file), operation.status, "\n".join(operation.reasons))
    for use in report.deprecated:
        for user in use.users:
            yield _annotation("warning", Place(user), f"deprecated {use.coordinate}", use.reason)
    for finding in report.policy:
        level = "error" if finding.allowed is None else "notice"
        yield _annotation(level, None, finding.rule, finding.message)
    for place, fault in report.findings:
        yield _annotation("warning", place, fault.code, fault.message)
    counts = f"{len(report.of(BREAKING))} breaking, {len(report.of(DANGEROUS))} dangerous, {len(report.changes)} in all"
    yield _annotation("notice", None, "Schema changes", counts)


def _annotation(level: str, place: Place | None, title: str, message: str) -> str:
    properties = [f"title={_property(title)}"]
    if place and "://" not in place.file:
        line = [f"line={place.line}", f"col={place.column}"] if place.line else []
        properties = [f"file={_property(place.file)}", *line, *properties]
    return f"::{level} {','.join(properties)}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

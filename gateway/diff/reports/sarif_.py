"""SARIF 2.1.0, for code scanning: one result for each change, broken document, policy finding and fault."""

import json
from collections.abc import Iterator
from typing import Any

from gateway.diff.changes import Criticality
from gateway.diff.origin import Place
from gateway.diff.report import Report

_LEVELS = {Criticality.BREAKING: "error", Criticality.DANGEROUS: "warning", Criticality.SAFE: "note"}


def write(report: Report) -> str:
    results = list(_results(report))
    rules = [{"id": rule} for rule in sorted({result["ruleId"] for result in results})]
    numbers = {rule["id"]: number for number, rule in enumerate(rules)}
    for result in results:
        result["ruleIndex"] = numbers[result["ruleId"]]
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": {"name": "partner-gateway", "rules": rules}}, "results": results}],
    }
    return json.dumps(log, indent=1, ensure_ascii=False) + "\n"


def _results(report: Report) -> Iterator[dict[str, Any]]:
    for change in report.changes:
        result = _result(change.type, _LEVELS[change.criticality], change.message, report.place(change))
        result["locations"][0]["logicalLocations"] = [{"fullyQualifiedName": change.coordinate}]
        # The same change is the same alert, wherever it moves in the file.
        result["partialFingerprints"] = {"coordinate/v1": f"{change.type} {change.coordinate} {change.message}"}
        if change in report.exempt:
            result["suppressions"] = [{"kind": "external", "justification": "allowed by an exception"}]
        yield result
    for operation in report.operations:
        if operation.status != "unaffected":
            level = "error" if operation.status == "broken" else "warning"
            message = "; ".join(operation.reasons)
            yield _result(f"DOCUMENT_{operation.status.upper()}", level, message, Place(operation.file))
    for use in report.deprecated:
        for user in use.users:
            yield _result("DEPRECATED_USE", "note", f"{use.coordinate} is deprecated: {use.reason}", Place(user))
    for finding in report.policy:
        level = "error" if finding.allowed is None else "note"
        yield _result(finding.rule, level, finding.message, Place(report.new.origin.label))
    for place, fault in report.findings:
        yield _result(fault.code, "warning", fault.message, place)


def _result(rule: str, level: str, message: str, place: Place) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": place.file.replace("\\", "/")}}
    if place.line:
        location["region"] = {"startLine": place.line, "startColumn": place.column}
    return {
        "ruleId": rule,
        "level": level,
        "message": {"text": message},
        "locations": [{"physicalLocation": location}],
    }

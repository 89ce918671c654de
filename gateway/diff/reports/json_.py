"""The JSON that scripts read. What there is nothing to say about is left out, but for operations."""

import json
from typing import Any

from gateway.diff.report import Report


def write(report: Report) -> str:
    found: dict[str, Any] = {
        "criticality": report.criticality.name,
        "changes": [change.as_dict() for change in report.changes],
        "operations": [operation.as_dict() for operation in report.operations],
    }
    if report.deprecated:
        found["deprecated"] = [use.as_dict() for use in report.deprecated]
    if report.policy:
        found["policy"] = [finding.as_dict() for finding in report.policy]
    if report.findings:
        found["findings"] = [
            {"code": fault.code, "coordinate": fault.coordinate, "message": fault.message, "place": str(place)}
            for place, fault in report.findings
        ]
    if report.notes:
        found["notes"] = list(report.notes)
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"

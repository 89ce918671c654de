"""JUnit's XML, as CI servers show tests: what is forbidden is a failure, what is dangerous is told."""

import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from gateway.diff.changes import BREAKING, DANGEROUS
from gateway.diff.report import Report

# XML has no way to write these, not even escaped.
_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(report: Report) -> str:
    root = Element("testsuites", name="schema")
    _changes(root, report)
    if report.operations:
        _operations(root, report)
    if report.policy:
        _policy(root, report)
    for suite in [root, *root]:
        suite.set("tests", str(len(suite.findall(".//testcase"))))
        suite.set("failures", str(len(suite.findall(".//failure"))))
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _changes(root: Element, report: Report) -> None:
    suite = SubElement(root, "testsuite", name="changes")
    for change in report.changes:
        place = report.place(change)
        case = _case(suite, change.coordinate, change.type)
        text = f"{change.message}\n{place}"
        if change.criticality == BREAKING and change not in report.exempt:
            _say(case, "failure", change.message, text)
        elif change.criticality >= DANGEROUS:
            SubElement(case, "system-out").text = _clean(f"{change.criticality.name}: {text}")
    if not report.changes:
        _case(suite, "no change", "schema")


def _operations(root: Element, report: Report) -> None:
    suite = SubElement(root, "testsuite", name="documents")
    for operation in report.operations:
        case = _case(suite, operation.file, operation.status)
        if operation.status == "broken":
            _say(case, "failure", operation.reasons[0], "\n".join(operation.reasons))
        elif operation.reasons:
            SubElement(case, "system-out").text = _clean("\n".join(operation.reasons))


def _policy(root: Element, report: Report) -> None:
    suite = SubElement(root, "testsuite", name="policy")
    for finding in report.policy:
        case = _case(suite, finding.coordinate, finding.rule)
        if finding.allowed is None:
            _say(case, "failure", finding.message, finding.message)
        else:
            _say(case, "skipped", finding.allowed, None)


def _case(suite: Element, name: str, class_name: str) -> Element:
    return SubElement(suite, "testcase", name=_clean(name), classname=_clean(class_name))


def _say(case: Element, tag: str, message: str, text: str | None) -> None:
    SubElement(case, tag, message=_clean(message)).text = _clean(text) if text else None


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text)

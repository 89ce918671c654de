"""A report as text, JSON, Markdown, annotations of GitHub, SARIF or JUnit."""

from collections.abc import Callable
from importlib import import_module

from gateway.diff.report import Report

FORMATS = ("text", "json", "markdown", "github", "sarif", "junit")


def write(report: Report, format_: str) -> str:
    """Ends with a line break, unless it is empty. Only the module of that format is imported."""
    writer: Callable[[Report], str] = import_module(f"gateway.diff.reports.{format_}_").write
    return writer(report)

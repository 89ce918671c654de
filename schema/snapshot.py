"""Printed copies of every version, kept beside the code: there one reads what a change of the code is to clients.

A released version is frozen. Only prose and deprecations may change in it.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from graphql import (
    REMOVE,
    DirectiveNode,
    GraphQLSchema,
    Visitor,
    build_schema,
    find_schema_changes,
    lexicographic_sort_schema,
    parse,
    print_ast,
    print_schema,
    visit,
)

from schema import build, timeline
from schema.changelog import changelog
from schema.history import RELEASED, SERVING

FOLDER = Path(__file__).parent / "snapshots"
CHANGELOG = Path(__file__).parent / "CHANGELOG.md"
# Of the changes of one version, in the sentence that refuses them.
MOST_TOLD = 5


class Frozen(ValueError):
    """A released version would change. The message says in what."""


def printed(schema: GraphQLSchema) -> str:
    """Sorted, so that what moves within a file of the code moves nothing here."""
    return print_schema(lexicographic_sort_schema(schema)) + "\n"


def current_files() -> dict[Path, str]:
    """What the files should hold: a snapshot of each version, and the changelog."""
    snapshots = {FOLDER / f"{version}.graphql": printed(build(version)) for version in SERVING}
    return snapshots | {CHANGELOG: changelog(timeline().changes)}


def outdated(files: Mapping[Path, str]) -> list[Path]:
    return [path for path, text in files.items() if not path.exists() or path.read_text(encoding="utf-8") != text]


def write(files: Mapping[Path, str], *, thaw: bool = False) -> list[Path]:
    """Writes what is not current, and tells it. Raises Frozen, unless it is told to `thaw` what is frozen."""
    changed = outdated(files)
    refused = [] if thaw else [told for path in changed if (told := refusal(path, files[path]))]
    if refused:
        raise Frozen("\n".join(refused))
    FOLDER.mkdir(exist_ok=True)
    for path in changed:
        path.write_text(files[path], encoding="utf-8")
    return changed


def refusal(path: Path, text: str) -> str:
    """Why the text can't take the file's place; empty but for a released version that changes in more than prose."""
    if path.stem not in RELEASED or not path.exists():
        return ""
    before = path.read_text(encoding="utf-8")
    if bare(before) == bare(text):
        return ""
    changes = find_schema_changes(build_schema(before), build_schema(text))
    sentences = sorted({change.description for change in changes}) or ["Its parts come in another order."]
    told = " ".join(sentences[:MOST_TOLD]) + (f" And {more} more." if (more := len(sentences) - MOST_TOLD) > 0 else "")
    return f"{path.stem} is released, and would change: {told} See schema/history/."


def bare(text: str) -> str:
    """A schema without its prose and deprecations."""
    return print_ast(visit(parse(text, no_location=True), _Prose()))


class _Prose(Visitor):
    def enter(self, node: Any, *_: Any) -> Any:
        if isinstance(node, DirectiveNode):
            return REMOVE if node.name.value == "deprecated" else None
        return replace(node, description=None) if getattr(node, "description", None) else None

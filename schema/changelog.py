"""The changelog, written from the history."""

from collections.abc import Iterable, Sequence

from schema.history import CANDIDATE, SERVING, UNSTABLE, Change, Kind

_HEADINGS = {
    Kind.ADDED: "Added",
    Kind.DEPRECATED: "Deprecated",
    Kind.NOTICED: "Deprecated by the Partner API",
    Kind.REMOVED: "Removed",
}
_INTRODUCTION = """# Changelog of the schema

Written from `schema/history/` by `partner-gateway schema changelog --write`. A quarter that is not listed is served by
the version before it. Unstable has everything that any version has, and what stands under it here.
"""


def changelog(changes: Sequence[Change]) -> str:
    """Markdown, the newest version first; its headings are what links point at."""
    sections = [_section(version, [each for each in changes if each.version == version]) for version in SERVING]
    return "\n".join([_INTRODUCTION, *reversed(sections)])


def _section(version: str, changes: Sequence[Change]) -> str:
    kinds = [(kind, [each for each in changes if each.kind is kind]) for kind in Kind]
    lines = [line for kind, some in kinds if some for line in ("", f"### {_HEADINGS[kind]}", "", *_entries(some))]
    candidate = ["", "The release candidate: it may still change."] if version == CANDIDATE else []
    # The heading is what links point at, and stays what it is when a candidate is released.
    return "\n".join([f"## {version}", *candidate, *(lines or ["", _unchanged(version)]), ""])


def _entries(changes: Iterable[Change]) -> list[str]:
    return [f"- `{each.coordinate}`{f': {each.sentence}' if each.sentence else ''}" for each in changes]


def _unchanged(version: str) -> str:
    return "Nothing that other versions lack." if version == UNSTABLE else "As the version before it."

"""In which versions a document says that it is valid.

`# versions: 2023-10..2026-10, unstable` in a line of its own, where `..` reaches from one version to another and either
end may be left out, or `# versions: all`. Without such a line a folder that is named as a version speaks for what is
in it.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from gateway.diff.origin import LoadError, Place

_LINE = re.compile(r"^[ \t]*#[ \t]*versions:[ \t]*(.*?)[ \t\r]*$", re.MULTILINE)


def claimed(text: str, file: str, versions: Sequence[str]) -> list[str] | None:
    """In the order of `versions`; None where nothing tells. Raises LoadError for a line that can't be read."""
    found = _LINE.search(text)
    if found is None:
        folders = [part for part in Path(file).parts[:-1] if part in versions]
        return folders[-1:] or None
    names: set[str] = set()
    for part in found[1].split(","):
        try:
            names |= _reach(part.strip(), versions)
        except ValueError:
            line = text.count("\n", 0, found.start()) + 1
            message = f"`{part.strip()}` is neither a version, nor a range of versions in their order, nor `all`"
            raise LoadError(Place(file, line, 1), message) from None
    return [version for version in versions if version in names]


def _reach(part: str, versions: Sequence[str]) -> set[str]:
    if part == "all":
        return set(versions)
    first, dots, last = part.partition("..")
    start = versions.index(first) if first or not dots else 0
    end = (versions.index(last) if last else len(versions) - 1) if dots else start
    if end < start:
        raise ValueError(part)
    return set(versions[start : end + 1])

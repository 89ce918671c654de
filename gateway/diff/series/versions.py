"""The versions of a series, and those of another state of it: a folder, or a folder in a revision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gateway.diff.loading import Loaded, Sources, load
from gateway.diff.origin import LoadError
from gateway.diff.revision import list_revision

SUFFIX = ".graphql"


@dataclass(frozen=True, slots=True)
class Version:
    """`released`: clients rely on it, so that it may change in prose and deprecations only."""

    name: str
    loaded: Loaded
    released: bool


def load_versions(source: str, sources: Sources) -> Mapping[str, Loaded]:
    """The schemas of a folder, each called as its file is. Raises LoadError."""
    if source.startswith("git:"):
        files = [file for file in list_revision(source) if file.endswith(SUFFIX)]
        prefix = ":".join(source.split(":", 2)[:2])
        names = {Path(file).stem: f"{prefix}:{file}" for file in files}
    else:
        names = {file.stem: str(file) for file in sorted(Path(source).glob(f"*{SUFFIX}"))}
    if not names:
        raise LoadError(source, f"there is no folder with a {SUFFIX} file for each version")
    return {name: load(each, sources) for name, each in names.items()}


def named(versions: Sequence[Version]) -> list[str]:
    return [version.name for version in versions]

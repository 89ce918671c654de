"""One row of the history: what happened to a coordinate, in which version, told as the changelog tells it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from schema.history.versions import CANDIDATE, SERVING


class HistoryError(ValueError):
    """The history contradicts itself or the schema. The message names the coordinate."""


class Kind(Enum):
    ADDED = "added"
    DEPRECATED = "deprecated"
    # The Partner API's own notice: a fact of the mirror, which names no replacement.
    NOTICED = "noticed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """`use` is the coordinate of what replaces it; `instead` what goes out for an enum value where it is not known."""

    kind: Kind
    version: str
    coordinate: str
    sentence: str
    use: str | None = None
    instead: str | None = None

    def __post_init__(self) -> None:
        if self.version not in SERVING:
            raise HistoryError(f"{self.coordinate}: {self.version} is not among the versions in which things change")
        if (self.kind is Kind.DEPRECATED) is not (self.use is not None):
            raise HistoryError(f"{self.coordinate}: a deprecation, and nothing else, names what to use instead")
        if self.use is not None and f"`{self.use}`" not in self.sentence:
            raise HistoryError(f"{self.coordinate}: the reason does not tell clients to use `{self.use}`")


def added(version: str, coordinate: str, sentence: str = "", *, instead: str | None = None) -> Change:
    """What has no such row is in every version. A type's row covers all in it, and all fields and arguments of it.

    A value of an enum may be stored before clients of older versions can read it: they read `instead`.
    """
    return Change(Kind.ADDED, version, coordinate, sentence, instead=instead)


def deprecated(version: str, coordinate: str, *, use: str, sentence: str = "Use `{use}`.") -> Change:
    """Shown from that version on, where `use` exists. A type's row covers what is in it and what is of it."""
    return Change(Kind.DEPRECATED, version, coordinate, sentence.replace("{use}", use), use=use)


def noticed(version: str, coordinate: str, sentence: str) -> Change:
    return Change(Kind.NOTICED, version, coordinate, sentence)


def removed(version: str, coordinate: str, sentence: str = "", *, instead: str | None = None) -> Change:
    """Something must have deprecated it before. Unstable keeps it."""
    return Change(Kind.REMOVED, version, coordinate, sentence, instead=instead)


def leaves(
    coordinate: str, *, use: str, sentence: str = "Use `{use}`.", since: str = "2023-10", gone: str = CANDIDATE
) -> Sequence[Change]:
    """Deprecated in one version, removed in a later one."""
    return deprecated(since, coordinate, use=use, sentence=sentence), removed(gone, coordinate)

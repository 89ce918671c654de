"""What a comparison says: one change for each schema coordinate and way in which it differs."""

from dataclasses import dataclass
from enum import IntEnum


class Criticality(IntEnum):
    """Breaking: a valid request is refused, or an answer leaves its promised type. Dangerous: what an omitted input
    means changes, or clients may meet a value or type that they do not know."""

    SAFE = 0
    DANGEROUS = 1
    BREAKING = 2


SAFE, DANGEROUS, BREAKING = Criticality


@dataclass(frozen=True, slots=True)
class Change:
    """`touches` are coordinates whose use makes a document depend on the change, beside `coordinate` itself."""

    type: str
    coordinate: str
    criticality: Criticality
    message: str
    touches: frozenset[str] = frozenset()

    def as_dict(self) -> dict[str, str]:
        return {
            "criticality": self.criticality.name,
            "coordinate": self.coordinate,
            "type": self.type,
            "message": self.message,
        }


def worst(changes: list[Change]) -> Criticality:
    return max((change.criticality for change in changes), default=SAFE)


def sort(changes: list[Change]) -> list[Change]:
    """Breaking first, then by coordinate: the same order for the same schemas."""
    return sorted(changes, key=lambda change: (-change.criticality, change.coordinate, change.type, change.message))

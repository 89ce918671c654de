"""What is told of each document, and of what is deprecated and still used."""

from dataclasses import dataclass, field
from typing import Literal

Status = Literal["broken", "affected", "unaffected"]


@dataclass(frozen=True, slots=True)
class Operation:
    """`broken`: valid before, refused now. `affected`: still valid, but it uses what changed in a way that is not
    safe. A document that was invalid before is `unaffected`, and its reason says so."""

    file: str
    status: Status
    reasons: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, object]:
        return {"file": self.file, "status": self.status, "reasons": self.reasons}


@dataclass(frozen=True, slots=True)
class DeprecatedUse:
    coordinate: str
    reason: str
    users: list[str]

    def as_dict(self) -> dict[str, object]:
        return {"coordinate": self.coordinate, "reason": self.reason, "users": self.users}

"""Two schemas, what is reachable in each, and the changes found so far."""

from collections.abc import Iterable

from gateway.diff.changes import SAFE, Change, Criticality
from gateway.diff.model import Schema
from gateway.diff.reach import Reach


class Comparison:
    def __init__(self, old: Schema, new: Schema) -> None:
        self.old = old
        self.new = new
        self.before = Reach(old)
        self.after = Reach(new)
        self.silent_on = old.silent_on | new.silent_on
        self.changes: list[Change] = []
        # Worked out once for all the fields that share them.
        self.shapes: dict[tuple[str, str], dict[tuple[str, str], str]] = {}
        self.respelled: dict[tuple[str, str, str, str], bool] = {}

    def add(
        self, type_: str, coordinate: str, criticality: Criticality, message: str, *, touches: Iterable[str] = ()
    ) -> None:
        self.changes.append(Change(type_, coordinate, criticality, message, frozenset((coordinate, *touches))))

    def safe(self, type_: str, coordinate: str, message: str) -> None:
        self.add(type_, coordinate, SAFE, message)

    def is_answered(self, name: str) -> bool:
        """Whether a document of before can meet values of that type now."""
        return name in self.before.answers and name in self.after.answers

"""The history over a schema: the life of each coordinate, checked for what contradicts itself."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graphql import GraphQLError, GraphQLSchema, ResolvedSchemaElement, resolve_schema_coordinate

from schema.history.change import Change, HistoryError, Kind
from schema.history.versions import UNSTABLE


@dataclass(slots=True)
class Life:
    """When something is there. What has no row of a kind has None."""

    added: Change | None = None
    deprecated: Change | None = None
    noticed: Change | None = None
    removed: Change | None = None

    def shown(self, version: str) -> bool:
        """Versions are compared as text: `unstable` comes after every date, and keeps what was removed."""
        if self.added is not None and version < self.added.version:
            return False
        return self.removed is None or version == UNSTABLE or version < self.removed.version


ALWAYS = Life()


class Timeline:
    """Raises HistoryError. Of `awaited`, those count that exist and have no row yet, see schema/history/awaited.py."""

    def __init__(self, schema: GraphQLSchema, changes: Sequence[Change], awaited: Sequence[Change] = ()) -> None:
        self._schema = schema
        known = {(change.kind, change.coordinate) for change in changes}
        arrived = [each for each in self._arrived(awaited) if (each.kind, each.coordinate) not in known]
        self.changes = (*changes, *arrived)
        self.lives: defaultdict[str, Life] = defaultdict(Life)
        for change in self.changes:
            self._place(change)
        for coordinate, life in self.lives.items():
            self._check(coordinate, life)

    def life(self, coordinate: str) -> Life | None:
        return self.lives.get(coordinate)

    def exists(self, coordinate: str) -> bool:
        try:
            return self.resolved(coordinate) is not None
        except (GraphQLError, ValueError, TypeError):
            return False

    def resolved(self, coordinate: str) -> ResolvedSchemaElement | None:
        return resolve_schema_coordinate(self._schema, coordinate)

    def _arrived(self, awaited: Iterable[Change]) -> list[Change]:
        here = [change for change in awaited if self.exists(change.coordinate)]
        here = [change for change in here if change.use is None or self.exists(change.use)]
        deprecated = {change.coordinate for change in here if change.kind is Kind.DEPRECATED}
        return [change for change in here if change.kind is not Kind.REMOVED or change.coordinate in deprecated]

    def _place(self, change: Change) -> None:
        for coordinate in (change.coordinate, *([change.use] if change.use else ())):
            if not self.exists(coordinate):
                raise HistoryError(f"{coordinate}: the schema has no such thing")
        life = self.lives[change.coordinate]
        if getattr(life, change.kind.value) is not None:
            raise HistoryError(f"{change.coordinate} is {change.kind.value} twice")
        setattr(life, change.kind.value, change)

    def _check(self, coordinate: str, life: Life) -> None:
        parent = self.lives.get(coordinate.partition(".")[0], ALWAYS)
        deprecated = life.deprecated or parent.deprecated
        if life.removed and not (deprecated and deprecated.version < life.removed.version):
            raise HistoryError(f"{coordinate} is removed in {life.removed.version}, and not deprecated before")
        for change in (life.deprecated, life.removed):
            if life.added and change and change.version < life.added.version:
                raise HistoryError(f"{coordinate} is {change.kind.value} before it is added")

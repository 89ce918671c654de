"""What resolvers hand back: rows, not entities. A row is a tuple; its layout is told once for all rows of a level."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

Names = tuple[str, ...]


class Rows(list[Any]):
    """Tuples of one layout. A place may also hold None (no such row) or an exception (that place alone fails).

    `typenames` is as long as the rows where they are of an abstract type, else None.
    """

    __slots__ = ("names", "typenames")

    def __init__(self, rows: Iterable[Any], names: Names, typenames: Sequence[str] | None = None) -> None:
        super().__init__(rows)
        self.names = names
        self.typenames = typenames

    def column(self, name: str) -> list[Any]:
        """One value for each row. The rows must all be there, as the parents of a batch are."""
        return list(map(itemgetter(self.names.index(name)), self))

    def columns(self, *names: str) -> list[tuple[Any, ...]]:
        return list(map(itemgetter(*map(self.names.index, names)), self))


@dataclass(frozen=True, slots=True)
class Grouped:
    """A list of rows for each parent: all rows in the parents' order, and how many belong to each."""

    rows: Rows
    lengths: Sequence[int]

    def __len__(self) -> int:
        return len(self.lengths)


@dataclass(frozen=True, slots=True)
class Cursor:
    """How a list makes the cursor of a row, and the columns that it is made of."""

    function: Callable[..., str]
    reads: Names


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a connection: its rows, and whether there are more on either side."""

    rows: Rows
    has_next_page: bool
    has_previous_page: bool
    cursor: Cursor

    @property
    def start_cursor(self) -> str | None:
        return self._cursor_at(0) if self.rows else None

    @property
    def end_cursor(self) -> str | None:
        return self._cursor_at(-1) if self.rows else None

    def _cursor_at(self, place: int) -> str:
        row = self.rows[place]
        return self.cursor.function(*[row[self.rows.names.index(name)] for name in self.cursor.reads])


class Record:
    """One row on its own: under graphql-core every object is resolved alone, and at `node` rows of all types meet."""

    __slots__ = ("names", "row", "typename")

    def __init__(self, row: Any, names: Names, typename: str | None = None) -> None:
        self.row = row
        self.names = names
        self.typename = typename

    def __getitem__(self, name: str) -> Any:
        return self.row[self.names.index(name)]


def records(rows: Rows) -> list[Any]:
    """Each row with its layout; what is None or an exception stays as it is."""
    typenames: Sequence[str | None] = rows.typenames or [None] * len(rows)
    return [
        row if row is None or isinstance(row, Exception) else Record(row, rows.names, typename)
        for row, typename in zip(rows, typenames, strict=True)
    ]

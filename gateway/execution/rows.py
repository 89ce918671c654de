"""What resolvers hand back: rows, not entities. A row is a sequence; its layout is told once for all of a level."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

Names = tuple[str, ...]


class Layout:
    """What the places of a row are called. `nullable` are those that may hold None: all of them unless it is said.

    Two layouts of the same names are the same; the hash is kept because every level of an answer asks for it.
    """

    __slots__ = ("_hash", "index", "names", "nullable")

    def __init__(self, names: Names, nullable: Collection[str] | None = None) -> None:
        self.names = names
        self.nullable = frozenset(names if nullable is None else nullable)
        self.index = {name: place for place, name in enumerate(names)}
        self._hash = hash((names, self.nullable))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return isinstance(other, Layout) and (self.names, self.nullable) == (other.names, other.nullable)


class Rows(list[Any]):
    """Rows of one layout. A place may also hold None (no such row) or an exception (that place alone fails).

    `typenames` is as long as the rows where they are of an abstract type, else None.
    """

    __slots__ = ("layout", "typenames")

    def __init__(self, rows: Iterable[Any], layout: Layout, typenames: Sequence[str] | None = None) -> None:
        super().__init__(rows)
        self.layout = layout
        self.typenames = typenames

    def column(self, name: str) -> list[Any]:
        """One value for each row. The rows must all be there, as the parents of a batch are."""
        return list(map(itemgetter(self.layout.index[name]), self))

    def columns(self, *names: str) -> list[tuple[Any, ...]]:
        """The values of several columns for each row."""
        places = [self.layout.index[name] for name in names]
        if len(places) == 1:
            return [(row[places[0]],) for row in self]
        return list(map(itemgetter(*places), self))


@dataclass(slots=True)
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
    """One page of a connection: its rows, and whether there are more on either side.

    `asked` is what the list was asked for, where the connection has batch functions that answer more of it.
    """

    rows: Rows
    has_next_page: bool
    has_previous_page: bool
    cursor: Cursor
    asked: Any = None

    @property
    def start_cursor(self) -> str | None:
        return self._cursor_at(0) if self.rows else None

    @property
    def end_cursor(self) -> str | None:
        return self._cursor_at(-1) if self.rows else None

    def _cursor_at(self, place: int) -> str:
        row = self.rows[place]
        return self.cursor.function(*[row[self.rows.layout.index[name]] for name in self.cursor.reads])


@dataclass(slots=True)
class Pages:
    """A page for each parent, told as columns: the rows of all pages in the parents' order, and how many each has.

    To go through it gives Page after Page; who can work on the columns does not have them made.
    """

    rows: Rows
    lengths: Sequence[int]
    has_next_page: Sequence[bool]
    has_previous_page: Sequence[bool]
    cursor: Cursor
    asked: Any = None

    def __len__(self) -> int:
        return len(self.lengths)

    def __iter__(self) -> Iterator[Page]:
        start = 0
        for length, more, before in zip(self.lengths, self.has_next_page, self.has_previous_page, strict=True):
            end = start + length
            typenames = None if self.rows.typenames is None else self.rows.typenames[start:end]
            yield Page(Rows(self.rows[start:end], self.rows.layout, typenames), more, before, self.cursor, self.asked)
            start = end

    def attribute(self, name: str) -> Any:
        """That attribute of each page."""
        if name == "rows":
            return Grouped(self.rows, self.lengths)
        return [getattr(page, name) for page in self]


class Record:
    """One row on its own: under graphql-core every object is resolved alone, and at `node` rows of all types meet."""

    __slots__ = ("layout", "row", "typename")

    def __init__(self, row: Any, layout: Layout, typename: str | None = None) -> None:
        self.row = row
        self.layout = layout
        self.typename = typename

    def __getitem__(self, name: str) -> Any:
        return self.row[self.layout.index[name]]


def records(rows: Rows) -> list[Any]:
    """Each row with its layout; what is None or an exception stays as it is."""
    typenames: Sequence[str | None] = rows.typenames or [None] * len(rows)
    return [
        row if row is None or isinstance(row, Exception) else Record(row, rows.layout, typename)
        for row, typename in zip(rows, typenames, strict=True)
    ]


def count_objects(values: Any) -> int:
    """How many objects a batch function got: what the actual cost of a request is made of."""
    if isinstance(values, Rows):
        return sum(value is not None for value in values)
    if isinstance(values, (Grouped, Pages)):
        return len(values.rows)
    return sum(map(_count_place, values))


def _count_place(value: Any) -> int:
    if isinstance(value, Page):
        return len(value.rows)
    if isinstance(value, list):
        return sum(isinstance(item, Record) for item in value)
    return int(isinstance(value, Record))


# What the fields of the root read: one row without columns.
ROOT = Rows([()], Layout(()))

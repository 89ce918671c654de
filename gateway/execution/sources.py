"""Where the value of a field comes from. Each field of the schema names one of these; both engines read them.

A batch function is `async (parents, call) -> values`: one value for each parent, in their order, as Rows (one object
each), Grouped (a list each), Pages (a page each), or a list of leaves. An exception in a place fails that place alone.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.execution.rows import Grouped, Layout, Names, Pages, Rows


# Not frozen, as little else that is made for each field or request: that takes three times as long.
@dataclass(slots=True)
class Call:
    """What a batch function is told besides the parents. `columns` is what the selection needs; None is all of them.

    `alone` says that nothing else of the request is fetched meanwhile.
    """

    context: Any
    arguments: Mapping[str, Any]
    columns: Names | None = None
    alone: bool = False


Values = Sequence[Any] | Grouped | Pages
BatchFunction = Callable[[Rows, Call], Awaitable[Values]]


def check_length(values: Values, parents: Sequence[Any], coordinate: str) -> None:
    """A batch function that answers with too few values, or too many, has lost track of which are whose."""
    if len(values) != len(parents):
        raise RuntimeError(f"{coordinate} gave another number of values than it has parents")


@dataclass(frozen=True, slots=True)
class Column:
    """The parent's column of that name."""

    name: str


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of the parent, which is a Page or another plain value."""

    name: str


@dataclass(frozen=True, slots=True)
class Same:
    """The parent itself, seen as another type: an edge and its node are one row."""


@dataclass(frozen=True, slots=True)
class Computed:
    """A function of some of the parent's columns."""

    function: Callable[..., Any]
    reads: Names


@dataclass(frozen=True, slots=True)
class Prefixed:
    """The parent's column behind a text: how ids are written."""

    prefix: str
    name: str


@dataclass(frozen=True, slots=True)
class Embedded:
    """An object made of the parent's columns, renamed; null where the first of them is.

    `constants` are columns that are the same for every parent, with their values.
    """

    columns: Names
    names: Names
    constants: tuple[tuple[str, str], ...] = ()

    @property
    def layout(self) -> Layout:
        return Layout((*self.names, *(name for name, _ in self.constants)))

    def row(self, values: tuple[Any, ...]) -> tuple[Any, ...] | None:
        return None if values[0] is None else (*values, *(value for _, value in self.constants))


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch function, with the parent's columns that it reads."""

    function: BatchFunction
    reads: Names = ()


# What the built schema's fields hold, in their extensions: their source, and what guards them (None where nothing).
SOURCE = "source"
GUARD = "guard"

Source = Column | Attribute | Same | Computed | Prefixed | Embedded | Batch


def batch(*reads: str) -> Callable[[BatchFunction], Batch]:
    """Declares a batch function: `@batch("shop_id")`."""
    return lambda function: Batch(function, reads)

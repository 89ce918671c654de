"""Where a schema came from, so that reports and errors name file, line and column."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Place:
    """`line` and `column` count from 1; both are 0 where the source has none, as JSON or a server."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Origin:
    """`files` are names and texts in the order in which they were read, one character apart."""

    label: str
    files: tuple[tuple[str, str], ...] = ()

    def place(self, at: int) -> Place:
        for name, text in self.files:
            if 0 <= at <= len(text):
                starts = _line_starts(text)
                line = bisect_right(starts, at)
                return Place(name, line, at - starts[line - 1] + 1)
            at -= len(text) + 1
        return Place(self.files[0][0] if len(self.files) == 1 else self.label)


@lru_cache(maxsize=8)
def _line_starts(text: str) -> list[int]:
    """Found once a file: a report may name thousands of places in it."""
    return [0, *(found.end() for found in re.finditer("\n", text))]


class LoadError(Exception):
    """A schema, document or configuration can't be had; the message begins with its place."""

    def __init__(self, place: Place | str, message: str) -> None:
        super().__init__(f"{place}: {message}")

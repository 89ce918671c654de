"""Keyset cursors: where a page begins and ends in the order of its list.

A cursor is base64 of the order's tag, the values that its list is sorted by, and a checksum. It names a position and
not a row, so it stays good when rows come or go elsewhere.
"""

import struct
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cached_property
from typing import Any, Protocol

from gateway.errors import InvalidArgument
from gateway.execution.rows import Cursor
from gateway.moments import Moment, microseconds_of, moment_of

LARGEST_PAGE = 250
DEFAULT_PAGE = 50

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECONDS_TO_2000 = -microseconds_of(_EPOCH)
_CHECKSUM = struct.Struct(">I")

# The values that a list is sorted by, in the order of its keys.
Position = tuple[Any, ...]


class Cursors(Protocol):
    """What reads the cursors of a list."""

    def decode(self, cursor: str) -> Position: ...


class Kind(Enum):
    MOMENT = "moment"
    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Key:
    """A column that a list is sorted by. It is never null: what is missing must sort as some value."""

    column: str
    kind: Kind = Kind.NUMBER


@dataclass(frozen=True)
class Order:
    """By those columns, the first before the others, all falling or all rising; the last one tells all rows apart.

    `tag`, four letters, tells one order's cursors from another's. At most one key is a text.
    """

    tag: str
    keys: tuple[Key, ...]
    falling: bool = True

    @cached_property
    def columns(self) -> tuple[str, ...]:
        return tuple(key.column for key in self.keys)

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.encode, self.columns)

    @cached_property
    def _numbers(self) -> struct.Struct:
        """The tag and all keys but the text, which comes after them."""
        return struct.Struct(">4s" + "q" * sum(key.kind is not Kind.TEXT for key in self.keys))

    def encode(self, *values: Any) -> str:
        numbers, text = [], b""
        for key, value in zip(self.keys, values, strict=True):
            if key.kind is Kind.TEXT:
                text = value.encode()
            else:
                numbers.append(_since_1970(value) if key.kind is Kind.MOMENT else value)
        position = self._numbers.pack(self.tag.encode(), *numbers) + text
        return urlsafe_b64encode(position + _CHECKSUM.pack(zlib.crc32(position))).decode()

    def decode(self, cursor: str) -> Position:
        """Raises InvalidArgument with INVALID_CURSOR for what `encode` of this order did not make."""
        try:
            packed = urlsafe_b64decode(cursor.encode("ascii"))
            position, checksum = packed[: -_CHECKSUM.size], packed[-_CHECKSUM.size :]
            tag, *numbers = self._numbers.unpack(position[: self._numbers.size])
            if checksum != _CHECKSUM.pack(zlib.crc32(position)) or tag != self.tag.encode():
                raise ValueError
            values = self._values(numbers, position[self._numbers.size :].decode())
        except (ValueError, struct.error, OverflowError):
            message = "The cursor is damaged, or of another list. Start again without it."
            raise InvalidArgument(message, code="INVALID_CURSOR") from None
        if self.encode(*values) != cursor:
            raise InvalidArgument("The cursor is damaged. Start again without it.", code="INVALID_CURSOR")
        return values

    def _values(self, numbers: list[int], text: str) -> Position:
        if "\0" in text:
            raise ValueError
        rest = iter(numbers)
        return tuple(text if key.kind is Kind.TEXT else _read(key.kind, next(rest)) for key in self.keys)


def newest_first(tag: str, moment: str) -> Order:
    """By that column, then by id."""
    return Order(tag, (Key(moment, Kind.MOMENT), Key("id")))


def _since_1970(moment: Moment) -> int:
    since_2000 = moment if isinstance(moment, int) else microseconds_of(moment_of(moment))
    return since_2000 + _MICROSECONDS_TO_2000


def _read(kind: Kind, number: int) -> Any:
    return _EPOCH + timedelta(microseconds=number) if kind is Kind.MOMENT else number


@dataclass(frozen=True, slots=True)
class Bounds:
    """One page as it was asked for: its size, from which end, and the positions that it lies between."""

    size: int
    backward: bool
    after: Position | None
    before: Position | None


def bounds(arguments: Mapping[str, Any], order: Cursors) -> Bounds:
    """Raises InvalidArgument with INVALID_PAGE_SIZE or INVALID_CURSOR. An empty cursor is none, as null is."""
    first, last = arguments.get("first"), arguments.get("last")
    if first is not None and last is not None:
        raise InvalidArgument("Give first or last, not both", code="INVALID_PAGE_SIZE")
    given = first if last is None else last
    size = DEFAULT_PAGE if given is None else int(given)
    if not 0 <= size <= LARGEST_PAGE:
        params = {"most": LARGEST_PAGE, "argument": "first" if last is None else "last", "size": size}
        raise InvalidArgument("A page has 0 to {most} rows; {argument} was {size}", params, code="INVALID_PAGE_SIZE")
    after, before = arguments.get("after"), arguments.get("before")
    return Bounds(
        size=size,
        backward=last is not None,
        after=order.decode(after) if after else None,
        before=order.decode(before) if before else None,
    )

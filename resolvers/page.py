"""Keyset cursors: where a page begins and ends, newest first.

A cursor is base64 of the list's tag, a moment in microseconds, an id and a checksum. It names a position and not a
row, so it stays good when rows come or go elsewhere.
"""

import struct
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from gateway.errors import InvalidArgument
from gateway.execution.rows import Cursor

LARGEST_PAGE = 250
DEFAULT_PAGE = 50

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_POSITION = struct.Struct(">4sqq")
_CHECKSUM = struct.Struct(">I")

Position = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class Order:
    """Newest first by the column `moment`, then by id. `tag`, four letters, tells one list's cursors from another's."""

    tag: str
    moment: str

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.encode, (self.moment, "id"))

    def encode(self, moment: datetime | str, row_id: int) -> str:
        if isinstance(moment, str):
            moment = datetime.fromisoformat(moment)
        position = _POSITION.pack(self.tag.encode(), (moment - _EPOCH) // _MICROSECOND, row_id)
        return urlsafe_b64encode(position + _CHECKSUM.pack(zlib.crc32(position))).decode()

    def decode(self, cursor: str) -> Position:
        """Raises InvalidArgument with INVALID_CURSOR for what `encode` of this list did not make."""
        try:
            packed = urlsafe_b64decode(cursor.encode("ascii"))
            position, checksum = packed[: _POSITION.size], packed[_POSITION.size :]
            tag, microseconds, row_id = _POSITION.unpack(position)
            moment = _EPOCH + timedelta(microseconds=microseconds)
            if checksum != _CHECKSUM.pack(zlib.crc32(position)) or tag != self.tag.encode():
                raise ValueError
        except (ValueError, struct.error, OverflowError):
            message = "The cursor is damaged, or of another list. Start again without it."
            raise InvalidArgument(message, code="INVALID_CURSOR") from None
        if self.encode(moment, row_id) != cursor:
            raise InvalidArgument("The cursor is damaged. Start again without it.", code="INVALID_CURSOR")
        return moment, row_id


@dataclass(frozen=True, slots=True)
class Bounds:
    """One page as it was asked for: its size, from which end, and the positions that it lies between."""

    size: int
    backward: bool
    after: Position | None
    before: Position | None


def bounds(arguments: Mapping[str, Any], order: Order) -> Bounds:
    """Raises InvalidArgument with INVALID_PAGE_SIZE or INVALID_CURSOR. An empty cursor is none, as null is."""
    first, last = arguments.get("first"), arguments.get("last")
    if first is not None and last is not None:
        raise InvalidArgument("Give first or last, not both", code="INVALID_PAGE_SIZE")
    given = first if last is None else last
    size = DEFAULT_PAGE if given is None else int(given)
    if not 0 <= size <= LARGEST_PAGE:
        message = f"A page has 0 to {LARGEST_PAGE} rows; {'first' if last is None else 'last'} was {size}"
        raise InvalidArgument(message, code="INVALID_PAGE_SIZE")
    after, before = arguments.get("after"), arguments.get("before")
    return Bounds(
        size=size,
        backward=last is not None,
        after=order.decode(after) if after else None,
        before=order.decode(before) if before else None,
    )

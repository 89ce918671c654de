"""What arguments may hold, whatever the field."""

from collections.abc import Mapping
from typing import Any

from gateway.errors import InvalidArgument


def check_text(value: Any) -> None:
    """Refuses what no database can hold, before it gets there: the character U+0000."""
    if isinstance(value, str):
        if "\0" in value:
            raise InvalidArgument("A text can't hold the character U+0000", code="INVALID_TEXT")
    elif isinstance(value, Mapping):
        for item in value.values():
            check_text(item)
    elif isinstance(value, list):
        for item in value:
            check_text(item)

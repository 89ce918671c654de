"""Ids as they go over the wire: `gid://partners/Job/1`; a charge of an app is `gid://shopify/AppUsageRecord/1`."""

import re
from collections.abc import Collection

from gateway.errors import InvalidArgument

SHOPIFY_TYPES = frozenset({"AppCredit", "AppPurchaseOneTime", "AppSubscription", "AppUsageRecord"})
LARGEST_ID = 2**63 - 1
# Rows count from 1, so an id that no row can have reads as this one.
NO_ROW = 0

# Clients write either host for the same row, since the Partner API itself has changed from one to the other.
_GID = re.compile(r"gid://(?:partners|shopify)/([A-Za-z]{1,64})/([0-9]{1,40})")


def gid_prefix(typename: str) -> str:
    """What comes before the number in the ids of a type."""
    host = "shopify" if typename in SHOPIFY_TYPES else "partners"
    return f"gid://{host}/{typename}/"


def gid(typename: str, row_id: int) -> str:
    return f"{gid_prefix(typename)}{row_id}"


def parse(text: str) -> tuple[str, int]:
    """The type's name and the row's id. Raises InvalidArgument with INVALID_ID."""
    match = _GID.fullmatch(text)
    if match is None:
        raise InvalidArgument("An id looks like gid://partners/Job/1", code="INVALID_ID")
    number = int(match[2])
    return match[1], number if number <= LARGEST_ID else NO_ROW


def parse_as(text: str, typenames: Collection[str]) -> int:
    """The id of a row of one of these types. Raises InvalidArgument with INVALID_ID for any other."""
    typename, number = parse(text)
    if typename not in typenames:
        expected = ", ".join(f"gid://…/{name}/…" for name in sorted(typenames))
        message = "This takes an id like {expected}, not one of type {typename}"
        raise InvalidArgument(message, {"expected": expected, "typename": typename}, code="INVALID_ID")
    return number

"""The stream of events: charges, credits, earnings, relationships and subscription changes, in pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from gateway.errors import InvalidArgument
from gateway.execution.rows import Layout, Names, Pages, Rows
from gateway.execution.sources import Call, batch
from gateway.models.partner_event import EventType, SubjectType, partner_events
from resolvers.gid import parse, parse_as
from resolvers.keyset import pages
from resolvers.loaders import projected
from resolvers.page import Bounds, bounds
from resolvers.stream import ORDER, PLACE, Shape, bound_position, page_statement

DEFAULT_RANGE = timedelta(days=30)
LARGEST_RANGE = timedelta(days=365)


class EventOrder(StrEnum):
    OCCURRED_AT_ASC = "OCCURRED_AT_ASC"
    OCCURRED_AT_DESC = "OCCURRED_AT_DESC"


_TYPENAMES = {
    "CHARGE": "Charge",
    "CREDIT": "Credit",
    "EARNING": "Earning",
    "RELATIONSHIP": "Relationship",
    "SUBSCRIPTION": "SubscriptionStatus",
}
EVENT_TYPENAMES = {kind.value: _TYPENAMES[kind.partition("_")[0]] for kind in EventType}
SUBJECTS = {"App": SubjectType.APP, "Theme": SubjectType.THEME}

# What may be missing in a row. Amounts are there wherever a type that shows them is.
_NULLABLE = frozenset(
    {
        "shop_id",
        "charge_id",
        "charge_kind",
        "subscription_id",
        "plan_id",
        "description",
        "reason",
        "cancel_effective_at",
    }
)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The filters as they are bound. `branches` is None where all types are wanted."""

    equals: Mapping[str, Any]
    branches: Sequence[tuple[str, str]] | None

    @property
    def bound(self) -> dict[str, Any]:
        values = dict(self.equals)
        for number, (subject_type, kind) in enumerate(self.branches or ()):
            values |= {f"subject_type_{number}": subject_type, f"type_{number}": kind}
        return values


@batch()
async def list_events(_parents: Rows, call: Call) -> Pages:
    """One page. Raises INVALID_PAGE_SIZE, INVALID_CURSOR, INVALID_ID, INVALID_RANGE or INVALID_ARGUMENT."""
    filters = call.arguments.get("filter") or {}
    wanted, between = _wanted(filters), event_range(filters, call.context.now)
    asked = bounds(call.arguments, ORDER)
    columns = projected(partner_events, call.columns, *PLACE, "type")
    fetched: Sequence[Any] = ()
    if wanted.branches is None or wanted.branches:
        falling = call.arguments.get("order_by") != EventOrder.OCCURRED_AT_ASC
        shape, positions = _sides(wanted, asked, falling=falling)
        values = dict(zip(("occurred_at_min", "occurred_at_max"), between, strict=True)) | wanted.bound | positions
        statement = page_statement(columns, call.context.scope, shape)
        fetched = await call.context.fetch(statement, {**values, "page_size": asked.size + 1})
    rows = _typed(fetched[::-1] if asked.backward else fetched, columns)
    return pages(ORDER, asked, rows, [len(fetched)], call.columns)


def _sides(wanted: _Wanted, asked: Bounds, *, falling: bool) -> tuple[Shape, dict[str, Any]]:
    """Where the list falls, the newer side of a page is the one before it; where it rises, the one after it."""
    above, below = (asked.before, asked.after) if falling else (asked.after, asked.before)
    positions: dict[str, Any] = {}
    for side, position in (("above", above), ("below", below)):
        if position is not None:
            positions |= bound_position(side, position)
    shape = Shape(
        equals=tuple(wanted.equals),
        branches=len(wanted.branches or ()),
        rising=asked.backward is falling,
        above=above is not None,
        below=below is not None,
    )
    return shape, positions


def _typed(rows: Sequence[Any], columns: Names) -> Rows:
    layout = Layout(columns, [name for name in columns if name in _NULLABLE])
    place = layout.index["type"]
    return Rows(rows, layout, [EVENT_TYPENAMES[row[place]] for row in rows])


def _wanted(given: Mapping[str, Any]) -> _Wanted:
    equals: dict[str, Any] = {}
    subject_type, types = given.get("subject_type"), given.get("event_types")
    if (subject := given.get("subject_id")) is not None:
        equals = {"subject_type": SUBJECTS[_subject_of(subject)], "subject_id": parse_as(subject, SUBJECTS)}
        if subject_type is not None and subject_type != equals["subject_type"]:
            return _Wanted({}, ())
    elif subject_type is not None:
        equals = {"subject_type": subject_type}
    if (shop := given.get("shop_id")) is not None:
        if subject is None:
            raise InvalidArgument("shopId narrows what happened to a subject: give subjectId with it")
        equals["shop_id"] = parse_as(shop, {"Shop"})
    if types is None:
        return _Wanted(equals, None)
    subjects = [equals["subject_type"]] if "subject_type" in equals else list(SubjectType)
    return _Wanted(equals, [(each, kind) for kind in dict.fromkeys(types) for each in subjects if _has(each, kind)])


def _subject_of(text: str) -> str:
    parse_as(text, SUBJECTS)
    return parse(text)[0]


def _has(subject_type: str, kind: str) -> bool:
    """A theme is sold, and that is all that happens to it."""
    return subject_type == SubjectType.APP or kind.startswith("EARNING")


def event_range(given: Mapping[str, Any], now: datetime) -> tuple[datetime, datetime]:
    """From when to when, both included: the last 30 days unless the filter says otherwise. Raises INVALID_RANGE.

    Nothing of the future is told, should rows of it be there.
    """
    until = min(given.get("occurred_at_max") or now, now)
    since = given.get("occurred_at_min") or now - DEFAULT_RANGE
    if given.get("occurred_at_max") and given["occurred_at_max"] < since:
        message = "occurredAtMax lies before occurredAtMin, which is 30 days ago unless it is given"
        raise InvalidArgument(message, code="INVALID_RANGE")
    if until - since > LARGEST_RANGE:
        message = "Events of at most {days} days can be asked for at once: give occurredAtMin and occurredAtMax"
        raise InvalidArgument(message, {"days": LARGEST_RANGE.days}, code="INVALID_RANGE")
    return since, until

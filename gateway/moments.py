"""Moments in the forms that they have on their way: a datetime in our own code, and in rows what is cheapest to read.

PostgreSQL keeps a moment as microseconds since 2000, and sends them so; SQLite keeps the text of the wire. To make a
datetime of each moment of a page, only to write it out again, took a quarter of the page's time.
"""

from datetime import UTC, datetime, timedelta

# A moment in a row that was read: microseconds since EPOCH, the text of the wire, or what our own code computed.
Moment = int | str | datetime

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_FIRST_DAY = EPOCH.date()
_MICROSECOND = timedelta(microseconds=1)
# A century of days.
_MOST_DAYS = 36_525


def microseconds_of(moment: datetime) -> int:
    """Since EPOCH."""
    return (moment - EPOCH) // _MICROSECOND


def moment_of(read: Moment) -> datetime:
    """The moment that a row holds."""
    if isinstance(read, int):
        return EPOCH + timedelta(microseconds=read)
    return datetime.fromisoformat(read) if isinstance(read, str) else read


class _Days(dict[int, str]):
    """The dates that were written before, by the days since EPOCH."""

    def __missing__(self, day: int) -> str:
        if len(self) >= _MOST_DAYS:
            self.clear()
        text = self[day] = (_FIRST_DAY + timedelta(days=day)).isoformat()
        return text


_DAYS = _Days()
# Looked up, since to format a number takes as long as all the rest.
_MINUTES = [f"T{minute // 60:02d}:{minute % 60:02d}:" for minute in range(24 * 60)]
_SECONDS = [f"{second:02d}." for second in range(60)]
_THOUSANDTHS = [f"{number:03d}" for number in range(1_000)]
_MILLISECONDS = [second + thousandth for second in _SECONDS for thousandth in _THOUSANDTHS]
_MICROSECONDS = [thousandth + "Z" for thousandth in _THOUSANDTHS]


def wire_text(read: Moment) -> str:
    """`2019-07-03T20:47:55.123456Z`."""
    if isinstance(read, int):
        milliseconds = read // 1_000
        minutes = milliseconds // 60_000
        date, minute = _DAYS[minutes // 1_440], _MINUTES[minutes % 1_440]
        return f"{date}{minute}{_MILLISECONDS[milliseconds % 60_000]}{_MICROSECONDS[read % 1_000]}"
    if isinstance(read, str):
        return read
    moment = read if read.tzinfo is UTC else read.astimezone(UTC)
    return moment.isoformat(timespec="microseconds")[:26] + "Z"


# `wire_text` of `{0}` as an expression of generated code: of what a moment takes, a third was to call the function.
WIRE_EXPRESSION = (
    "f'{{days[(minute := (millisecond := {0} // 1_000) // 60_000) // 1_440]}}{{minutes[minute % 1_440]}}"
    "{{milliseconds[millisecond % 60_000]}}{{microseconds[{0} % 1_000]}}' if {0}.__class__ is int else wire_text({0})"
)
WIRE_NAMES = {
    "days": _DAYS,
    "minutes": _MINUTES,
    "milliseconds": _MILLISECONDS,
    "microseconds": _MICROSECONDS,
    "wire_text": wire_text,
}

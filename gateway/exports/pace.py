"""How fast to ask. Nothing is held back until the server answers 429; from then on it sets the pace."""

import asyncio
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# The Partner API lets in four requests a second, and no answer tells the limit of another server.
LEARNT_INTERVAL_SECONDS = 0.25
LONGEST_INTERVAL_SECONDS = 10.0


class Pace:
    """`turn` is waited for before each request. A lower pace than four a second is given up again, bit by bit."""

    def __init__(self) -> None:
        self.interval_seconds = 0.0
        self._next = 0.0

    async def turn(self) -> None:
        wait = self._next - time.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)
        self._next = time.monotonic() + self.interval_seconds

    def slow_down(self, pause_seconds: float) -> None:
        self.interval_seconds = min(
            LONGEST_INTERVAL_SECONDS, max(LEARNT_INTERVAL_SECONDS, self.interval_seconds * 1.25)
        )
        self._next = time.monotonic() + pause_seconds

    def went_well(self) -> None:
        if self.interval_seconds > LEARNT_INTERVAL_SECONDS:
            self.interval_seconds = max(LEARNT_INTERVAL_SECONDS, self.interval_seconds * 0.98)


def retry_after_seconds(header: str | None) -> float | None:
    """Reads both forms, seconds and a date; None where there is no header or it can't be read."""
    if not header:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())

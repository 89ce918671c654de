"""How far an export is: a bar on a terminal, lines where there is none. Both go to stderr."""

import sys
import time
from datetime import datetime
from typing import Protocol, TextIO

from rich.console import Console
from rich.progress import BarColumn, SpinnerColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

SECONDS_BETWEEN_LINES = 5.0


class Progress(Protocol):
    """`share` is what is done of the kind, from 0 to 1, and None where nothing tells: the API has no totals."""

    def begin(self, name: str, left: list[str]) -> None: ...
    def advance(self, count: int, share: float | None) -> None: ...
    def end(self) -> None: ...
    def say(self, sentence: str) -> None: ...
    def close(self) -> None: ...


def progress_for(stream: TextIO | None = None) -> Progress:
    stream = stream or sys.stderr
    return BarProgress(stream) if stream.isatty() else LineProgress(stream)


class LineProgress:
    """A line every few seconds, and one at the end of each kind."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.rate = Rate()

    def begin(self, name: str, left: list[str]) -> None:
        self.name, self.left, self.count = name, left, 0
        self.rate = Rate()
        self._line_at = time.monotonic() + SECONDS_BETWEEN_LINES

    def advance(self, count: int, share: float | None) -> None:
        self.count = count
        per_second = self.rate.at(count)
        if time.monotonic() >= self._line_at:
            self._line_at = time.monotonic() + SECONDS_BETWEEN_LINES
            done = "" if share is None else f", about {share:.0%}"
            self.say(f"{self.name}: {count:,} records, {per_second:,.0f} a second{done}{_then(self.left)}")

    def end(self) -> None:
        self.say(f"{self.name}: {self.count:,} records, done{_then(self.left)}")

    def say(self, sentence: str) -> None:
        print(sentence, file=self.stream, flush=True)

    def close(self) -> None:
        pass


class BarProgress:
    def __init__(self, stream: TextIO) -> None:
        self.task: TaskID | None = None
        self.bars = Bars(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[count]:,} records, {task.fields[per_second]:,.0f}/s"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[then]}"),
            console=Console(file=stream),
        )
        self.bars.start()

    def begin(self, name: str, left: list[str]) -> None:
        if self.task is not None:
            # It was left out, and nothing of it goes on.
            self.bars.remove_task(self.task)
        self.rate = Rate()
        self.task = self.bars.add_task(name, total=None, count=0, per_second=0.0, then=_then(left).lstrip("; "))

    def advance(self, count: int, share: float | None) -> None:
        total = None if share is None else 1.0
        if self.task is not None:
            self.bars.update(
                self.task, total=total, completed=share or 0.0, count=count, per_second=self.rate.at(count)
            )

    def end(self) -> None:
        if self.task is not None:
            self.bars.update(self.task, total=1.0, completed=1.0, then="")
        self.task = None

    def say(self, sentence: str) -> None:
        self.bars.console.print(sentence, markup=False, highlight=False)

    def close(self) -> None:
        self.bars.stop()


class Rate:
    """Records a second since the first count, so that what an earlier run downloaded does not flatter this one."""

    def __init__(self) -> None:
        self._first: tuple[float, int] | None = None

    def at(self, count: int) -> float:
        now = time.monotonic()
        if self._first is None:
            self._first = (now, count)
            return 0.0
        started, before = self._first
        return (count - before) / max(now - started, 0.001)


def share_by_time(newest: str | None, here: str | None, oldest: str | None) -> float | None:
    """What is done of a list that runs from its newest record to its oldest. Takes times as the API writes them."""
    if not (newest and here and oldest):
        return None
    try:
        first, now, last = (datetime.fromisoformat(text) for text in (newest, here, oldest))
        whole, done = (first - last).total_seconds(), (first - now).total_seconds()
    except (ValueError, TypeError):
        return None
    return min(1.0, max(0.0, done / whole)) if whole > 0 else 1.0


def _then(left: list[str]) -> str:
    return f"; then {', '.join(left)}" if left else ""

"""What is done for each kind of work, and which kinds come again by themselves."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from gateway.jobs.leases import Lease
from gateway.jobs.work import Work

Handler = Callable[[Work], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Timer:
    """Work without a payload that is done every so often, by one worker of all. It is never given up."""

    kind: str
    every: timedelta
    handle: Handler

    @property
    def key(self) -> str:
        """Of its one row."""
        return f"timer:{self.kind}"


class Handlers:
    def __init__(self, handlers: Mapping[str, Handler], timers: Iterable[Timer] = ()) -> None:
        self.timers = {timer.kind: timer for timer in timers}
        self._handlers = {**handlers, **{kind: timer.handle for kind, timer in self.timers.items()}}
        self.kinds = sorted(self._handlers)

    def __getitem__(self, kind: str) -> Handler:
        return self._handlers[kind]

    def period(self, lease: Lease) -> timedelta | None:
        """After how long it comes again; None for work that is done once, also if it is of a timer's kind."""
        timer = self.timers.get(lease.kind)
        return timer.every if timer and timer.key == lease.key else None

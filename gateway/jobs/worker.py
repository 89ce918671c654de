"""What does the work: it looks for what is due, and does some of it at once, until it is told to stop."""

import asyncio
import logging
import os
import secrets
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from gateway.db import Database
from gateway.errors import GatewayError, Unavailable, WorkFailed, WorkRefused
from gateway.jobs.attempt import attempt
from gateway.jobs.handlers import Handlers
from gateway.jobs.leases import MAX_ATTEMPTS, STOPPED_ANSWERING, Lease, Leases, pause_after
from gateway.jobs.timers import start_timers
from gateway.jobs.work import LeaseLost, Work
from gateway.mail import make_mailer
from gateway.settings import Settings

# Between two looks while the database is away: up to half a minute.
LONGEST_PAUSE_DOUBLINGS = 5

_log = logging.getLogger("gateway.jobs")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Pieces of work that are done side by side, and seconds."""

    at_once: int = 1
    # Between two looks for work while there is none.
    poll: float = 1.0
    # For as long nobody takes over the work of a worker that was killed.
    lease: float = 30.0
    # For one attempt: longer than a mail server may take for one letter.
    limit: float = 300.0
    # What is not done this long after `stop` is given back.
    grace: float = 5.0


def utc_now() -> datetime:
    return datetime.now(UTC)


class Worker:
    """`clock` is turned by tests; times of waiting are real."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        handlers: Handlers,
        *,
        pace: Pace | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._database = database
        self._settings = settings
        self._handlers = handlers
        self._mailer = make_mailer(settings)
        self._pace = pace or Pace()
        self._clock = clock
        owner = f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._leases = Leases(database, owner=owner, length=timedelta(seconds=self._pace.lease))
        self._doing: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()
        self._looked_at = -self._pace.poll
        self._has_found = False

    def stop(self) -> None:
        """`run` claims nothing more, and ends when what it does is done or given back."""
        self._stopping.set()

    async def run(self) -> None:
        """Until `stop`. The database need not be up, nor migrated: it is asked again."""
        has_timers, failures = False, 0
        while not self._stopping.is_set():
            try:
                if not has_timers:
                    await start_timers(self._database, self._handlers, self._clock())
                    has_timers = True
                pause = 0.0 if await self._start_next() else self._pace.poll
                failures = 0
            except Exception as error:  # noqa: BLE001 - whatever it is, the next look may succeed
                if not failures:
                    _log.warning("Can't look for work, and looks again: %s", _sentence(error))
                pause, failures = self._pace.poll * 2**failures, min(failures + 1, LONGEST_PAUSE_DOUBLINGS)
            if pause:
                await self._wait(pause)
        await self._end()

    async def run_due(self) -> list[str]:
        """Does all that is due, one after another, and tells the kinds; for tests, which turn the clock."""
        await start_timers(self._database, self._handlers, self._clock())
        await self._leases.take_back(self._clock())
        kinds = []
        while lease := await self._leases.claim(self._handlers.kinds, self._clock()):
            await self._do(lease)
            kinds.append(lease.kind)
        return kinds

    async def _start_next(self) -> bool:
        """False where nothing is due."""
        await self._free_slot()
        if self._stopping.is_set() or not await self._is_something_due():
            return False
        lease = await self._leases.claim(self._handlers.kinds, self._clock())
        self._has_found = lease is not None
        if lease:
            doing = asyncio.create_task(self._do(lease))
            self._doing.add(doing)
            doing.add_done_callback(self._doing.discard)
        return self._has_found

    async def _is_something_due(self) -> bool:
        """Reads, since to claim is to write. After a piece of work comes another, more often than not."""
        now = time.monotonic()
        if self._has_found and now - self._looked_at < self._pace.poll:
            return True
        self._looked_at = now
        waiting, lapsed = await self._leases.look(self._handlers.kinds, self._clock())
        if lapsed:
            await self._leases.take_back(self._clock())
        return waiting or lapsed

    async def _do(self, lease: Lease) -> None:
        """Leaves nothing but a cancellation to be raised."""
        now, period = self._clock(), self._handlers.period(lease)
        work = Work(
            lease=lease,
            leases=self._leases,
            now=now,
            again_at=now + period if period else None,
            database=self._database,
            settings=self._settings,
            mailer=self._mailer,
        )
        try:
            if lease.attempt > MAX_ATTEMPTS and not period:
                raise WorkRefused(STOPPED_ANSWERING)
            await attempt(work, self._handlers[lease.kind], limit_seconds=self._pace.limit, clock=self._clock)
        except asyncio.CancelledError:
            with suppress(Unavailable):
                await self._leases.give_back(lease)
            raise
        except LeaseLost:
            _log.info("Work %d (%s) was taken over by another worker", lease.id, lease.kind)
        except Exception as error:  # noqa: BLE001 - whatever it is, the work is tried again
            await self._fail(lease, error)

    async def _fail(self, lease: Lease, error: Exception) -> None:
        now, period = self._clock(), self._handlers.period(lease)
        pause = pause_after(lease.attempt)
        is_dead = not period and (isinstance(error, WorkRefused) or lease.attempt >= MAX_ATTEMPTS)
        again_at = None if is_dead else now + (min(pause, period) if period else pause)
        # What is neither foreseen nor the database's is our bug.
        traceback = None if isinstance(error, (GatewayError, WorkFailed)) else error
        then = f"tried again at {again_at:%Y-%m-%dT%H:%M:%SZ}" if again_at else "given up"
        level = logging.WARNING if again_at else logging.ERROR
        what = ("Work %d (%s) failed and is %s: %s", lease.id, lease.kind, then, _sentence(error))
        _log.log(level, *what, exc_info=traceback)
        try:
            await self._leases.fail(lease, _sentence(error), now, again_at=again_at)
        except Unavailable as away:
            _log.warning("Work %d waits until its lease lapses: %s", lease.id, away.message)

    async def _free_slot(self) -> None:
        if len(self._doing) < self._pace.at_once:
            return
        stopping = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait({*self._doing, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()

    async def _wait(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()

    async def _end(self) -> None:
        if self._doing:
            _, late = await asyncio.wait(self._doing, timeout=self._pace.grace)
            for doing in late:
                doing.cancel()
            await asyncio.gather(*late, return_exceptions=True)


def _sentence(error: Exception) -> str:
    """Without a message of which we don't know what it tells: it is kept, and shown."""
    return error.message if isinstance(error, (GatewayError, WorkFailed)) else f"A bug: {type(error).__name__}"

"""Processor time of other processes, as Linux counts it: to the nanosecond, of all threads, ended ones too."""

import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import asyncpg
from sqlalchemy import make_url

from gateway.bench.trouble import Trouble

# The kernel's number for "all threads of that process, what the scheduler gave them".
_SCHEDULED = 2
_LOCAL = frozenset({None, "", "localhost", "127.0.0.1", "::1"})


def processor_seconds(pid: int) -> float:
    """User and system time so far. Raises OSError when there is no such process."""
    return time.clock_gettime((~pid << 3) | _SCHEDULED)


def resident_bytes(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))


def check_platform() -> None:
    if sys.platform != "linux":
        raise Trouble("The bench reads processor time as Linux tells it, and runs nowhere else")


class DatabaseProcessor:
    """Sums up the server processes of PostgreSQL databases. SQLite has none: it works in the gateway's process."""

    def __init__(self, *database_urls: str) -> None:
        self._urls = [url for url in map(make_url, database_urls) if url.get_backend_name() == "postgresql"]
        self._connection: asyncpg.Connection | None = None

    async def __aenter__(self) -> "DatabaseProcessor":
        for url in self._urls:
            if url.host not in _LOCAL and not str(url.host).startswith("/"):
                raise Trouble("The bench reads the processor time of PostgreSQL: it has to run on the same machine")
        if self._urls:
            self._connection = await asyncpg.connect(self._urls[0].render_as_string(hide_password=False))
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._connection:
            await self._connection.close()

    async def read(self) -> dict[int, float]:
        """By process. The one that answers this question is left out."""
        if self._connection is None:
            return {}
        found = await self._connection.fetch(
            "SELECT pid FROM pg_stat_activity WHERE datname = ANY($1::text[]) AND pid <> pg_backend_pid()",
            [url.database for url in self._urls],
        )
        seconds = {}
        for (pid,) in found:
            with suppress(OSError):
                seconds[pid] = processor_seconds(pid)
        return seconds


def spent(before: Mapping[int, float], after: Mapping[int, float]) -> float:
    """A process that is new began at zero; one that has ended is not counted any more."""
    return sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())

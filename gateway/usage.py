"""Counts who still asks for what is deprecated: in memory while requests run, written to the database beside them.

A process that is killed loses what it counted since it last wrote, some seconds; one that is stopped loses nothing.
"""

import asyncio
import logging
from collections.abc import Iterable
from contextlib import suppress
from contextvars import Context
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects import postgresql, sqlite

from gateway.db import Database
from gateway.errors import Unavailable
from gateway.models.api_client import api_clients
from gateway.models.deprecated_field_usage import deprecated_field_usage

PAUSE_SECONDS = 10.0
# Clients times documents: where there are more of them within a pause, the rest is not counted.
MOST_COUNTED = 10_000

_log = logging.getLogger("gateway.usage")


@dataclass(frozen=True, eq=False, slots=True)
class Deprecated:
    """The deprecated coordinates of one operation. It is its own key: to count it looks up one object."""

    coordinates: tuple[str, ...]


@dataclass(slots=True)
class _Count:
    requests: int
    last_used_at: datetime


_Key = tuple[date, int, str, Deprecated]


class Usage:
    """One a process."""

    def __init__(self, database: Database, *, pause_seconds: float = PAUSE_SECONDS) -> None:
        self._database = database
        self._pause_seconds = pause_seconds
        self._counts: dict[_Key, _Count] = {}
        self._closing = asyncio.Event()
        self._writing: asyncio.Task[None] | None = None

    def count(self, client_id: int, version: str, used: Deprecated, *, now: datetime) -> None:
        """One request. Waits for nothing, and never fails."""
        key = (now.date(), client_id, version, used)
        count = self._counts.get(key)
        if count is not None:
            count.requests += 1
            count.last_used_at = now
        elif len(self._counts) < MOST_COUNTED:
            self._counts[key] = _Count(1, now)
        if self._writing is None:
            # Of the request in which it begins it takes nothing along: what ends with that must not end this.
            self._writing = asyncio.create_task(self._write_later(), context=Context())

    async def close(self) -> None:
        """Writes what was counted."""
        self._closing.set()
        if self._writing is not None:
            await self._writing
        await self._write()

    async def _write_later(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), self._pause_seconds)
        await self._write()
        self._writing = None

    async def _write(self) -> None:
        counts, self._counts = self._counts, {}
        if not counts:
            return
        statement = _add(is_postgresql=self._database.is_postgresql)
        try:
            async with self._database.transaction() as connection:
                await self._database.execute(connection, statement, _rows(counts.items()))
        except Unavailable as error:
            # Counted again as soon as anything else is.
            self._counts = {**counts, **self._counts}
            _log.warning("What is used of the deprecated could not be written yet: %s", error.message)
        except Exception:  # noqa: BLE001 - whatever it is, it must not end the counting
            _log.warning("What is used of the deprecated could not be written", exc_info=True)


def _rows(counts: Iterable[tuple[_Key, _Count]]) -> list[dict[str, Any]]:
    """One for each coordinate, always in one order, so that processes that write at once wait for each other once."""
    rows: dict[tuple[date, int, str, str], dict[str, Any]] = {}
    for (day, client_id, version, used), count in counts:
        for coordinate in used.coordinates:
            key = (day, client_id, version, coordinate)
            names = dict(zip(("day", "api_client_id", "version", "coordinate"), key, strict=True))
            row = rows.setdefault(key, {**names, "requests": 0, "last_used_at": count.last_used_at})
            row["requests"] += count.requests
            row["last_used_at"] = max(row["last_used_at"], count.last_used_at)
    return [rows[key] for key in sorted(rows)]


def _add(*, is_postgresql: bool) -> Any:
    insert = postgresql.insert if is_postgresql else sqlite.insert
    adding: Any = insert(deprecated_field_usage)
    table = deprecated_field_usage
    return adding.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={
            "requests": table.c.requests + adding.excluded.requests,
            "last_used_at": adding.excluded.last_used_at,
        },
    )


def deprecated_usage(connection: Connection, *, since: date) -> list[dict[str, Any]]:
    """For each client, version and coordinate the requests since that day, and the last of them."""
    u, c = deprecated_field_usage.c, api_clients.c
    asked = (
        select(
            c.id.label("apiClientId"),
            c.name,
            u.version,
            u.coordinate,
            func.sum(u.requests).label("requests"),
            func.max(u.last_used_at, type_=u.last_used_at.type).label("lastUsedAt"),
        )
        .join_from(deprecated_field_usage, api_clients, c.id == u.api_client_id)
        .where(u.day >= since)
        .group_by(c.id, c.name, u.version, u.coordinate)
        .order_by(c.id, u.version, u.coordinate)
    )
    return [{**row, "requests": int(row["requests"])} for row in connection.execute(asked).mappings()]

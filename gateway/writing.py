"""One transaction that writes: its statements, the work that it leaves for later, and its audit rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import Executable

from gateway import audit
from gateway.db import Database
from gateway.ids import new_id
from gateway.models.audit import audit_entries
from gateway.models.deferred_job import DeferredJobStatus, deferred_jobs
from gateway.reading import Parameters


class Writing:
    """`actor` and `request_id` are what the audit tells: who wrote, and what for."""

    def __init__(
        self, database: Database, connection: AsyncConnection, *, actor: str, now: datetime, request_id: str
    ) -> None:
        self._database = database
        self._connection = connection
        self._actor = actor
        self._now = now
        self._request_id = request_id
        self._entries: list[audit.AuditEntry] = []

    @property
    def is_postgresql(self) -> bool:
        return self._database.is_postgresql

    async def execute(self, statement: Executable, parameters: Parameters | Sequence[Parameters] | None = None) -> Any:
        """What SQLAlchemy answers. Several parameters are several rows of one INSERT."""
        return await self._database.execute(self._connection, statement, parameters)

    async def insert(self, table: Any, row: Mapping[str, Any]) -> None:
        await self.execute(insert(table), row)

    async def enqueue(
        self, kind: str, payload: Mapping[str, Any], *, run_at: datetime | None = None, key: str | None = None
    ) -> bool:
        """Leaves work for later, if the transaction commits; by default at once. The payload must be plain JSON.

        False where work with the same key is there already, done or not: then nothing is added.
        """
        into = postgresql.insert if self.is_postgresql else sqlite.insert
        row = {
            "id": new_id(),
            "kind": kind,
            "payload": dict(payload),
            "unique_key": key,
            "status": DeferredJobStatus.WAITING,
            "run_at": run_at or self._now,
            "attempts": 0,
            "lease_token": 0,
            "created_at": self._now,
        }
        added = await self.execute(
            into(deferred_jobs).values(row).on_conflict_do_nothing(index_elements=["unique_key"])
        )
        return bool(added.rowcount)

    def audit(
        self,
        action: str,
        subject: str,
        *,
        organization_id: int | None,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> None:
        self._entries.append(
            audit.AuditEntry(
                actor=self._actor,
                action=action,
                subject=subject,
                organization_id=organization_id,
                before=before,
                after=after,
                request_id=self._request_id,
            )
        )

    async def finish(self) -> None:
        """Adds the audit rows. A write without one is our bug."""
        if not self._entries:
            raise RuntimeError("A write must say what it did")
        # Row by row within one statement: as one list of values, a few thousand would be more than a statement takes.
        await self.execute(insert(audit_entries), [audit.row(entry, self._now) for entry in self._entries])

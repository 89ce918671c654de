"""One transaction of a mutation: its statements, and the audit rows that are added before it commits."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import Executable

from gateway import audit
from gateway.models.audit import audit_entries
from gateway.viewer import Viewer
from resolvers.gid import gid

if TYPE_CHECKING:
    from resolvers.context import Context


class Write:
    def __init__(self, context: "Context", connection: AsyncConnection) -> None:
        self._context = context
        self._connection = connection
        self._entries: list[audit.AuditEntry] = []

    async def execute(self, statement: Executable, parameters: Mapping[str, Any] | None = None) -> Any:
        """What SQLAlchemy answers. What a SELECT says of the viewer is bound, as in Context.fetch."""
        self._context.statements += 1
        bound = dict(parameters or {})
        if statement.is_select:
            bound = self._context.viewer_parameters | bound
        return await self._context.database.execute(self._connection, statement, bound)

    async def insert(self, table: Any, row: Mapping[str, Any]) -> None:
        await self.execute(insert(table), row)

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
                actor=actor(self._context.viewer),
                action=action,
                subject=subject,
                organization_id=organization_id,
                before=before,
                after=after,
                request_id=self._context.request_id,
            )
        )

    async def finish(self) -> None:
        """Adds the audit rows. A write without one is our bug."""
        if not self._entries:
            raise RuntimeError("A write must say what it did")
        self._context.statements += 1
        rows = [audit.row(entry, self._context.now) for entry in self._entries]
        await self._context.database.execute(self._connection, insert(audit_entries), rows)


def actor(viewer: Viewer) -> str:
    """Who did it, in the audit: the API client whose token was used."""
    return gid("ApiClient", viewer.client_id) if viewer.client_id is not None else "anonymous"

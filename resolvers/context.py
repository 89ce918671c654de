"""What one request carries: who asks, the database, the clock, its loaders, and what it has cost so far."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.sql import Executable

from gateway.db import Database
from gateway.errors import TooManyObjects
from gateway.messages import ENGLISH
from gateway.settings import Settings
from gateway.viewer import Viewer
from resolvers.idempotency_key import Claim
from resolvers.loaders import Loaders
from resolvers.scope import Scope, phase_at, scope_of
from resolvers.write import Write


@dataclass(slots=True)
class Context:
    """`statements` and `objects` count what the request has cost: SQL statements run, objects got.

    `version` is that of the schema that answers. `language` is that of messages; `has_messages` says that a mutation
    was refused in it. `idempotency_header` is the key that came beside the document; `claim` is that of the mutation
    which is running.
    """

    viewer: Viewer
    database: Database
    settings: Settings
    now: datetime
    request_id: str
    version: str = "unstable"
    language: str = ENGLISH
    has_messages: bool = False
    idempotency_header: str | None = None
    claim: Claim | None = None
    statements: int = 0
    objects: int = 0
    field_loaders: dict[Any, Any] = field(default_factory=dict)
    scope: Scope = field(init=False)
    loaders: Loaders = field(init=False, repr=False)
    # What `visibility` calls the ids of the viewer in statements.
    viewer_parameters: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        viewer = self.viewer
        self.viewer_parameters = {
            "viewer_organization_id": viewer.organization_id,
            "viewer_shop_id": viewer.shop_id,
            "viewer_merchant_user_id": viewer.merchant_user_id,
            "viewer_employee_id": viewer.employee_id,
        }
        self.scope = scope_of(viewer.kind, viewer.permissions, phase_at(self.now, self.settings))
        self.loaders = Loaders(self)

    async def fetch(self, statement: Executable, parameters: Mapping[str, Any] | None = None) -> Sequence[Any]:
        """The rows of one statement; what it says of the viewer is bound here."""
        self.statements += 1
        bound = self.viewer_parameters if parameters is None else {**parameters, **self.viewer_parameters}
        return await self.database.fetch(statement, bound)

    async def fetch_ids(self, statement: Executable, ids: Sequence[Any]) -> Sequence[Any]:
        """The rows of those ids, bound as `ids`; among them may be others that the viewer sees as well."""
        self.statements += 1
        return await self.database.fetch_ids(statement, ids, self.viewer_parameters)

    def count(self, objects: int) -> None:
        """What a batch function got. Raises TooManyObjects: a plain list may hold more than was expected."""
        self.objects += objects
        if self.objects > self.settings.max_nodes:
            raise TooManyObjects(most=self.settings.max_nodes)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Write]:
        """One transaction. A mutation has one, since what a repeated call answers is kept in it.

        Raises Busy where it was undone because of another one: `mutation` then calls the whole function again.
        """
        async with self.database.transaction() as connection:
            write = Write(self, connection)
            await write.start()
            yield write
            await write.finish()
        self.forget()
        write.tell()

    def end(self) -> None:
        """Lets go of all that was read: its loaders know the context, and only the collector would find that out."""
        del self.loaders
        self.field_loaders.clear()

    def forget(self) -> None:
        """What was read before a write may be stale afterwards, so the loaders are emptied."""
        self.loaders = Loaders(self)
        self.field_loaders.clear()

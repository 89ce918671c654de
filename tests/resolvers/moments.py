"""Documents that are executed at another moment than now: the clock is a part of the context."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from harness import NEWEST, Gateway
from sqlalchemy import select

import schema
from gateway.execution.engine import Engine
from gateway.http.documents import Documents
from gateway.models.api_client import api_clients
from gateway.viewer import ANONYMOUS, ApiPermission, Viewer, ViewerKind
from resolvers.context import Context

# The fixtures' own day: reviews wait to be published, and access is a few days old.
NOW = datetime.fromisoformat("2026-11-22T12:00:00Z")


@dataclass
class Told:
    data: Any
    statements: int


@cache
def _documents() -> Documents:
    return Documents()


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment)


def viewer(gateway: Gateway, kind: str, **ids: int) -> Viewer:
    """`viewer(gateway, "MERCHANT", shop_id=3)`. The token is one that exists, since the audit names it."""
    if kind == "ANONYMOUS":
        return ANONYMOUS
    client_id = gateway.rows(select(api_clients.c.id).order_by(api_clients.c.id).limit(1))[0].id
    permissions = frozenset(ApiPermission) if kind == "PARTNER" else frozenset()
    return Viewer(ViewerKind(kind), client_id=client_id, permissions=permissions, **ids)


async def executed(context: Context, document: str, variables: dict[str, Any] | None = None) -> Told:
    settings = context.settings
    operation = _documents().get(NEWEST, schema.build(NEWEST), document, settings).operation(None, settings)
    coerced = operation.coerce(variables or {})
    assert not isinstance(coerced, list), coerced
    result = await Engine(settings.engine).execute(operation, coerced, context)
    assert not result.errors, result.errors
    return Told(result.data, context.statements)


def context_at(gateway: Gateway, now: datetime, asking: Viewer, **options: Any) -> Context:
    return Context(asking, gateway.database, gateway.settings, now, "the-request", **options)


def ask_at(
    gateway: Gateway, now: datetime, asking: Viewer, document: str, variables: dict[str, Any] | None = None
) -> Told:
    return gateway.runner.run(executed(context_at(gateway, now, asking), document, variables))

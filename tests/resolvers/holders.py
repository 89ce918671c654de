"""Tokens of those whom the seed has not made one for."""

from datetime import UTC, datetime
from typing import Any

from harness import Gateway

from gateway import tokens
from gateway.viewer import ApiPermission, ViewerKind


def token_of(gateway: Gateway, kind: ViewerKind, *permissions: ApiPermission, **ids: Any) -> str:
    """`token_of(gateway, ViewerKind.PARTNER, MANAGE_LEADS, organization_id=6)`."""
    holder = tokens.Holder(kind=kind, **ids)
    now = datetime.now(UTC)

    def make(connection: Any) -> str:
        return tokens.create(connection, holder, permissions=list(permissions), name="Of a test", now=now)

    return gateway.runner.run(gateway.database.run_sync(make))


def partner_without(gateway: Gateway, permission: ApiPermission, *, organization_id: int = 1) -> str:
    others = [each for each in ApiPermission if each is not permission]
    return token_of(gateway, ViewerKind.PARTNER, *others, organization_id=organization_id)

"""API clients: their tokens are made, rotated and revoked here. Only a token's SHA-256 is ever stored."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from gateway import audit
from gateway.ids import new_id
from gateway.models.api_client import api_clients
from gateway.viewer import ApiPermission, ViewerKind

PREFIXES = {ViewerKind.PARTNER: "prtapi_", ViewerKind.MERCHANT: "mchapi_", ViewerKind.EMPLOYEE: "empapi_"}

# What an audit entry tells of a client: never a hash.
_TOLD = (
    "kind",
    "name",
    "organization_id",
    "shop_id",
    "merchant_user_id",
    "employee_id",
    "permissions",
    "expires_at",
    "revoked_at",
)


class UnknownClient(LookupError):
    """No API client has that id, or it was revoked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whose token it is: an organization's, one merchant user's in one shop, or an employee's."""

    kind: ViewerKind
    organization_id: int | None = None
    shop_id: int | None = None
    merchant_user_id: int | None = None
    employee_id: int | None = None


def token_hash(token: str) -> str:
    """Tokens have 160 random bits, so a plain digest can't be searched for."""
    return hashlib.sha256(token.encode()).hexdigest()


def create(
    connection: Connection,
    holder: Holder,
    *,
    permissions: Collection[ApiPermission] = (),
    name: str,
    now: datetime,
    expires_at: datetime | None = None,
) -> str:
    """The new token, which can't be had again. A foreign key fails where the holder does not exist."""
    token = PREFIXES[holder.kind] + secrets.token_hex(20)
    row: dict[str, Any] = {
        "id": new_id(),
        "kind": holder.kind.value,
        "name": name,
        "organization_id": holder.organization_id,
        "shop_id": holder.shop_id,
        "merchant_user_id": holder.merchant_user_id,
        "employee_id": holder.employee_id,
        "permissions": sorted(permission.value for permission in permissions),
        "token_hash": token_hash(token),
        "created_at": now,
        "expires_at": expires_at,
    }
    connection.execute(insert(api_clients), row)
    _audit(connection, "apiClientCreate", row, before=None, after=row)
    return token


def rotate(connection: Connection, client_id: int, *, now: datetime, grace: timedelta = timedelta(0)) -> str:
    """A new token for the same client; the old one stays good for `grace`. Raises UnknownClient."""
    row = _row(connection, client_id)
    token = PREFIXES[ViewerKind(row["kind"])] + secrets.token_hex(20)
    change = {
        "token_hash": token_hash(token),
        "previous_token_hash": row["token_hash"] if grace else None,
        "previous_expires_at": now + grace if grace else None,
    }
    connection.execute(update(api_clients).where(api_clients.c.id == client_id), change)
    _audit(connection, "apiClientRotate", row, before=row, after=row)
    return token


def revoke(connection: Connection, client_id: int, *, now: datetime) -> None:
    """From now on the token is unknown. Raises UnknownClient."""
    row = _row(connection, client_id)
    connection.execute(update(api_clients).where(api_clients.c.id == client_id), {"revoked_at": now})
    _audit(connection, "apiClientRevoke", row, before=row, after={**row, "revoked_at": now})


def _row(connection: Connection, client_id: int) -> dict[str, Any]:
    statement = select(api_clients).where(api_clients.c.id == client_id, api_clients.c.revoked_at.is_(None))
    row = connection.execute(statement).mappings().first()
    if row is None:
        raise UnknownClient(f"No API client that is in use has the id {client_id}")
    return dict(row)


def _audit(
    connection: Connection,
    action: str,
    row: dict[str, Any],
    *,
    before: dict[str, Any] | None,
    after: dict[str, Any],
) -> None:
    audit.record(
        connection,
        audit.AuditEntry(
            actor="cli",
            action=action,
            subject=f"gid://partners/ApiClient/{row['id']}",
            request_id="cli",
            organization_id=row["organization_id"],
            before=before and {name: before.get(name) for name in _TOLD},
            after={name: after.get(name) for name in _TOLD},
        ),
    )

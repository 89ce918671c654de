"""What `token list` prints: one line for each API client, and nothing that would let anyone in."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from gateway.models.api_client import api_clients
from gateway.viewer import ApiPermission, ViewerKind

_HEADINGS = ("id", "kind", "name", "holder", "permissions", "created", "last used", "expires", "revoked")


def token_table(connection: Connection) -> str:
    """Columns as wide as what they hold; oldest first."""
    c = api_clients.c
    columns = (
        c.id,
        c.kind,
        c.name,
        c.organization_id,
        c.shop_id,
        c.merchant_user_id,
        c.employee_id,
        c.permissions,
        c.created_at,
        c.last_used_at,
        c.expires_at,
        c.revoked_at,
    )
    rows = connection.execute(select(*columns).order_by(c.created_at, c.id))
    lines = [_HEADINGS, *[_line(row) for row in rows]]
    widths = [max(len(line[place]) for line in lines) for place in range(len(_HEADINGS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def _line(row: Any) -> tuple[str, ...]:
    permissions = "all" if set(row.permissions) >= set(ApiPermission) else ",".join(row.permissions)
    # A name is free text: a line break in it must not look like another client.
    name = " ".join(row.name.split())
    moments = (row.created_at, row.last_used_at, row.expires_at, row.revoked_at)
    return (str(row.id), row.kind, name or "-", _holder(row), permissions or "-", *map(_moment, moments))


def _holder(row: Any) -> str:
    if row.kind == ViewerKind.PARTNER:
        return f"organization {row.organization_id}"
    if row.kind == ViewerKind.MERCHANT:
        return f"shop {row.shop_id}, merchant user {row.merchant_user_id}"
    return f"employee {row.employee_id}"


def _moment(value: datetime | None) -> str:
    return value.strftime("%Y-%m-%dT%H:%MZ") if value else "-"

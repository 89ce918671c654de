"""The row that every write leaves: who did what to which row, how it was before and after, in which request."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, insert

from gateway.ids import new_id
from gateway.models.audit import audit_entries


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """`subject` is the row's id as it goes over the wire; `before` is None for what was made, `after` for what went."""

    actor: str
    action: str
    subject: str
    request_id: str
    organization_id: int | None = None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


def record(connection: Connection, *entries: AuditEntry) -> None:
    """Adds the entries to the transaction that the connection is in."""
    connection.execute(insert(audit_entries), [row(entry, datetime.now(UTC)) for entry in entries])


def row(entry: AuditEntry, now: datetime) -> dict[str, Any]:
    """The entry as a row of `audit_entries`."""
    return {
        "id": new_id(),
        "occurred_at": now,
        "organization_id": entry.organization_id,
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "before": _plain(entry.before),
        "after": _plain(entry.after),
        "request_id": entry.request_id,
    }


# Many readers of JSON take numbers for doubles, which would make another id of one that is larger.
_LARGEST_EXACT = 2**53


def told(values: Any) -> Any:
    """`before` or `after` as it goes out: whole numbers that a double can't hold are texts, at any depth."""
    if isinstance(values, dict):
        return {name: told(value) for name, value in values.items()}
    if isinstance(values, list):
        return [told(value) for value in values]
    is_large = isinstance(values, int) and abs(values) > _LARGEST_EXACT
    return str(values) if is_large else values


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if values is None:
        return None
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}

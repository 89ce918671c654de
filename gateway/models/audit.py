"""Every write leaves its row here, in the same transaction. The database itself refuses to change or delete one."""

from sqlalchemy import JSON, Column, Index, String, Table

from gateway.models.base import id_column, metadata, moment

# `subject` and `actor` are ids as they go over the wire. `before` is null for what was made, `after` for what went.
audit_entries = Table(
    "audit_entries",
    metadata,
    id_column(primary_key=True),
    moment("occurred_at"),
    id_column("organization_id", nullable=True),
    Column("actor", String(100), nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", String(100), nullable=False),
    Column("before", JSON(none_as_null=True), nullable=True),
    Column("after", JSON(none_as_null=True), nullable=True),
    Column("request_id", String(64), nullable=False),
    Index(None, "occurred_at", "id"),
    Index(None, "subject", "occurred_at", "id"),
    Index(None, "organization_id", "occurred_at", "id"),
)

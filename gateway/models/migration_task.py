"""What partners did to move over to the directory, and the exports that they finished."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, Index, Integer, String, Table

from gateway.models.base import choice, id_column, metadata, moment, of_organization, one_of


class MigrationTaskHandle(StrEnum):
    REVIEW_PROFILE = "REVIEW_PROFILE"
    CHOOSE_TOOLS = "CHOOSE_TOOLS"
    CONTACT_CLIENTS = "CONTACT_CLIENTS"
    DOWNLOAD_RECORDS = "DOWNLOAD_RECORDS"


# A task that is not done has no row.
migration_task_completions = Table(
    "migration_task_completions",
    metadata,
    *of_organization(),
    Column("handle", choice("handle", MigrationTaskHandle).type, primary_key=True),
    moment("completed_at"),
    one_of("handle", MigrationTaskHandle),
)

export_receipts = Table(
    "export_receipts",
    metadata,
    *of_organization(),
    id_column(primary_key=True),
    moment("completed_at"),
    Column("record_count", Integer, nullable=False),
    Column("manifest_sha256", String(64), nullable=False),
    Column("api_version", String(16), nullable=False),
    CheckConstraint("record_count >= 0", name="record_count"),
    CheckConstraint(
        "length(manifest_sha256) = 64 AND trim(manifest_sha256, '0123456789abcdef') = ''", name="manifest_sha256"
    ),
    Index(None, "organization_id", "completed_at", "id"),
)

"""Work that the gateway does later, by itself: what gateway/jobs/ claims, runs and finishes."""

from enum import StrEnum

from sqlalchemy import JSON, Column, Index, Integer, String, Table, UniqueConstraint
from sqlalchemy import text as sql

from gateway.models.base import choice, id_column, metadata, moment, one_of, text


class DeferredJobStatus(StrEnum):
    WAITING = "WAITING"
    RUNNING = "RUNNING"
    DONE = "DONE"
    DEAD = "DEAD"


# `lease_token` counts the claims of the row: only who knows the last one may finish it. `unique_key` keeps others with
# the same key out for as long as the row is there. `last_error` may be shown, so it holds no secret.
deferred_jobs = Table(
    "deferred_jobs",
    metadata,
    id_column(primary_key=True),
    Column("kind", String(64), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("unique_key", String(200), nullable=True),
    choice("status", DeferredJobStatus),
    moment("run_at"),
    Column("attempts", Integer, nullable=False),
    Column("lease_token", Integer, nullable=False),
    Column("lease_owner", String(100), nullable=True),
    moment("leased_until", nullable=True),
    text("last_error", nullable=True),
    moment("created_at"),
    moment("finished_at", nullable=True),
    one_of("status", DeferredJobStatus),
    UniqueConstraint("unique_key"),
    # Each state is looked for by one moment, and finished rows should not be in the way of those that wait.
    *(
        Index(None, column, "id", sqlite_where=sql(condition), postgresql_where=sql(condition))
        for column, condition in (
            ("run_at", "status = 'WAITING'"),
            ("leased_until", "status = 'RUNNING'"),
            ("finished_at", "finished_at IS NOT NULL"),
        )
    ),
)

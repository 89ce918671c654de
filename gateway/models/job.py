"""Jobs of the marketplace: what a merchant asked for, and what the partner offered."""

from enum import StrEnum

from sqlalchemy import JSON, Boolean, Column, Index, Integer, Table

from gateway.models.base import (
    belongs_to,
    cents,
    choice,
    currency_code,
    id_column,
    metadata,
    moment,
    of_organization,
    one_of,
    text,
)


class JobStatus(StrEnum):
    NEW = "NEW"
    OPENED = "OPENED"
    RESPONDED = "RESPONDED"
    AWAITING_RESPONSE = "AWAITING_RESPONSE"
    COMPLETED = "COMPLETED"
    DECLINED = "DECLINED"
    CLOSED = "CLOSED"
    EXPIRED = "EXPIRED"
    INACTIVE = "INACTIVE"


# Jobs that have ended; all others may still go on, also those in which nothing has happened for long.
ENDED_JOBS = frozenset({JobStatus.COMPLETED, JobStatus.DECLINED, JobStatus.CLOSED, JobStatus.EXPIRED})


class ProposalStatus(StrEnum):
    SENT = "SENT"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    CLOSED = "CLOSED"


jobs = Table(
    "jobs",
    metadata,
    *of_organization(),
    id_column(primary_key=True),
    id_column("shop_id", nullable=False),
    id_column("conversation_id", nullable=True),
    choice("status", JobStatus),
    Column("confirmed_completed", Boolean, nullable=False),
    moment("created_at"),
    moment("last_event_at"),
    one_of("status", JobStatus),
    belongs_to("shops", "shop_id", tenant=False),
    belongs_to("conversations", "conversation_id"),
    Index(None, "organization_id", "created_at", "id"),
    Index(None, "organization_id", "shop_id", "created_at", "id"),
    Index(None, "organization_id", "conversation_id"),
    Index(None, "shop_id", "created_at", "id"),
)

job_requirements = Table(
    "job_requirements",
    metadata,
    *of_organization(),
    id_column("job_id", primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    text("question"),
    Column("responses", JSON, nullable=False),
    belongs_to("jobs", "job_id"),
)

job_services = Table(
    "job_services",
    metadata,
    *of_organization(),
    id_column("job_id", primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    id_column("service_id", nullable=False),
    belongs_to("jobs", "job_id"),
    belongs_to("services", "service_id", tenant=False),
)

proposals = Table(
    "proposals",
    metadata,
    *of_organization(),
    id_column(primary_key=True),
    id_column("job_id", nullable=False),
    cents("amount_cents"),
    currency_code(),
    text("description", nullable=True),
    choice("status", ProposalStatus),
    moment("created_at"),
    one_of("status", ProposalStatus),
    belongs_to("jobs", "job_id"),
    Index(None, "organization_id", "job_id", "created_at", "id"),
)

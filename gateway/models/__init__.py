"""The tables, one module a noun. `metadata` holds them all."""

from gateway.models import (
    actor,
    api_client,
    app,
    audit,
    conversation,
    event,
    eventsink,
    invoice,
    job,
    service,
    transaction,
)
from gateway.models.base import metadata

__all__ = [
    "actor",
    "api_client",
    "app",
    "audit",
    "conversation",
    "event",
    "eventsink",
    "invoice",
    "job",
    "metadata",
    "service",
    "transaction",
]

"""Keys under which callers sent a mutation, with what it answered: the same again gives the same answer."""

from sqlalchemy import JSON, Column, Index, String, Table

from gateway.models.base import belongs_to, id_column, metadata, moment

LONGEST_KEY = 255

# `answer` holds the values that the payload is read back with, mostly ids. It is null within the transaction alone: the
# row is there first, so that others with the same key wait for it.
idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    id_column("api_client_id", primary_key=True),
    Column("mutation", String(100), primary_key=True),
    Column("key", String(LONGEST_KEY), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("answer", JSON(none_as_null=True), nullable=True),
    moment("created_at"),
    belongs_to("api_clients", "api_client_id", tenant=False),
    Index(None, "created_at"),
)

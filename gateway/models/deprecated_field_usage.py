"""Who still asks for what is deprecated: one row for a day, an API client, a version and a coordinate."""

from sqlalchemy import BigInteger, Column, Date, String, Table

from gateway.models.base import belongs_to, id_column, metadata, moment

LONGEST_COORDINATE = 255

# `requests` counts those whose document has the coordinate, whatever was skipped when it ran.
deprecated_field_usage = Table(
    "deprecated_field_usage",
    metadata,
    Column("day", Date, primary_key=True),
    id_column("api_client_id", primary_key=True),
    Column("version", String(10), primary_key=True),
    Column("coordinate", String(LONGEST_COORDINATE), primary_key=True),
    Column("requests", BigInteger, nullable=False),
    moment("last_used_at"),
    belongs_to("api_clients", "api_client_id", tenant=False),
)

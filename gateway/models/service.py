"""The services that merchants could ask for in the marketplace."""

from sqlalchemy import Column, Integer, String, Table, UniqueConstraint

from gateway.models.base import id_column, metadata, text

services = Table(
    "services",
    metadata,
    id_column(primary_key=True),
    Column("handle", String(100), nullable=False),
    text("name"),
    Column("position", Integer, nullable=False),
    UniqueConstraint("handle"),
)

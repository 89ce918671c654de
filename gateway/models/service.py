"""The services that merchants could ask for in the marketplace."""

from sqlalchemy import Column, Integer, String, Table, UniqueConstraint

from gateway.models.base import id_column, metadata, text
from gateway.models.directory import directory_services, of_directory, word

services = Table(
    "services",
    metadata,
    id_column(primary_key=True),
    Column("handle", String(100), nullable=False),
    text("name"),
    Column("position", Integer, nullable=False),
    # What took its place in the directory.
    word("replacement_handle", directory_services.c.handle, nullable=True),
    of_directory("replacement_handle", directory_services.c.handle),
    UniqueConstraint("handle"),
)

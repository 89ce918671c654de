"""The words of the directory: services in categories, industries, languages and countries. Migrations fill them."""

from sqlalchemy import Column, ForeignKeyConstraint, Index, Integer, String, Table, UniqueConstraint

from gateway.models.base import metadata, text

HANDLE = String(100)
LANGUAGE_CODE = String(16)
COUNTRY_CODE = String(2)

service_categories = Table(
    "service_categories",
    metadata,
    Column("handle", HANDLE, primary_key=True),
    text("name"),
    Column("position", Integer, nullable=False),
)

directory_services = Table(
    "directory_services",
    metadata,
    Column("handle", HANDLE, primary_key=True),
    Column("category_handle", HANDLE, nullable=False),
    Column("slug", String(100), nullable=False),
    text("name"),
    # It counts through all categories, in their order.
    Column("position", Integer, nullable=False),
    ForeignKeyConstraint(["category_handle"], ["service_categories.handle"]),
    UniqueConstraint("slug"),
    Index(None, "category_handle", "position"),
)

industries = Table(
    "industries",
    metadata,
    Column("handle", HANDLE, primary_key=True),
    text("name"),
    Column("position", Integer, nullable=False),
)

languages = Table(
    "languages",
    metadata,
    Column("code", LANGUAGE_CODE, primary_key=True),
    text("name"),
    Column("position", Integer, nullable=False),
)

countries = Table(
    "countries",
    metadata,
    Column("code", COUNTRY_CODE, primary_key=True),
    text("name"),
)


def word(name: str, target: Column[str], *, nullable: bool = False) -> Column[str]:
    """A column that holds the handle or code of such a row; `of_directory` is the reference itself."""
    return Column(name, target.type, nullable=nullable)


def of_directory(name: str, target: Column[str]) -> ForeignKeyConstraint:
    return ForeignKeyConstraint([name], [f"{target.table.name}.{target.name}"])

"""What every table is made of: the metadata, moments in UTC, choices, and the key of a tenant's rows."""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    MetaData,
    String,
    Text,
    TypeDecorator,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment. PostgreSQL keeps `timestamptz`; SQLite keeps the wire form, which sorts as time does."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String(27) if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None or dialect.name != "sqlite":
            return value  # type: ignore[no-any-return] # the driver's own datetime
        return datetime.fromisoformat(value)


def id_column(name: str = "id", **options: Any) -> Column[int]:
    """A 63-bit id. `autoincrement=False`: the gateway makes ids, see gateway/ids.py."""
    return Column(name, BigInteger, autoincrement=False, **options)


def moment(name: str, *, nullable: bool = False) -> Column[datetime]:
    return Column(name, UtcDateTime, nullable=nullable)


def cents(name: str, *, nullable: bool = False) -> Column[int]:
    """An amount in hundredths of its row's `currency_code`."""
    return Column(name, BigInteger, nullable=nullable)


def currency_code() -> Column[str]:
    return Column("currency_code", String(3), nullable=False)


def choice(name: str, values: type[StrEnum], *, nullable: bool = False) -> Column[str]:
    """A column that holds the name of an enum's member; `one_of` is the rule that keeps it so."""
    longest = max(len(value) for value in values)
    return Column(name, String(longest), nullable=nullable)


def one_of(name: str, values: type[StrEnum]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{name} IN ({listed})", name=name)


def text(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, Text, nullable=nullable)


def belongs_to(table: str, column: str, *, tenant: bool = True) -> ForeignKeyConstraint:
    """A foreign key; between rows of a tenant it carries the organization, so that none points across tenants."""
    if tenant:
        return ForeignKeyConstraint(["organization_id", column], [f"{table}.organization_id", f"{table}.id"])
    return ForeignKeyConstraint([column], [f"{table}.id"])


def of_organization() -> Sequence[Column[int] | ForeignKeyConstraint]:
    """The first columns of every tenant's table: half of its key, and the reference that it is."""
    return (
        id_column("organization_id", primary_key=True),
        ForeignKeyConstraint(["organization_id"], ["organizations.id"]),
    )

"""What a database is found to hold, and each kind of difference between migrations and models."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from harness import Template, name_of, run_sql
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from gateway.db import Database
from gateway.migrations import upgrade
from gateway.migrations.agreement import describe, differences
from gateway.models import metadata
from gateway.settings import Settings

Make = Callable[[Connection], Any]


class Undone(Exception):
    """Carries what a database held before its transaction was rolled back."""

    def __init__(self, held: Any) -> None:
        super().__init__()
        self.held = held


@pytest.fixture(scope="module")
def held_after(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Make], Any]]:
    """What an empty database holds once something was made in it, which is then undone."""
    name = f"gateway_empty_{uuid4().hex}"
    if template.url.startswith("sqlite"):
        url = f"sqlite:///{tmp_path_factory.mktemp('agreement')}/{name}.db"
    else:
        asyncio.run(run_sql(template.url, f'CREATE DATABASE "{name}"'))
        url = template.url.replace(name_of(template.url), name)

    async def held(make: Make) -> Any:
        def work(connection: Connection) -> None:
            make(connection)
            raise Undone(describe(connection))

        database = Database(Settings(database_url=url))
        try:
            await database.run_sync(work)
        except Undone as undone:
            return undone.held
        finally:
            await database.close()

    yield lambda make: asyncio.run(held(make))
    if not url.startswith("sqlite"):
        asyncio.run(run_sql(template.url, f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.fixture(scope="module")
def declared(held_after: Callable[[Make], Any]) -> Any:
    return held_after(metadata.create_all)


def copied() -> MetaData:
    """The declared tables, to be changed."""
    copy = MetaData(naming_convention=metadata.naming_convention)
    for table in metadata.sorted_tables:
        table.to_metadata(copy)
    return copy


def test_the_migrations_make_the_tables_that_the_models_declare(held_after, declared):
    migrated = held_after(upgrade)
    assert differences(migrated, declared) == []
    assert list(migrated) == sorted(table.name for table in metadata.sorted_tables)


def test_a_description_tells_columns_keys_constraints_and_indexes(declared):
    invoices: Any = declared["invoices"]
    assert invoices["columns"]["number"] == "VARCHAR(64) NOT NULL"
    assert invoices["columns"]["sale_id"] == "BIGINT NULL"
    assert invoices["primary_key"] == {"pk_invoices": "(organization_id, id)"}
    assert invoices["foreign_keys"]["fk_invoices_organization_id_job_id"] == (
        "(organization_id, job_id) → jobs (organization_id, id)"
    )
    assert invoices["unique"] == {"uq_invoices_organization_id_number": "(organization_id, number)"}
    assert set(invoices["checks"]) == {"ck_invoices_paid_at", "ck_invoices_status"}
    assert "REFUNDED" in invoices["checks"]["ck_invoices_status"]
    assert invoices["indexes"]["ix_invoices_organization_id_sale_id"] == "(organization_id, sale_id)"


def drop(table: str, kind: type, name: str) -> Callable[[MetaData], None]:
    def change(changed: MetaData) -> None:
        held = changed.tables[table].constraints
        held.remove(next(each for each in held if isinstance(each, kind) and each.name == name))

    return change


def drop_index(changed: MetaData) -> None:
    held = changed.tables["jobs"].indexes
    held.remove(next(each for each in held if each.name == "ix_jobs_organization_id_conversation_id"))


def retype(changed: MetaData) -> None:
    changed.tables["shops"].c.name.type = BigInteger()


def make_nullable(changed: MetaData) -> None:
    changed.tables["shops"].c.name.nullable = True


def add_default(changed: MetaData) -> None:
    changed.tables["services"].append_column(
        Column("position", Integer, nullable=False, server_default="1"), replace_existing=True
    )


def add_column(changed: MetaData) -> None:
    changed.tables["shops"].append_column(Column("phone", Text))


def add_table(changed: MetaData) -> None:
    Table("orders", changed, Column("id", BigInteger, primary_key=True, autoincrement=False))


def drop_table(changed: MetaData) -> None:
    changed.remove(changed.tables["proposals"])


def make_key_shorter(changed: MetaData) -> None:
    table = changed.tables["proposals"]
    table.c.organization_id.primary_key = False
    table.append_constraint(PrimaryKeyConstraint("id", name="pk_proposals"))


def make_index_unique(changed: MetaData) -> None:
    next(each for each in changed.tables["jobs"].indexes if len(each.columns) == 2).unique = True


def widen_check(changed: MetaData) -> None:
    table = changed.tables["messages"]
    drop("messages", CheckConstraint, "ck_messages_sent_via")(changed)
    table.append_constraint(CheckConstraint("sent_via IN ('DASHBOARD', 'EMAIL', 'FAX')", name="sent_via"))


def point_elsewhere(changed: MetaData) -> None:
    table = changed.tables["jobs"]
    name = "fk_jobs_organization_id_conversation_id"
    drop("jobs", ForeignKeyConstraint, name)(changed)
    columns = ["organization_id", "conversation_id"]
    table.append_constraint(
        ForeignKeyConstraint(columns, ["team_members.organization_id", "team_members.id"], name=name)
    )


def cascade(changed: MetaData) -> None:
    held = changed.tables["messages"].foreign_key_constraints
    next(each for each in held if each.elements[0].column.table.name == "conversations").ondelete = "CASCADE"


CHANGES = {
    "services: the column position is INTEGER NOT NULL by the migrations, and declared as INTEGER": add_default,
    "shops: the column phone is declared, and no migration makes it: TEXT NULL": add_column,
    "shops: the column name is TEXT NOT NULL by the migrations, and declared as BIGINT NOT NULL": retype,
    "shops: the column name is TEXT NOT NULL by the migrations, and declared as TEXT NULL": make_nullable,
    "No migration makes the table orders, which a model declares": add_table,
    "The migrations make the table proposals, which no model declares": drop_table,
    "proposals: the primary key pk_proposals is (organization_id, id) by the migrations, and": make_key_shorter,
    "jobs: the index ix_jobs_organization_id_conversation_id is made by the migrations, and not declared": drop_index,
    "jobs: the index ix_jobs_organization_id_conversation_id is (organization_id, conversation_id)": make_index_unique,
    "apps: the unique constraint uq_apps_organization_id_api_key is made by the migrations": drop(
        "apps", UniqueConstraint, "uq_apps_organization_id_api_key"
    ),
    "messages: the check ck_messages_one_sender is made by the migrations, and not declared": drop(
        "messages", CheckConstraint, "ck_messages_one_sender"
    ),
    "messages: the check ck_messages_sent_via is": widen_check,
    "jobs: the foreign key fk_jobs_shop_id is made by the migrations, and not declared": drop(
        "jobs", ForeignKeyConstraint, "fk_jobs_shop_id"
    ),
    "jobs: the foreign key fk_jobs_organization_id_conversation_id is": point_elsewhere,
    "messages: the foreign key fk_messages_organization_id_conversation_id is": cascade,
}


@pytest.mark.parametrize("sentence", CHANGES)
def test_a_model_that_was_changed_without_a_migration_is_noticed(held_after, declared, sentence):
    changed = copied()
    CHANGES[sentence](changed)
    told = differences(declared, held_after(changed.create_all))
    assert len(told) == 1, told
    assert told[0].startswith(sentence)


def test_columns_in_another_order_are_noticed():
    """An INSERT that names no columns would mix them up."""
    parts: dict[str, Any] = {name: {} for name in ("primary_key", "foreign_keys", "unique", "checks", "indexes")}
    here = {"shops": {**parts, "columns": {"id": "BIGINT", "name": "TEXT"}}}
    there = {"shops": {**parts, "columns": {"name": "TEXT", "id": "BIGINT"}}}
    assert differences(here, there) == [
        "shops: the columns come as id, name by the migrations, and as name, id declared"
    ]

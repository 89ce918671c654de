"""The migrations make what the models declare, whoever runs them, however often, and the database holds what we ask."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Connection,
    event,
    text,
)
from sqlalchemy.exc import IntegrityError

from gateway import audit
from gateway.db import Database
from gateway.migrations import config, current_revision, head_revision, upgrade
from gateway.migrations.agreement import describe
from gateway.models import metadata
from gateway.settings import Settings

ROOT = Path(__file__).parents[2]


def on(url: str, *work: Callable[[Connection], Any]) -> Any:
    """Each piece of work in a transaction of its own; what the last one gives."""

    async def run() -> Any:
        database = Database(Settings(database_url=url))
        try:
            return [await database.run_sync(each) for each in work][-1]
        finally:
            await database.close()

    return asyncio.run(run())


def downgrade(connection: Connection) -> None:
    command.downgrade(config(connection), "base")


def test_a_second_upgrade_does_nothing(new_url):
    url = new_url()
    first = on(url, upgrade, describe)
    assert on(url, current_revision) == head_revision()
    assert on(url, upgrade, describe) == first


def test_base_and_back_is_where_it_began(new_url):
    url = new_url()
    first = on(url, upgrade, describe)
    assert on(url, downgrade, describe) == {}
    assert on(url, upgrade, describe) == first
    with pytest.raises(Exception, match="audit entries are never changed"):
        on(url, *audited())


def audited() -> list[Callable[[Connection], Any]]:
    """An audit entry, and the wish to be rid of it."""
    return [
        lambda connection: audit.record(
            connection, audit.AuditEntry(actor="cli", action="a", subject="s", request_id="r")
        ),
        lambda connection: connection.execute(text("DELETE FROM audit_entries")),
    ]


def test_each_revision_can_be_gone_back_from_alone(new_url):
    url = new_url()
    revisions = [each.revision for each in ScriptDirectory.from_config(config()).walk_revisions()]
    for revision in reversed(revisions):
        before = on(url, describe)
        after = on(url, lambda connection, to=revision: upgrade(connection, to), describe)
        step_back = on(url, lambda connection: command.downgrade(config(connection), "-1"), describe)
        assert step_back == before
        assert on(url, lambda connection, to=revision: upgrade(connection, to), describe) == after


def test_a_migration_that_fails_leaves_nothing(new_url, monkeypatch):
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("in the middle")

    url = new_url()
    with monkeypatch.context() as patched:
        patched.setattr("alembic.op.drop_table", fail)
        patched.setattr("alembic.op.create_index", fail)
        with pytest.raises(RuntimeError, match="in the middle"):
            on(url, upgrade)
    assert on(url, describe) == {}
    assert on(url, current_revision) is None


def test_of_two_upgrades_at_once_in_one_process_one_does_the_work(new_url):
    url = new_url()

    async def both() -> list[bool]:
        databases = [Database(Settings(database_url=url)) for _ in range(2)]
        try:
            return await asyncio.gather(*(database.run_sync(migrated) for database in databases))
        finally:
            await asyncio.gather(*(database.close() for database in databases))

    assert sorted(asyncio.run(both())) == [False, True]
    assert list(on(url, describe)) == sorted(table.name for table in metadata.sorted_tables)


def migrated(connection: Connection) -> bool:
    """Whether this upgrade is the one that made the tables."""
    made: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda *told: made.append(told[2]))
    upgrade(connection)
    return any("CREATE TABLE apps" in statement for statement in made)


def test_several_processes_may_migrate_at_once(new_url):
    url = new_url()
    environ = {**os.environ, "GATEWAY_DATABASE_URL": url}
    command_line = [sys.executable, "-m", "gateway", "migrate"]
    started = [
        subprocess.Popen(command_line, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
        for _ in range(3)
    ]
    told = [process.communicate(timeout=60) for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], told
    assert on(url, current_revision) == head_revision()
    assert len(on(url, describe)) == len(metadata.tables)


# Those of no tenant: who acts, what they hold tokens of, the taxonomy, the audit, the gateway's own work.
SHARED = {
    "api_clients",
    "audit_entries",
    "countries",
    "deferred_jobs",
    "deprecated_field_usage",
    "directory_services",
    "employees",
    "idempotency_keys",
    "industries",
    "languages",
    "merchant_users",
    "organizations",
    "service_categories",
    "services",
    "shops",
}


def test_the_key_of_every_tenant_s_table_begins_with_the_organization():
    keys = {table.name: [column.name for column in table.primary_key] for table in metadata.sorted_tables}
    assert {name for name, key in keys.items() if key[0] != "organization_id"} == SHARED
    assert all(len(key) > 1 for name, key in keys.items() if name not in SHARED)


def test_every_foreign_key_between_tenants_tables_carries_the_organization():
    for table in metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            target = key.elements[0].column.table
            if table.name in SHARED or target.name in SHARED:
                continue
            pairs = [(element.parent.name, element.column.name) for element in key.elements]
            assert pairs[0] == ("organization_id", "organization_id"), f"{table.name}: {key.name}"
            assert [name for _, name in pairs] == [column.name for column in target.primary_key]


def test_every_tenant_s_row_belongs_to_an_organization_that_exists():
    for table in metadata.sorted_tables:
        if table.name not in SHARED:
            assert f"fk_{table.name}_organization_id" in {key.name for key in table.foreign_key_constraints}


def test_every_column_that_names_a_row_is_a_foreign_key():
    """But for a charge that may be older than our records, the audit, which outlives what it tells of, and the stream.

    Its rows are written and taken away by triggers on the tables that they tell of, and by nobody else.
    """
    loose = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if table.name != "partner_events" and column.name.endswith("_id") and not column.foreign_keys
    }
    assert loose == {"audit_entries.organization_id", "audit_entries.request_id", "transactions.charge_id"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE jobs SET conversation_id = 7 WHERE organization_id = 1 AND id = 1",
        "UPDATE messages SET sender_team_member_id = 4 WHERE organization_id = 1 AND id = 2",
        "UPDATE app_events SET charge_id = 9 WHERE organization_id = 1 AND id = 2",
        "UPDATE transactions SET app_id = 3 WHERE organization_id = 1 AND id = 10",
        "UPDATE invoices SET sale_id = 36 WHERE organization_id = 1 AND id = 1",
        "UPDATE apps SET organization_id = 99 WHERE organization_id = 2",
    ],
)
def test_no_row_can_point_across_tenants(shared, statement):
    with pytest.raises(IntegrityError) as refused:
        shared.runner.run(shared.database.run_sync(lambda connection: connection.execute(text(statement))))
    assert "foreign key" in str(refused.value).lower()


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 2500)]
)
def test_a_connection_to_sqlite_holds_what_we_ask_of_it(tmp_path, pragma, value):
    """Durable to the last commit, and a writer that waits for another no longer than a statement may take."""
    settings = Settings(database_url=f"sqlite:///{tmp_path}/pragmas.db", database_timeout=2.5)

    async def read() -> list[Any]:
        database = Database(settings)
        try:
            reading = (await database.fetch(text(f"PRAGMA {pragma}")))[0][0]
            async with database.transaction() as connection:
                writing = (await database.execute(connection, text(f"PRAGMA {pragma}"))).scalar()
            other = await database.run_sync(lambda connection: connection.execute(text(f"PRAGMA {pragma}")).scalar())
        finally:
            await database.close()
        return [reading, writing, other]

    assert asyncio.run(read()) == [value] * 3

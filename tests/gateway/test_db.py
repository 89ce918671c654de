"""Reads and transactions, as those who use a Database see them."""

import asyncio
import sqlite3
import time
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError

from gateway.db import Database
from gateway.errors import Unavailable
from gateway.models.actor import employees, shops
from gateway.settings import Settings

NEW = {"id": 99, "name": "Somebody"}
NEW_ROW = select(employees.c.name).where(employees.c.id == 99)


def found(gateway: Any) -> list[Any]:
    return [tuple(row) for row in gateway.rows(NEW_ROW)]


def test_what_a_transaction_wrote_is_there_once_it_has_ended(fresh):
    async def write() -> list[Any]:
        async with fresh.database.transaction() as connection:
            await fresh.database.execute(connection, insert(employees), NEW)
            return list(await fresh.database.fetch(NEW_ROW))

    # Another connection does not see what is not committed yet.
    assert fresh.runner.run(write()) == []
    assert found(fresh) == [("Somebody",)]


@pytest.mark.parametrize("failure", [LookupError(), asyncio.CancelledError()], ids=["error", "cancelled"])
def test_a_transaction_that_fails_writes_nothing(fresh, failure):
    async def write() -> None:
        async with fresh.database.transaction() as connection:
            await fresh.database.execute(connection, insert(employees), NEW)
            raise failure

    with pytest.raises(type(failure)):
        fresh.runner.run(write())
    assert found(fresh) == []


def test_a_broken_rule_is_told_as_such_and_undoes_the_rest(fresh):
    async def write() -> None:
        async with fresh.database.transaction() as connection:
            await fresh.database.execute(connection, insert(employees), NEW)
            await fresh.database.execute(connection, insert(employees), NEW)

    with pytest.raises(IntegrityError):
        fresh.runner.run(write())
    assert found(fresh) == []


def test_a_failed_transaction_gives_its_connection_back(fresh):
    """Else a pool would be empty after as many failures as it has connections."""

    async def fail_often() -> None:
        for _ in range(3 * fresh.settings.database_pool_size):
            with pytest.raises(LookupError):
                async with fresh.database.transaction():
                    raise LookupError

    fresh.runner.run(fail_often())
    assert len(fresh.rows(select(shops.c.id))) == 8


def test_more_reads_than_connections_run_side_by_side(shared):
    async def read() -> list[Any]:
        statement = select(shops.c.id).order_by(shops.c.id)
        return await asyncio.gather(*(shared.database.fetch(statement) for _ in range(50)))

    answers = shared.runner.run(read())
    assert all([row[0] for row in rows] == list(range(1, 9)) for rows in answers)


def test_sqlite_reads_while_a_writer_works(fresh):
    async def both() -> int:
        async with fresh.database.transaction() as connection:
            await fresh.database.execute(connection, insert(employees), NEW)
            return len(await fresh.database.fetch(select(shops.c.id)))

    assert fresh.runner.run(both()) == 8


def test_a_writer_that_finds_sqlite_busy_is_told_so_within_the_timeout(tmp_path):
    file = tmp_path / "busy.db"
    settings = Settings(database_url=f"sqlite:///{file}", database_timeout=0.5)

    async def write() -> None:
        database = Database(settings)
        try:
            async with database.transaction() as connection:
                await database.execute(connection, text("CREATE TABLE here (id INTEGER)"))
        finally:
            await database.close()

    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("BEGIN IMMEDIATE")
        started = time.monotonic()
        with pytest.raises(Unavailable) as told:
            asyncio.run(write())
        # Twice the timeout: closing waits for what was given up.
        assert time.monotonic() - started < 2
    assert "locked" not in told.value.message
    asyncio.run(write())

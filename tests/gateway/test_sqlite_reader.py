"""Reads of SQLite: what rows hold, and statements that nobody waits for any more.

These end, and until then nobody else gets their connection.
"""

import asyncio
import gc
import sqlite3
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    String,
    bindparam,
    column,
    literal,
    make_url,
    select,
    table,
    text,
    union_all,
)

from gateway.reading import SqliteReader

COUNT = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {most}) SELECT max(i) FROM n"
LONG, SHORT = text(COUNT.format(most=2_000_000_000)), text(COUNT.format(most=7))


def run(tmp_path, scenario: Callable[[SqliteReader], Awaitable[Any]], *, timeout_seconds: float = 30) -> Any:
    """The scenario's answer. No error may be left that nobody looked at."""
    complaints: list[Any] = []

    async def main() -> Any:
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: complaints.append(context))
        url = make_url(f"sqlite:///{tmp_path}/rows.db")
        reader = SqliteReader(url, connections=1, timeout_seconds=timeout_seconds)
        try:
            return await asyncio.wait_for(scenario(reader), 10)
        finally:
            await asyncio.wait_for(reader.close(), 10)
            gc.collect()

    answer = asyncio.run(main())
    assert complaints == []
    return answer


async def begun(reader: SqliteReader) -> "asyncio.Task[Any]":
    task = asyncio.create_task(reader.fetch(LONG, {}))
    await asyncio.sleep(0.05)
    return task


@pytest.mark.parametrize("times", [1, 2])
def test_a_statement_ends_when_who_asked_is_cancelled_however_often(tmp_path, times):
    async def scenario(reader):
        task = await begun(reader)
        for _ in range(times):
            task.cancel()
            await asyncio.sleep(0)
        with pytest.raises(asyncio.CancelledError):
            await task
        # There is one connection: it is free again only when the statement has ended.
        return await reader.fetch(SHORT, {})

    assert run(tmp_path, scenario) == [(7,)]


def test_one_that_takes_too_long_is_given_up(tmp_path):
    async def scenario(reader):
        started = time.monotonic()
        with pytest.raises(TimeoutError):
            await reader.fetch(LONG, {})
        assert time.monotonic() - started < 5
        return await reader.fetch(SHORT, {})

    assert run(tmp_path, scenario, timeout_seconds=0.5) == [(7,)]


def test_who_is_cancelled_while_it_waits_for_its_turn_takes_none(tmp_path):
    async def scenario(reader):
        first = await begun(reader)
        second = asyncio.create_task(reader.fetch(SHORT, {}))
        await asyncio.sleep(0)
        second.cancel()
        first.cancel()
        await asyncio.wait({first, second})
        return await reader.fetch(SHORT, {})

    assert run(tmp_path, scenario) == [(7,)]


def test_closing_does_not_wait_for_what_still_runs(tmp_path):
    async def scenario(reader):
        task = await begun(reader)
        started = time.monotonic()
        await reader.close()
        assert time.monotonic() - started < 5
        await asyncio.wait({task})
        assert "interrupted" in str(task.exception())

    run(tmp_path, scenario)


NOTES = table("notes", column("id", BigInteger), column("body", String), column("sent", Boolean), column("files", JSON))
IN_ORDER = select(NOTES).order_by(NOTES.c.id)
BODIES = ["", 'a "quoted" one', "line\nbreak\t\x01\x7f", "\N{GREEK SMALL LETTER ALPHA}\U0001f600", "[1]", "null", "1"]


@pytest.fixture
def notes(tmp_path):
    """A note of each body, then one of which nothing is known; the ids are as large as they get."""
    rows = [(place, body, place % 2, '["x", {"y": null}]') for place, body in enumerate(BODIES)]
    with closing(sqlite3.connect(tmp_path / "rows.db")) as connection, connection:
        connection.execute("CREATE TABLE notes (id BIGINT, body TEXT, sent BOOLEAN, files JSON)")
        connection.executemany("INSERT INTO notes VALUES (?, ?, ?, ?)", [*rows, (2**63 - 1, None, None, None)])


@pytest.mark.usefixtures("notes")
def test_rows_hold_what_columns_mean(tmp_path):
    expected = [[place, body, bool(place % 2), ["x", {"y": None}]] for place, body in enumerate(BODIES)]
    assert run(tmp_path, lambda reader: reader.fetch(IN_ORDER, {})) == [*expected, [2**63 - 1, None, None, None]]


@pytest.mark.usefixtures("notes")
@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        pytest.param(IN_ORDER.where(NOTES.c.id < 0), [], id="no row"),
        pytest.param(IN_ORDER.with_only_columns(NOTES.c.id).limit(2).offset(1), [[1], [2]], id="a part of them"),
        pytest.param(
            select(NOTES.c.id, NOTES.c.id.label("again"), literal(True)).where(NOTES.c.id == bindparam("asked")),
            [[3, 3, True]],
            id="one column twice",
        ),
        pytest.param(
            union_all(select(NOTES.c.id).where(NOTES.c.id == 4), select(NOTES.c.id).where(NOTES.c.id == 2)),
            [[4], [2]],
            id="a union",
        ),
        pytest.param(
            select(IN_ORDER.cte("few").c.id).order_by(text("1 DESC")).limit(1), [[2**63 - 1]], id="a common table"
        ),
        pytest.param(text("SELECT id, sent FROM notes WHERE id = 1"), [(1, 1)], id="written as text"),
    ],
)
def test_every_kind_of_statement_is_read(tmp_path, statement, expected):
    assert run(tmp_path, lambda reader: reader.fetch(statement, {"asked": 3})) == expected

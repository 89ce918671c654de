"""The database that is measured: a fresh one that is dropped afterwards, or one that is there already."""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
from sqlalchemy import Connection, make_url, select, text

from gateway import tokens
from gateway.bench.documents import MESSAGES_OF_A_CONVERSATION, ORGANIZATION
from gateway.bench.trouble import Trouble
from gateway.db import Database
from gateway.models.api_client import api_clients
from gateway.models.job import jobs
from gateway.settings import Settings
from gateway.viewer import ApiPermission, ViewerKind

# The generator gives a conversation six messages on average, and *page* is about ten of each.
_FILL_UP = """
    INSERT INTO messages (organization_id, id, conversation_id, body, file_urls, sent_at, sent_via)
    WITH numbers(n) AS (VALUES {numbers}),
    held AS (SELECT conversation_id, count(*) AS n FROM messages WHERE organization_id = {organization} GROUP BY 1)
    SELECT c.organization_id,
           (SELECT max(id) FROM messages) + row_number() OVER (ORDER BY c.id, numbers.n),
           c.id,
           'Thank you, we will look at it and come back to you. (' || numbers.n || ')',
           {no_files}, c.last_event_at, 'EMAIL'
    FROM conversations c LEFT JOIN held ON held.conversation_id = c.id
    JOIN numbers ON numbers.n > coalesce(held.n, 0)
    WHERE c.organization_id = {organization}
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """`job_id` is a job in the middle of the table, and `jobs` how many the organization has."""

    url: str
    token: str
    jobs: int
    job_id: int
    server: str


@asynccontextmanager
async def fresh(url: str | None, *, jobs: int, keep: bool = False) -> AsyncIterator[Measured]:
    """A seeded database: beside that of a PostgreSQL URL, else in a temporary SQLite file."""
    made = await _create(url)
    try:
        await _seed(made, jobs)
        await _in_database(made, _fill_up)
        await _settle(made)
        async with existing(made) as measured:
            yield measured
    finally:
        if not keep:
            await _drop(made)


@asynccontextmanager
async def existing(url: str) -> AsyncIterator[Measured]:
    """A database that was seeded before. The token made for the bench is revoked afterwards."""
    name = f"bench {uuid4().hex}"
    token, count, job_id, server = await _in_database(url, lambda connection: _prepare(connection, name))
    try:
        yield Measured(url, token, count, job_id, server)
    finally:
        await _in_database(url, lambda connection: _revoke(connection, name))


async def _create(url: str | None) -> str:
    if url is None or make_url(url).get_backend_name() == "sqlite":
        return f"sqlite:///{tempfile.mkdtemp(prefix='partner-gateway-bench-')}/bench.db"
    name = f"gateway_bench_{uuid4().hex[:12]}"
    await _administer(url, f'CREATE DATABASE "{name}"')
    return make_url(url).set(database=name).render_as_string(hide_password=False)


async def _drop(url: str) -> None:
    place = make_url(url)
    if place.get_backend_name() == "sqlite":
        file = Path(place.database or "")
        for found in file.parent.glob(f"{file.name}*"):
            found.unlink()
        file.parent.rmdir()
    else:
        maintenance = place.set(database="postgres").render_as_string(hide_password=False)
        await _administer(maintenance, f'DROP DATABASE "{place.database}" WITH (FORCE)')


async def _administer(url: str, statement: str) -> None:
    """Outside of any transaction, as these statements want it."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _seed(url: str, count: int) -> None:
    """By the command, so that its memory is not ours."""
    environment = os.environ | {"GATEWAY_DATABASE_URL": url}
    command = (sys.executable, "-m", "gateway", "seed", "--jobs", str(count), "--json")
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.DEVNULL)
    if await process.wait():
        raise Trouble("The database could not be seeded")


async def _settle(url: str) -> None:
    """Nothing that vacuum would do is left for the first requests, or for autovacuum in the middle of a run."""
    if make_url(url).get_backend_name() == "sqlite":
        await _in_database(url, lambda connection: connection.execute(text("ANALYZE")))
    else:
        await _administer(url, "VACUUM ANALYZE")


async def _in_database(url: str, work: Any) -> Any:
    database = Database(Settings(database_url=url, database_timeout=60))
    try:
        return await database.run_sync(work)
    finally:
        await database.close()


def _fill_up(connection: Connection) -> None:
    """Every conversation of the organization gets the messages that it lacks of ten."""
    numbers = ", ".join(f"({n})" for n in range(1, MESSAGES_OF_A_CONVERSATION + 1))
    no_files = "'[]'" if connection.dialect.name == "sqlite" else "CAST('[]' AS json)"
    connection.execute(text(_FILL_UP.format(numbers=numbers, no_files=no_files, organization=ORGANIZATION)))


def _prepare(connection: Connection, name: str) -> tuple[str, int, int, str]:
    holder = tokens.Holder(kind=ViewerKind.PARTNER, organization_id=ORGANIZATION)
    token = tokens.create(connection, holder, permissions=list(ApiPermission), name=name, now=datetime.now(UTC))
    own = select(jobs.c.id).where(jobs.c.organization_id == ORGANIZATION).order_by(jobs.c.id)
    ids = list(connection.scalars(own))
    if not ids:
        raise Trouble(f"Organization {ORGANIZATION} has no jobs: seed the database first")
    version = ".".join(map(str, connection.dialect.server_version_info or ()))
    return token, len(ids), ids[len(ids) // 2], f"{connection.dialect.name} {version}"


def _revoke(connection: Connection, name: str) -> None:
    client_id = connection.scalar(select(api_clients.c.id).where(api_clients.c.name == name))
    if client_id is not None:
        tokens.revoke(connection, client_id, now=datetime.now(UTC))

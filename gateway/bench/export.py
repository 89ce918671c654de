"""A deep export in a process of its own: through the plan, page by page, or by one statement of the database.

`python -m gateway.bench.export plan|copy` writes every job of GATEWAY_DATABASE_URL with all that belongs to it as JSON
Lines, and prints rows, seconds and the most memory that it took.
"""

import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, cast

import asyncpg
import orjson
import uvloop
from graphql import OperationDefinitionNode, parse
from sqlalchemy import make_url

import schema
from gateway.bench import limit_postgresql, limit_sqlite
from gateway.bench.documents import ORGANIZATION, VERSION, export_page
from gateway.bench.trouble import Trouble
from gateway.db import Database
from gateway.execution.engine import Engine, Operation
from gateway.settings import Settings
from gateway.viewer import ApiPermission, Viewer, ViewerKind
from resolvers.context import Context

PLAN, COPY = "plan", "copy"

# Rows, and the seconds from the first statement to the last row.
Written = tuple[int, float]

_LINES = orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """`rows` are jobs, each with its shop, services, requirements, conversation and ten messages."""

    rows: int
    seconds: float
    bytes: int
    peak_bytes: int


async def through_the_plan(settings: Settings, out: IO[bytes]) -> Written:
    """Walks all jobs by keyset, a page after the other; nothing is kept of a page that was written."""
    document = parse(export_page().query)
    node = cast("OperationDefinitionNode", document.definitions[0])
    operation = Operation(schema.build(VERSION), document, node)
    engine = Engine(settings.engine)
    database = Database(settings)
    started = time.perf_counter()
    after, rows = None, 0
    try:
        while True:
            variables: Any = operation.coerce({"after": after})
            context = _context(settings, database)
            result = await engine.execute(operation, variables, context, as_json=True)
            context.end()
            if result.data is None:
                raise Trouble(f"The export failed: {result.errors}")
            page = result.data["jobs"]
            out.writelines(orjson.dumps(job, option=_LINES) for job in page["nodes"])
            rows += len(page["nodes"])
            if not page["pageInfo"]["hasNextPage"]:
                return rows, time.perf_counter() - started
            after = page["pageInfo"]["endCursor"]
    finally:
        await database.close()


def _context(settings: Settings, database: Database) -> Context:
    viewer = Viewer(ViewerKind.PARTNER, organization_id=ORGANIZATION, permissions=frozenset(ApiPermission))
    return Context(viewer=viewer, database=database, settings=settings, now=datetime.now(UTC), request_id="bench")


async def by_copy(settings: Settings, out: IO[bytes]) -> Written:
    """COPY of a JSON expression; on SQLite, which has none, the rows of the same SELECT."""
    if settings.is_postgresql:
        return await _copy(settings.database_url, out)
    connection = sqlite3.connect(make_url(settings.database_url).database or "")
    connection.text_factory = bytes
    started, rows = time.perf_counter(), 0
    for (line,) in connection.execute(limit_sqlite.EXPORT, {"organization": ORGANIZATION}):
        out.write(line + b"\n")
        rows += 1
    connection.close()
    return rows, time.perf_counter() - started


async def _copy(url: str, out: IO[bytes]) -> Written:
    connection = await asyncpg.connect(url)
    started = time.perf_counter()

    async def write(data: bytes) -> None:
        out.write(data)

    try:
        status: str = await connection.copy_from_query(limit_postgresql.EXPORT, ORGANIZATION, output=write)
        return int(status.split()[1]), time.perf_counter() - started
    finally:
        await connection.close()


WAYS: dict[str, Callable[[Settings, IO[bytes]], Coroutine[Any, Any, Written]]] = {PLAN: through_the_plan, COPY: by_copy}


def _peak_bytes() -> int:
    """Of this program alone: what getrusage tells includes the process that started it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


def main() -> None:
    settings = Settings.from_env()
    with tempfile.TemporaryFile() as out:
        rows, seconds = uvloop.run(WAYS[sys.argv[1]](settings, out))
        exported = Exported(rows=rows, seconds=seconds, bytes=out.tell(), peak_bytes=_peak_bytes())
    sys.stdout.write(json.dumps(asdict(exported)))


if __name__ == "__main__":
    main()

"""A gateway in this process, or in a process of its own, on a fresh database with a few API clients."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import httpx
from graphql import GraphQLError, GraphQLSchema, build_schema
from sqlalchemy import Connection, insert, text

from gateway import migrations, tokens
from gateway.app import create_app
from gateway.db import Database
from gateway.errors import InvalidArgument, Unavailable
from gateway.models.actor import employees, merchant_users, organizations, shops
from gateway.settings import Settings
from gateway.viewer import ApiPermission, ViewerKind

T = TypeVar("T")

# The stand-in has resolvers of graphql-core alone.
ENGINE = {"engine": "graphql-core"}
STAND_IN = """
    scalar DateTime
    type Query {
        hello(name: String, at: DateTime): String
        long: String
        broken: String
        nothing: String!
        strayObject: String
        refused: String
        away: String
        read: String
        slow: String
        slowLoaded: String
        jobs: String
        transactions: String
    }
    type Mutation { change: String, credit: String }
"""
PERMISSIONS = {
    "jobs": ApiPermission.MANAGE_JOBS,
    "transactions": ApiPermission.VIEW_FINANCIALS,
    "credit": ApiPermission.VIEW_FINANCIALS,
}


def stand_in_schema(_version: str) -> GraphQLSchema:
    """Fields that fail in every way there is, which the real schema does not have."""
    schema = build_schema(STAND_IN)
    for root in (schema.query_type, schema.mutation_type):
        for name, definition in root.fields.items():
            definition.resolve = globals()[f"resolve_{name}"]
            if name in PERMISSIONS:
                definition.extensions = {"permission": PERMISSIONS[name]}
    schema.type_map["DateTime"].coerce_input_value = read_moment
    return schema


def read_moment(value: object) -> datetime:
    if value == "python":
        raise KeyError("an inner detail")
    if not isinstance(value, str) or not value.startswith("2"):
        raise GraphQLError("DateTime cannot represent that")
    return datetime(2020, 1, 1, tzinfo=UTC)


def resolve_hello(_root: Any, _info: Any, name: str = "you", at: object = None) -> str:
    return f"Hello {name}"


def resolve_long(*_: Any) -> str:
    return "all work and no play " * 500


def resolve_broken(*_: Any) -> str:
    raise KeyError("SELECT secret FROM /etc/passwd")


def resolve_nothing(*_: Any) -> None:
    return None


def resolve_strayObject(*_: Any) -> Any:  # noqa: N802 - the name of its field
    return object()


def resolve_refused(*_: Any) -> str:
    raise InvalidArgument("That cursor is damaged", code="INVALID_CURSOR")


def resolve_away(*_: Any) -> str:
    raise Unavailable("The database can't be reached. Try again soon.")


async def resolve_read(_root: Any, info: Any) -> str:
    await info.context.fetch(READ)
    return "done"


async def resolve_slow(_root: Any, info: Any) -> str:
    await info.context.fetch(SLOW[info.context.database.is_postgresql])
    return "done"


async def resolve_slowLoaded(_root: Any, info: Any) -> str:  # noqa: N802 - the name of its field
    """As a data loader does: the statement runs in a task that nobody cancels."""
    answered = asyncio.get_running_loop().create_future()

    async def load() -> None:
        try:
            answered.set_result(await info.context.fetch(SLOW[info.context.database.is_postgresql]))
        except Unavailable as error:
            answered.set_exception(error)

    asyncio.get_running_loop().call_soon(asyncio.ensure_future, load())
    await answered
    return "done"


def resolve_jobs(*_: Any) -> str:
    return "jobs"


resolve_transactions = resolve_change = resolve_credit = resolve_jobs

READ = text("SELECT 1")
SLOW = {
    True: text("SELECT pg_sleep(30) /* slow */"),
    False: text(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500000000) SELECT max(i) FROM n"
    ),
}


def fill(connection: Connection) -> dict[str, str]:
    """Two organizations, a shop with its merchant user, an employee, and a token for each kind of caller."""
    now = datetime.now(UTC)
    connection.execute(
        insert(organizations),
        [{"id": 1, "name": "Acme", "created_at": now}, {"id": 2, "name": "Other", "created_at": now}],
    )
    connection.execute(insert(shops), [{"id": n, "name": "S", "myshopify_domain": f"{n}.example"} for n in (1, 2)])
    user = {"id": 1, "shop_id": 1, "name": "Mo", "timezone": "UTC"}
    connection.execute(insert(merchant_users), user)
    connection.execute(insert(employees), {"id": 1, "name": "Em"})
    partner = tokens.Holder(kind=ViewerKind.PARTNER, organization_id=1)
    merchant = tokens.Holder(kind=ViewerKind.MERCHANT, shop_id=1, merchant_user_id=1)
    employee = tokens.Holder(kind=ViewerKind.EMPLOYEE, employee_id=1)
    return {
        "partner": tokens.create(connection, partner, permissions=list(ApiPermission), name="all", now=now),
        "jobs": tokens.create(connection, partner, permissions=[ApiPermission.MANAGE_JOBS], name="jobs", now=now),
        "merchant": tokens.create(connection, merchant, name="merchant", now=now),
        "employee": tokens.create(connection, employee, name="employee", now=now),
    }


def prepare(settings: Settings) -> dict[str, str]:
    async def run() -> dict[str, str]:
        database = Database(settings)
        await database.run_sync(migrations.upgrade)
        found = await database.run_sync(fill)
        await database.close()
        return found

    return asyncio.run(run())


@dataclass
class Gateway:
    """`path` is where the partner's requests go. A request runs to its end before the next one starts."""

    app: Any
    settings: Settings
    tokens: dict[str, str]
    client: httpx.AsyncClient
    run: Callable[[Coroutine[Any, Any, T]], T]
    path: str = "/1/api/2025-07/graphql.json"

    def request(self, method: str, path: str | None = None, *, token: str | None = "partner", **options: Any) -> Any:
        headers = dict(options.pop("headers", {}))
        if token is not None:
            headers["X-Shopify-Access-Token"] = self.tokens.get(token, token)
        return self.run(self.client.request(method, self.path if path is None else path, headers=headers, **options))

    def post(self, query: str, path: str | None = None, *, variables: Any = None, **options: Any) -> Any:
        return self.request("POST", path, json={"query": query, "variables": variables}, **options)


@contextmanager
def in_process(settings: Settings, build: Callable[[str], GraphQLSchema]) -> Iterator[Gateway]:
    """On an event loop of its own, in a thread, as under a server."""
    found = prepare(settings)
    # It may refuse the settings: then no thread must be left, which would keep the tests from ending.
    app = create_app(settings, build_schema=build)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def run(work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, loop).result(30)

    stack = AsyncExitStack()
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://gateway"
    )
    try:
        run(stack.enter_async_context(app.router.lifespan_context(app)))
        yield Gateway(app, settings, found, client, run)
    finally:
        run(stack.aclose())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@dataclass
class Served:
    process: "subprocess.Popen[str]"
    port: int
    tokens: dict[str, str]
    settings: Settings
    lines: list[str] = field(default_factory=list)
    reader: threading.Thread = field(default_factory=threading.Thread)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.origin}/1/api/2025-07/graphql.json"

    def headers(self, token: str = "partner") -> dict[str, str]:
        return {"X-Shopify-Access-Token": self.tokens[token]}


@contextmanager
def served(settings: Settings, app: str | None = None, *arguments: str, **environment: str) -> Iterator[Served]:
    """`partner-gateway serve` as a process on a free port; or, with `app`, that factory under the same server."""
    found = prepare(settings)
    variables = {"GATEWAY_DATABASE_URL": settings.database_url, "GATEWAY_RATE_LIMIT": "0", "GATEWAY_PORT": "0"}
    root = Path(__file__).parents[2]
    environ = {**os.environ, "PYTHONPATH": f"{root}:{Path(__file__).parent}", **variables, **environment}
    command = [sys.executable, "-m", "gateway", "serve", *arguments]
    if app:
        program = f"import gateway.cli, gateway.cli.serve as serve; serve.APP = {app!r}; gateway.cli.main(['serve'])"
        command = [sys.executable, "-c", program]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env=environ, cwd=root, start_new_session=True
    )
    server = Served(process, 0, found, settings)
    server.reader = threading.Thread(target=lambda: server.lines.extend(process.stderr or ()), daemon=True)
    server.reader.start()
    try:
        server.port = wait_for_port(server)
        # The port is bound before the schema is built, which takes its time on a busy machine.
        httpx.get(f"{server.origin}/healthz", timeout=60)
        yield server
    finally:
        # Workers outlive a parent that is killed, and would hold its output open: the whole group goes.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        server.reader.join()


def stand_in_app() -> Any:
    """For a server in another process, which imports it by its name."""
    return create_app(replace(Settings.from_env(), **ENGINE), build_schema=stand_in_schema)


def wait_for_port(server: Served) -> int:
    for _ in range(300):
        for line in server.lines:
            if match := re.search(r"Listening on http\S+:(\d+)", line):
                return int(match[1])
        if server.process.poll() is not None:
            break
        time.sleep(0.05)
    raise AssertionError("".join(server.lines))

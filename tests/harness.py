"""A gateway in this process, over a database of its own, asked as a client asks: by documents over HTTP."""

import asyncio
import logging
import os
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import uvicorn

from gateway.app import create_app
from gateway.cli.seed import SeedResult, seed
from gateway.db import Database
from gateway.handlers import HANDLERS
from gateway.jobs import Worker
from gateway.settings import Settings

POSTGRES_URL = os.environ.get("GATEWAY_TEST_POSTGRES_URL", "")
BACKENDS = ["sqlite", *(["postgresql"] if POSTGRES_URL else [])]

# The full schema: everything that any version has.
NEWEST = "unstable"


@dataclass
class Answer:
    """What came back, and how many statements it took besides the token's own."""

    status: int
    body: dict[str, Any]
    headers: httpx.Headers
    statements: int

    @property
    def data(self) -> Any:
        assert "errors" not in self.body, self.body["errors"]
        return self.body["data"]

    @property
    def codes(self) -> list[tuple[Any, str]]:
        """Where something failed, and with which code."""
        return [(error.get("path"), error["extensions"]["code"]) for error in self.body["errors"]]


class Gateway:
    """`tokens` are those of the seed; `partner` is organization 1's with all permissions."""

    def __init__(self, settings: Settings, tokens: SeedResult) -> None:
        self.settings = settings
        self.tokens = tokens
        self.runner = asyncio.Runner()
        self._app = create_app(settings)
        self.database: Database = self._app.state.database
        self._lifespan = self._app.router.lifespan_context(self._app)
        self.runner.run(self._lifespan.__aenter__())
        self._statements: list[int] = []
        logging.getLogger("gateway.request").setLevel(logging.INFO)

    @property
    def partner(self) -> str:
        return self.tokens.partners[1]

    @property
    def other_partner(self) -> str:
        return self.tokens.partners[2]

    @property
    def merchant(self) -> str:
        """Of merchant user 1 in shop 1, which deals with organization 1 alone."""
        return self.tokens.merchants[1, 1]

    def ask(
        self,
        document: str,
        variables: dict[str, Any] | None = None,
        *,
        token: str | None = "",
        version: str = NEWEST,
        headers: dict[str, str] | None = None,
        operation: str | None = None,
    ) -> Answer:
        """Asks as organization 1, or with another token; with None as nobody."""
        token = self.partner if token == "" else token
        sent = {"X-Shopify-Access-Token": token} if token else {}
        body = {"query": document, "variables": variables or {}, "operationName": operation}
        return self.runner.run(self._post(f"/api/{version}/graphql.json", body, sent | (headers or {})))

    async def _post(self, path: str, body: dict[str, Any], headers: dict[str, str]) -> Answer:
        transport = httpx.ASGITransport(self._app)
        with counted() as statements:
            async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
                response = await client.post(path, json=body, headers=headers)
        return Answer(response.status_code, response.json(), response.headers, statements[-1])

    def rows(self, statement: Any) -> list[Any]:
        """What the database holds, past the gateway."""
        return list(self.runner.run(self.database.run_sync(lambda connection: connection.execute(statement).all())))

    def work(self, now: datetime | None = None) -> list[str]:
        """Does all later work that is due now, or at another moment, and tells the kinds of what was done."""
        worker = Worker(self.database, self.settings, HANDLERS, clock=lambda: now or datetime.now(UTC))
        return self.runner.run(worker.run_due())

    def letters(self) -> list[EmailMessage]:
        """Those that were sent so far, oldest first."""
        files = sorted(Path(self.settings.mail_dir).glob("*.eml"))
        return [message_from_bytes(file.read_bytes(), policy=default) for file in files]

    def close(self) -> None:
        self.runner.run(self._lifespan.__aexit__(None, None, None))
        self.runner.close()


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """The origin of a gateway that listens on a port of its own, for clients that bring their own HTTP."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(settings), log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def counted() -> Iterator[list[int]]:
    """The statements of each request that ends meanwhile, as the log tells them."""
    told: list[int] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told.append(record.args[5])  # type: ignore[index, arg-type]

    listener = Listener()
    logger = logging.getLogger("gateway.request")
    logger.addHandler(listener)
    try:
        yield told
    finally:
        logger.removeHandler(listener)


@dataclass
class Template:
    """A seeded database that others are copied from."""

    url: str
    tokens: SeedResult

    @contextmanager
    def copy(self, folder: Path, **settings: Any) -> Iterator[Gateway]:
        url = self._copied(folder)
        # Work that is left for later is done when a test says so.
        chosen = {"database_url": url, "rate_limit": 0, "serve_work": 0, "mail_dir": str(folder / "mail")}
        # Fifty writes that wait for each other on a busy machine are no outage.
        chosen |= {"database_timeout": 30, "request_timeout": 60} | settings
        gateway = Gateway(Settings(**chosen), self.tokens)
        try:
            yield gateway
        finally:
            gateway.close()
            if not url.startswith("sqlite"):
                asyncio.run(run_sql(url, f'DROP DATABASE "{name_of(url)}" WITH (FORCE)'))

    def _copied(self, folder: Path) -> str:
        if self.url.startswith("sqlite"):
            file = folder / f"{uuid4().hex}.db"
            shutil.copy(self.url.removeprefix("sqlite:///"), file)
            return f"sqlite:///{file}"
        name = f"gateway_test_{uuid4().hex}"
        asyncio.run(run_sql(self.url, f'CREATE DATABASE "{name}" TEMPLATE "{name_of(self.url)}"'))
        return self.url.replace(name_of(self.url), name)


def name_of(url: str) -> str:
    return url.rsplit("/", 1)[1]


async def run_sql(url: str, statement: str) -> None:
    """Runs it from the server's own database, since the one that is named may not be connected to."""
    connection = await asyncpg.connect(url.rsplit("/", 1)[0] + "/postgres")
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def seeded(url: str) -> Template:
    async def fill() -> SeedResult:
        database = Database(Settings(database_url=url))
        try:
            return await seed(database)
        finally:
            await database.close()

    return Template(url, asyncio.run(fill()))

"""The processes of the bench: the servers that are measured, and the one that asks them."""

import asyncio
import json
import os
import socket
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass

import httpx

from gateway.bench.documents import ORGANIZATION, VERSION, Document
from gateway.bench.load import Order, Told
from gateway.bench.trouble import Trouble

COMPILED, WALKED, LIMIT = "compiled", "graphql-core", "limit"
SUBJECTS = (COMPILED, WALKED, LIMIT)
START_SECONDS = 30.0
STOP_SECONDS = 10.0

_SERVE = ("gateway", "serve", "--port", "{port}")
# What `serve` tells uvicorn, for an application that is not the gateway's.
_LIMIT = (
    *("uvicorn", "gateway.bench.limit:create_app", "--factory", "--port", "{port}"),
    *("--loop", "uvloop", "--http", "httptools", "--ws", "none", "--no-access-log", "--log-level", "warning"),
    "--no-server-header",
)

# What slows down or refuses by design takes no part: only the work is measured.
_ENVIRONMENT = {
    "GATEWAY_RATE_LIMIT": "0",
    "GATEWAY_LOG_LEVEL": "warning",
    "GATEWAY_REQUEST_TIMEOUT": "120",
    "GATEWAY_DATABASE_TIMEOUT": "60",
}


@dataclass(frozen=True, slots=True)
class Server:
    subject: str
    port: int
    pid: int
    token: str

    @property
    def path(self) -> str:
        return f"/{ORGANIZATION}/api/{VERSION}/graphql.json"


@asynccontextmanager
async def serving(subject: str, database_url: str, token: str) -> AsyncIterator[Server]:
    """One worker of that subject, on a port of its own. Raises Trouble when it does not start."""
    port = _free_port()
    command = [word.format(port=port) for word in (_LIMIT if subject == LIMIT else _SERVE)]
    engine = {} if subject == LIMIT else {"GATEWAY_ENGINE": subject}
    environment = _environment({"GATEWAY_DATABASE_URL": database_url} | engine)
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", *command, env=environment)
    try:
        await _ready(process, port, subject)
        yield Server(subject, port, process.pid, token)
    finally:
        await _stop(process)


def _environment(values: Mapping[str, str]) -> dict[str, str]:
    """Ours decide: no setting of whoever starts the bench counts, or two runs would not compare."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GATEWAY_")}
    return kept | _ENVIRONMENT | dict(values)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


async def _ready(process: asyncio.subprocess.Process, port: int, subject: str) -> None:
    reason = "it does not listen"
    until = time.monotonic() + START_SECONDS
    async with httpx.AsyncClient() as client:
        while time.monotonic() < until and process.returncode is None:
            with suppress(httpx.TransportError):
                response = await client.get(f"http://127.0.0.1:{port}/readyz")
                if response.status_code == 200:
                    return
                reason = response.text
            await asyncio.sleep(0.05)
    if process.returncode is not None:
        reason = f"it ended with status {process.returncode}"
    raise Trouble(f"The server of {subject} did not start: {reason}")


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()


class Generator:
    """The process that asks; its processor time is nobody's that is measured."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def run(self, order: Order) -> Told:
        """Raises Trouble where an answer was not what it should be."""
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise Trouble("The load generator has no pipes")
        stdin.write(json.dumps(asdict(order)).encode() + b"\n")
        await stdin.drain()
        line = await stdout.readline()
        if not line:
            raise Trouble("The load generator ended")
        told = Told(**json.loads(line))
        if told.error:
            raise Trouble(told.error)
        return told


@asynccontextmanager
async def generating() -> AsyncIterator[Generator]:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "gateway.bench.load", stdin=pipe, stdout=pipe)
    try:
        yield Generator(process)
    finally:
        await _stop(process)


def order(server: Server, document: Document) -> Order:
    """One connection, for a second; `dataclasses.replace` asks for more."""
    return Order(port=server.port, path=server.path, token=server.token, body=document.body().decode())

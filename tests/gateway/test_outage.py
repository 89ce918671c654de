"""A PostgreSQL that goes away costs each request at most five seconds and a 503, and is used again once it is back."""

import asyncio
import os
import secrets
import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import asyncpg
import httpx
import pytest
from serving import ENGINE, in_process, served, stand_in_schema
from sqlalchemy import make_url

from gateway.settings import Settings

URL = os.environ.get("GATEWAY_TEST_POSTGRES_URL", "")
pytestmark = pytest.mark.skipif(not URL, reason="GATEWAY_TEST_POSTGRES_URL is not set")


class Proxy:
    """Between the gateway and PostgreSQL; `mode` is pass, blackhole (nothing arrives) or refuse (nobody listens)."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._connections: set[socket.socket] = set()
        self._arriving = threading.Event()
        self._arriving.set()
        self._listening: socket.socket | None = None
        self.port = 0
        self.listen()

    def listen(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", self.port), backlog=200)
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def refuse(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.drop()

    def blackhole(self) -> None:
        self._arriving.clear()

    def restore(self) -> None:
        self._arriving.set()

    def drop(self) -> None:
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        self._connections.clear()

    def _accept(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listening.accept()
                server = socket.create_connection(self._target)
                self._connections |= {client, server}
                for pair in ((client, server), (server, client)):
                    threading.Thread(target=self._pump, args=pair, daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                self._arriving.wait()
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def administer(statement: str) -> list[asyncpg.Record]:
    async def run() -> list[asyncpg.Record]:
        connection = await asyncpg.connect(URL)
        try:
            return await connection.fetch(statement)
        finally:
            await connection.close()

    return asyncio.run(run())


@pytest.fixture
def postgres():
    """The URL of an empty database."""
    name = f"outage_{secrets.token_hex(6)}"
    administer(f"CREATE DATABASE {name}")
    yield make_url(URL).set(database=name)
    administer(f"DROP DATABASE {name} WITH (FORCE)")


def slow_statements() -> int:
    return len(
        administer("SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(30)%' AND state = 'active'")
    )


def until(check, *, seconds):
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.slow
@pytest.mark.parametrize("trouble", ["blackhole", "refuse", "drop"])
def test_an_outage_costs_little_and_ends_soon(postgres, trouble):
    proxy = Proxy(postgres.host, postgres.port or 5432)
    url = postgres.set(host="127.0.0.1", port=proxy.port).render_as_string(hide_password=False)
    settings = Settings(database_url=url, rate_limit=0.0)
    with served(settings, "serving:stand_in_app") as server, httpx.Client(timeout=30) as client:

        def ask(_number=0):
            started = time.monotonic()
            answer = client.post(server.url, json={"query": "{ read }"}, headers=server.headers())
            return answer.status_code, time.monotonic() - started

        with ThreadPoolExecutor(20) as threads:
            assert {status for status, _ in threads.map(ask, range(20))} == {200}
            getattr(proxy, trouble)()
            during = list(threads.map(ask, range(20)))
            if trouble == "drop":
                # The server was there all the time: no request may have noticed.
                assert {status for status, _ in during} == {200}
            else:
                assert {status for status, _ in during} == {503}
                assert httpx.get(f"{server.origin}/healthz").status_code == 200
                assert httpx.get(f"{server.origin}/readyz", timeout=10).status_code == 503
            slowest = max(seconds for _, seconds in during)
            assert slowest < 5
            if trouble == "blackhole":
                proxy.restore()
            elif trouble == "refuse":
                proxy.listen()
            back = time.monotonic()
            until(lambda: {status for status, _ in threads.map(ask, range(20))} == {200}, seconds=2)
        sys.stderr.write(f"{trouble}: slowest {slowest:.2f} s, back after {time.monotonic() - back:.2f} s\n")
        assert not any("Traceback" in line for line in server.lines), "".join(server.lines)
        assert server.process.poll() is None


@pytest.mark.parametrize("document", ["{ slow }", "{ slowLoaded }"])
def test_a_request_that_takes_too_long_cancels_its_statement(postgres, document):
    url = postgres.render_as_string(hide_password=False)
    settings = Settings(database_url=url, rate_limit=0.0, request_timeout=0.5, database_timeout=20.0, **ENGINE)
    with in_process(settings, stand_in_schema) as gateway:
        started = time.monotonic()
        answer = gateway.post(document)
        assert time.monotonic() - started < 3
        assert answer.json()["errors"][0]["extensions"] == {"code": "TIMEOUT"}
        until(lambda: slow_statements() == 0, seconds=3)
        assert gateway.post("{ hello }").status_code == 200


@pytest.mark.parametrize("document", ["{ slow }", "{ slowLoaded }"])
def test_a_statement_that_takes_too_long_is_cancelled(postgres, document):
    url = postgres.render_as_string(hide_password=False)
    settings = Settings(database_url=url, rate_limit=0.0, database_timeout=0.5, **ENGINE)
    with in_process(settings, stand_in_schema) as gateway:
        answer = gateway.post(document)
        assert (answer.status_code, answer.json()["errors"][0]["extensions"]) == (503, {"code": "UNAVAILABLE"})
        until(lambda: slow_statements() == 0, seconds=3)


def test_who_hangs_up_cancels_the_statement(postgres):
    settings = Settings(database_url=postgres.render_as_string(hide_password=False), rate_limit=0.0)
    with served(settings, "serving:stand_in_app") as server:
        for document in ("{ slow }", "{ slowLoaded }"):
            with pytest.raises(httpx.ReadTimeout):
                httpx.post(server.url, json={"query": document}, headers=server.headers(), timeout=1)
            until(lambda: slow_statements() == 0, seconds=3)
        assert sum("status=499" in line for line in server.lines) == 2

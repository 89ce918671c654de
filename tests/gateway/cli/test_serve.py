"""partner-gateway serve: what it refuses to start with, how it stops, and that it needs no database to start."""

import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from serving import served

from gateway.settings import Settings

REDIS = os.environ.get("GATEWAY_TEST_REDIS_URL", "")
ROOT = Path(__file__).parents[3]


def serve(*arguments, **environment):
    command = [sys.executable, "-m", "gateway", "serve", *arguments]
    environ = {**os.environ, "GATEWAY_DATABASE_URL": "sqlite:////nowhere/at-all.db", **environment}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environ, cwd=ROOT, timeout=30)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def settings(tmp_path):
    return Settings(database_url=f"sqlite:///{tmp_path}/served.db")


@pytest.mark.parametrize(
    ("arguments", "environment", "word"),
    [
        (["--workers", "2"], {}, "GATEWAY_REDIS_URL"),
        (["--workers", "0"], {}, "--workers"),
        (["--port", "70000"], {}, "port"),
        (["--port", "http"], {}, "--port"),
        ([], {"GATEWAY_PORT": "x"}, "GATEWAY_PORT"),
        ([], {"GATEWAY_LOG_LEVEL": "loud"}, "GATEWAY_LOG_LEVEL"),
        ([], {"GATEWAY_DATABASE_URL": "mysql://x"}, "GATEWAY_DATABASE_URL"),
    ],
)
def test_a_wrong_setting_is_a_sentence(arguments, environment, word):
    status, out, err = serve(*arguments, **environment)
    assert (status, out) == (2, "")
    assert word in err
    assert "Traceback" not in err


def test_a_port_in_use_is_a_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        expected = f"Can't listen on 127.0.0.1:{port}: Address already in use\n"
        assert serve("--port", str(port)) == (1, "", expected)


def test_a_host_that_is_none_is_a_sentence():
    status, _, err = serve("--host", "no such host")
    assert (status, err.count("\n"), err.startswith("Can't listen on no such host:")) == (1, 1, True)


def test_it_answers_and_says_nothing_of_itself(settings):
    with served(settings) as server:
        answer = httpx.post(server.url, json={"query": "{ __typename }"}, headers=server.headers())
        assert answer.text == '{"data":{"__typename":"QueryRoot"}}'
        assert "Server" not in answer.headers
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(10)
        server.reader.join()
        [line] = [line for line in server.lines if "gateway.request" in line]
        assert " INFO gateway.request request_id=" in line


@pytest.mark.parametrize(("stop", "status"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_signal_stops_it_quietly(settings, stop, status):
    with served(settings) as server:
        assert httpx.get(f"{server.origin}/healthz").status_code == 200
        server.process.send_signal(stop)
        assert server.process.wait(10) == status
        assert not any("Traceback" in line for line in server.lines)


def test_it_starts_without_a_database(settings):
    url = "postgresql://postgres@127.0.0.1:1/none"
    with served(settings, GATEWAY_DATABASE_URL=url) as server:
        assert httpx.get(f"{server.origin}/healthz").status_code == 200
        assert httpx.get(f"{server.origin}/readyz").status_code == 503
        answer = httpx.post(server.url, json={"query": "{ __typename }"}, headers=server.headers())
        assert (answer.status_code, answer.json()["errors"][0]["extensions"]) == (503, {"code": "UNAVAILABLE"})


def test_the_address_of_a_client_is_what_a_trusted_proxy_says(settings):
    body = {"query": "{ __typename }"}
    for trusted, last in (("127.0.0.1", 200), ("", 429)):
        with served(settings, GATEWAY_RATE_LIMIT="1", GATEWAY_TRUSTED_PROXIES=trusted) as server:
            url = f"{server.origin}/api/2025-07/graphql.json"
            answers = [
                httpx.post(url, json=body, headers={"X-Forwarded-For": f"192.0.2.{number}"}).status_code
                for number in range(2)
            ]
            assert answers == [200, last]
        Path(settings.database_url.removeprefix("sqlite:///")).unlink()


@pytest.mark.slow
@pytest.mark.skipif(not REDIS, reason="GATEWAY_TEST_REDIS_URL is not set")
def test_workers_count_requests_together(settings):
    environment = {"GATEWAY_REDIS_URL": REDIS, "GATEWAY_RATE_LIMIT": "4"}
    with served(settings, None, "--workers", "2", **environment) as server:
        deadline = time.monotonic() + 60
        while sum("startup complete" in line for line in server.lines) < 2:
            assert time.monotonic() < deadline, server.lines
            time.sleep(0.1)
        started = time.monotonic()
        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(lambda _: _asked(server), range(40)))
        seconds = time.monotonic() - started
        # Each worker on its own would let twice as many pass.
        assert 4 <= answers.count(200) <= 4 + 4 * seconds + 1
        assert answers.count(200) + answers.count(429) == 40
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(15) == 0


def _asked(server):
    return httpx.post(server.url, json={"query": "{ __typename }"}, headers=server.headers(), timeout=30).status_code

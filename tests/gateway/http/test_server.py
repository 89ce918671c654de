"""The real server over real connections: keep-alive, hanging up, stopping, and a thousand broken requests."""

import http.client
import json
import random
import signal
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from serving import served

from gateway.settings import Settings

GOOD = json.dumps({"query": "query Q($name: String) { hello(name: $name) }", "variables": {"name": "you"}}).encode()
JSON = {"Content-Type": "application/json"}


def settings_in(path: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{path}/served.db")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    settings = settings_in(tmp_path_factory.mktemp("server"))
    with served(settings, "serving:stand_in_app") as server:
        yield server


@pytest.fixture
def connection(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    yield connection
    connection.close()


def ask(connection, server, body=GOOD, headers=JSON, method="POST"):
    connection.request(method, "/1/api/2025-07/graphql.json", body, {**server.headers(), **headers})
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read() or b"null"), answer.headers


def test_a_connection_stays_usable_after_each_refusal(server, connection):
    assert ask(connection, server)[0] == 200
    port = connection.sock.getsockname()
    for body, headers, status in (
        (b"{", JSON, 400),
        (b"x" * 3_000_000, JSON, 413),
        (b"x" * 3_000_000, {**JSON, "X-Shopify-Access-Token": "bad"}, 401),
        (GOOD, {"Content-Type": "text/plain"}, 415),
        (GOOD, {**JSON, "Accept": "text/html"}, 406),
        (iter([b"x" * 400_000] * 5), JSON, 413),
    ):
        assert ask(connection, server, body, headers)[0] == status
        assert ask(connection, server)[:2] == (200, {"data": {"hello": "Hello you"}})
        assert connection.sock.getsockname() == port


def test_a_body_beyond_all_bounds_closes_the_connection(server, connection):
    connection.putrequest("POST", "/1/api/2025-07/graphql.json")
    for name, value in {**server.headers(), **JSON, "Content-Length": str(10**12)}.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Connection"]) == (413, "close")
    assert httpx.post(server.url, content=GOOD, headers={**server.headers(), **JSON}).status_code == 200


def test_a_refused_client_that_asked_first_is_not_told_to_continue(server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as raw:
        raw.sendall(b"POST /1/api/2025-07/graphql.json HTTP/1.1\r\nHost: x\r\n")
        raw.sendall(b"Content-Length: 10\r\nExpect: 100-continue\r\n\r\n")
        assert raw.recv(10_000).startswith(b"HTTP/1.1 401 ")


def test_pipelined_requests_are_answered_in_order(server):
    token = f"X-Shopify-Access-Token: {server.tokens['partner']}"
    head = f"POST /1/api/2025-07/graphql.json HTTP/1.1\r\nHost: x\r\n{token}\r\n"
    one = f"{head}Content-Type: application/json\r\nContent-Length: {len(GOOD)}\r\n\r\n".encode() + GOOD
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as raw:
        raw.sendall(one * 20)
        answered = b""
        while answered.count(b'{"data":{"hello":"Hello you"}}') < 20:
            chunk = raw.recv(100_000)
            assert chunk
            answered += chunk


def test_who_hangs_up_ends_the_statement(server):
    for document in ("{ slow }", "{ slowLoaded }"):
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(server.url, json={"query": document}, headers=server.headers(), timeout=0.5)
    deadline = time.monotonic() + 5
    while sum("status=499" in line for line in server.lines) < 2:
        assert time.monotonic() < deadline, server.lines
        time.sleep(0.05)
    busy = cpu_seconds(server.process.pid)
    time.sleep(1)
    assert cpu_seconds(server.process.pid) - busy < 0.5


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def test_a_thousand_broken_requests_get_an_answer_each(server, connection):
    chance = random.Random(20260101)
    statuses = set()
    for number in range(1_000):
        body, headers, method = mutated(chance)
        port = connection.sock.getsockname() if connection.sock else None
        status, told, answered = ask(connection, server, body, headers, method)
        statuses.add(status)
        assert status < 500, (number, body, headers)
        if status >= 400:
            assert told["errors"][0]["extensions"]["code"]
        # The request, and whatever it was, left the connection as it was.
        assert answered["Connection"] is None
        assert port is None or connection.sock.getsockname() == port
    assert {200, 400, 405, 406, 415} <= statuses
    assert ask(connection, server)[:2] == (200, {"data": {"hello": "Hello you"}})


STRANGE = [None, True, 0, -1, 1e308, 2**70, "", "\0", "\u202e", [], {}, [[]], {"a": {"a": {}}}, "{ hello", "9" * 5_000]
HEADERS = {
    "Content-Type": [
        "",
        ";",
        "application/json;charset=",
        "application/json; charset=utf-16",
        "a/b",
        "multipart/form-data",
    ],
    "Accept": ["", "*/*;q=x", "text/html", "a" * 5_000, ",,,", "application/*;q=0"],
    "X-Request-Id": ["\t", "a" * 500, "%0d%0a"],
    "Content-Encoding": ["gzip", "identity", "br"],
    "Shopify-GraphQL-Cost-Debug": ["1", "2", "\xff"],
    "Accept-Language": ["de", "\xff\xfe", "*;q=9"],
    "Origin": ["null", "https://a.example"],
    "Cookie": ["a=b; " * 500],
}


def mutated(chance: random.Random) -> tuple[bytes, dict[str, str], str]:
    body, headers = GOOD, dict(JSON)
    kind = chance.randrange(4)
    if kind == 0:
        damaged = bytearray(body)
        for _ in range(chance.randint(1, 8)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        body = bytes(damaged)
    elif kind == 1:
        start = chance.randrange(len(body))
        body = body[:start] + body[chance.randrange(len(body)) :] * chance.randint(0, 3)
    elif kind == 2:
        value = json.loads(body)
        value[chance.choice(["query", "variables", "operationName", "extensions", "x"])] = chance.choice(STRANGE)
        body = json.dumps(value if chance.random() < 0.9 else chance.choice(STRANGE)).encode()
    if kind == 3 or chance.random() < 0.2:
        name = chance.choice(list(HEADERS))
        headers[name] = chance.choice(HEADERS[name])
    method = chance.choice(["GET", "PUT", "DELETE"]) if chance.random() < 0.05 else "POST"
    return body, headers, method


def test_sigterm_finishes_what_runs_and_takes_nothing_new(tmp_path):
    with served(settings_in(tmp_path), "serving:stand_in_app", GATEWAY_REQUEST_TIMEOUT="2") as server:
        with ThreadPoolExecutor() as threads:
            body = {"query": "{ slow }"}
            slow = threads.submit(httpx.post, server.url, json=body, headers=server.headers(), timeout=10)
            time.sleep(0.5)
            server.process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            with pytest.raises(httpx.ConnectError):
                httpx.get(f"{server.origin}/healthz")
            assert slow.result().json()["errors"][0]["extensions"] == {"code": "TIMEOUT"}
        assert server.process.wait(10) == 0
        assert not any("Traceback" in line for line in server.lines)


def test_curl_can_ask(server):
    command = ["curl", "-sS", server.url, "-H", f"X-Shopify-Access-Token: {server.tokens['partner']}"]
    command += ["-H", "Content-Type: application/graphql", "-d", "{ hello }"]
    assert subprocess.run(command, capture_output=True, check=True).stdout == b'{"data":{"hello":"Hello you"}}'

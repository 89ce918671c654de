"""What stands around the endpoint: health, compression, and calls from browsers."""

import asyncio
import sqlite3

import pytest


@pytest.fixture
def fresh_gateway(make_gateway):
    return make_gateway()


@pytest.fixture
def database_file(fresh_gateway):
    return fresh_gateway.settings.database_url.removeprefix("sqlite:///")


def test_the_process_is_alive_whatever_the_database_does(fresh_gateway, database_file):
    gateway = fresh_gateway
    with sqlite3.connect(database_file) as connection:
        connection.execute("DROP TABLE alembic_version")
    answer = gateway.request("GET", "/healthz", token=None)
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})
    answer = gateway.request("GET", "/readyz", token=None)
    assert (answer.status_code, answer.json()) == (503, {"status": "the database has no tables"})


def test_ready_is_only_who_has_the_tables_of_this_release(fresh_gateway, database_file):
    gateway = fresh_gateway
    answer = gateway.request("GET", "/readyz", token=None)
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})
    with sqlite3.connect(database_file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    answer = gateway.request("GET", "/readyz", token=None)
    assert (answer.status_code, answer.json()) == (503, {"status": "the database needs other migrations"})


def test_long_answers_are_compressed_and_short_ones_are_not(gateway):
    long = gateway.post("{ long }", headers={"Accept-Encoding": "gzip"})
    short = gateway.post("{ hello }", headers={"Accept-Encoding": "gzip"})
    assert long.headers["Content-Encoding"] == "gzip"
    assert int(long.headers["Content-Length"]) < 200
    assert long.json()["data"]["long"].startswith("all work")
    assert "Content-Encoding" not in short.headers


def test_browsers_may_call_from_the_origins_of_the_settings(make_gateway):
    gateway = make_gateway(cors_origins="https://a.example, https://b.example")
    preflight = {
        "Origin": "https://a.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "X-Shopify-Access-Token, Content-Type",
    }
    answer = gateway.request("OPTIONS", token=None, headers=preflight)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "https://a.example"
    assert "X-Shopify-Access-Token" in answer.headers["Access-Control-Allow-Headers"]
    assert "X-Request-Id" in answer.headers
    refused = gateway.request("OPTIONS", token=None, headers=preflight | {"Origin": "https://c.example"})
    assert "Access-Control-Allow-Origin" not in refused.headers
    answer = gateway.post("{ hello }", headers={"Origin": "https://b.example"}, token="nonsense")
    assert answer.status_code == 401
    assert answer.headers["Access-Control-Allow-Origin"] == "https://b.example"
    assert "Retry-After" in answer.headers["Access-Control-Expose-Headers"]


def test_browsers_may_not_call_unless_the_settings_say_so(gateway):
    answer = gateway.post("{ hello }", headers={"Origin": "https://a.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_many_requests_at_once_are_all_answered(gateway):
    async def ask():
        headers = {"X-Shopify-Access-Token": gateway.tokens["partner"]}
        body = {"query": "{ hello }"}
        return await asyncio.gather(
            *[gateway.client.post(gateway.path, json=body, headers=headers) for _ in range(100)]
        )

    assert {answer.text for answer in gateway.run(ask())} == {'{"data":{"hello":"Hello you"}}'}

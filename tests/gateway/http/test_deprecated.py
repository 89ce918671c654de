"""What is deprecated is told in a header, and counted for whoever asked."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from graphql import build_schema, parse
from sqlalchemy import select

from gateway.cli import main
from gateway.db import Database
from gateway.http.deprecated import HEADER, deprecated_in
from gateway.models.api_client import api_clients
from gateway.models.deprecated_field_usage import deprecated_field_usage
from gateway.settings import Settings
from gateway.usage import Deprecated, Usage

SCHEMA = build_schema("""
    type Query {
        old: Int @deprecated  new(size: Int, mode: Mode, filter: Filter, modes: [Mode!]): Thing  things: [Thing!]
    }
    type Thing { old: Int @deprecated  new: Int  self(old: Int @deprecated): Thing }
    enum Mode { OLD @deprecated  NEW }
    input Filter { old: Int @deprecated  mode: Mode  inner: [Filter!] }
    type Mutation { old: Int @deprecated }
""")


@pytest.mark.parametrize(
    ("document", "coordinates"),
    [
        ("{ new { new } }", None),
        ("{ __typename new { __typename } __schema { types { name } } }", None),
        ("{ old }", ("Query.old",)),
        ("mutation { old }", ("Mutation.old",)),
        ("{ a: old b: old new { old } }", ("Query.old", "Thing.old")),
        ("{ new { ...F } } fragment F on Thing { self { ...G } } fragment G on Thing { old }", ("Thing.old",)),
        ("{ new { ... on Thing { self(old: 1) { new } } } }", ("Thing.self(old:)",)),
        ("{ new(mode: OLD) { new } }", ("Mode.OLD",)),
        ("{ new(modes: [NEW, OLD]) { new } }", ("Mode.OLD",)),
        ("{ new(filter: {inner: [{old: 1, mode: OLD}]}) { new } }", ("Filter.old", "Mode.OLD")),
        ("query ($skipped: Boolean!) { old @skip(if: $skipped) new { new } }", ("Query.old",)),
        ("query A { new { new } } query B { old }", None),
    ],
)
def test_what_stands_in_the_operation_is_found(document, coordinates):
    node = parse(document)
    found = deprecated_in(SCHEMA, node, node.definitions[0])
    assert (found and found.coordinates) == coordinates


JOBS = "{ jobs(first: 1) { nodes { id } } }"


def test_an_answer_with_something_deprecated_links_to_the_changelog(shared):
    answer = shared.ask(JOBS)
    assert answer.headers[HEADER] == "http://gateway/changelog"
    assert HEADER not in shared.ask("{ viewer { kind } }").headers
    assert HEADER not in shared.ask(JOBS.replace("id", "nothing")).headers
    assert HEADER not in shared.ask("{ jobs { nodes { id } } }", version="2023-07").headers


@pytest.mark.parametrize("host", ['a"b/c', "a" * 300], ids=["odd", "long"])
def test_a_hostile_host_does_not_get_into_the_link(shared, host):
    assert shared.ask(JOBS, headers={"Host": host}).headers[HEADER] == "/changelog"


def test_the_changelog_is_served(shared):
    async def read():
        transport = httpx.ASGITransport(shared._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
            return await client.get("/changelog")

    answer = shared.runner.run(read())
    assert answer.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert answer.text.startswith("# Changelog of the schema\n")


def usage_rows(gateway):
    u = deprecated_field_usage.c
    asked = select(u.api_client_id, u.version, u.coordinate, u.requests).order_by(*deprecated_field_usage.primary_key)
    return [tuple(row) for row in gateway.rows(asked)]


def test_each_client_is_counted_by_version_and_coordinate(fresh):
    clients = {
        name: fresh.ask(JOBS, token=token, version=version).status
        for name, token, version in [
            ("partner", fresh.partner, "2024-01"),
            ("again", fresh.partner, "2024-04"),
            ("other", fresh.other_partner, "2026-10"),
            ("merchant", fresh.merchant, "2026-10"),
            ("nobody", None, "2026-10"),
        ]
    }
    assert set(clients.values()) == {200}
    assert usage_rows(fresh) == []
    fresh.runner.run(fresh._app.state.pipeline.close())
    rows = [row for row in usage_rows(fresh) if row[2] == "QueryRoot.jobs"]
    assert [(version, requests) for _, version, _, requests in rows] == [("2024-01", 2), ("2026-10", 1), ("2026-10", 1)]
    assert len({client for client, *_ in rows}) == 3


NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def clients(gateway):
    """The ids of all API clients, in their order."""
    return [row.id for row in gateway.rows(select(api_clients.c.id).order_by(api_clients.c.id))]


def written(gateway, *counts):
    """What several processes count, each on its own: clients by their place among all."""
    ids = clients(gateway)

    async def work():
        for several in counts:
            usage = Usage(gateway.database)
            for place, coordinates, now in several:
                usage.count(ids[place], "2026-10", Deprecated(coordinates), now=now)
            await usage.close()

    gateway.runner.run(work())


def test_counts_of_several_processes_and_batches_add_up_by_the_day(fresh):
    tomorrow = NOW + timedelta(days=1)
    written(fresh, [(0, ("A.a", "A.b"), NOW), (0, ("A.a",), NOW), (1, ("A.a",), NOW)], [(0, ("A.a",), tomorrow)])
    written(fresh, [(0, ("A.a",), NOW)])
    first, second, *_ = clients(fresh)
    u = deprecated_field_usage.c
    told = fresh.rows(
        select(u.day, u.api_client_id, u.coordinate, u.requests).order_by(u.day, u.api_client_id, u.coordinate)
    )
    assert [(str(day), *rest) for day, *rest in told] == [
        ("2026-11-22", first, "A.a", 3),
        ("2026-11-22", first, "A.b", 1),
        ("2026-11-22", second, "A.a", 1),
        ("2026-11-23", first, "A.a", 1),
    ]


def test_what_is_counted_is_written_after_a_pause(fresh):
    client_id = clients(fresh)[0]

    async def work():
        usage = Usage(fresh.database, pause_seconds=0.01)
        usage.count(client_id, "2026-10", Deprecated(("A.a",)), now=NOW)
        for _ in range(500):
            await asyncio.sleep(0.01)
            if usage._writing is None:
                return

    fresh.runner.run(work())
    assert [row[2:] for row in usage_rows(fresh)] == [("A.a", 1)]


def test_a_database_that_is_away_fails_nobody_and_is_tried_again(fresh, caplog):
    client_id = clients(fresh)[0]

    async def work():
        away = Database(Settings(database_url="postgresql://127.0.0.1:1/nothing", database_timeout=0.5))
        usage = Usage(away, pause_seconds=60)
        usage.count(client_id, "2026-10", Deprecated(("A.a",)), now=NOW)
        await usage._write()
        usage._database = fresh.database
        await usage.close()
        await away.close()

    fresh.runner.run(work())
    assert [row[2:] for row in usage_rows(fresh)] == [("A.a", 1)]
    assert [record.getMessage().split(":")[0] for record in caplog.records if record.name == "gateway.usage"] == [
        "What is used of the deprecated could not be written yet"
    ]


def test_schema_usage_prints_who_asks(fresh, monkeypatch, capsys):
    now = datetime.now(UTC).replace(microsecond=0)
    written(fresh, [(0, ("QueryRoot.jobs",), now), (0, ("QueryRoot.jobs",), now - timedelta(days=200))])
    monkeypatch.setenv("GATEWAY_DATABASE_URL", fresh.settings.database_url)
    assert main(["schema", "usage", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == [
        {
            "apiClientId": clients(fresh)[0],
            "name": told[0]["name"],
            "version": "2026-10",
            "coordinate": "QueryRoot.jobs",
            "requests": 1,
            "lastUsedAt": now.isoformat(),
        }
    ]
    assert main(["schema", "usage", "--since", "300d"]) == 0
    heading, line = capsys.readouterr().out.splitlines()
    assert heading.split() == ["client", "name", "version", "coordinate", "requests", "last", "used"]
    assert line.split()[-3:-1] == ["QueryRoot.jobs", "2"]

"""partner-gateway audit export: every entry once, oldest first, a page at a time, and no secret among them."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from gateway import tokens
from gateway.cli import audit, main
from gateway.models.api_client import api_clients
from gateway.models.audit import audit_entries
from gateway.viewer import ViewerKind

ROOT = Path(__file__).parents[3]
FIRST = datetime(2020, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LARGE = 2**62 + 1


@pytest.fixture
def export(monkeypatch, capsysbinary):
    """The command in this process: its status, the entries that it writes, and what it says."""

    def run(gateway, *arguments):
        monkeypatch.setenv("GATEWAY_DATABASE_URL", gateway.settings.database_url)
        try:
            status = main(["audit", "export", *arguments])
        except SystemExit as wrong_usage:
            status = wrong_usage.code
        out, told = capsysbinary.readouterr()
        return status, [json.loads(line) for line in out.splitlines()], told.decode()

    return run


def add(gateway, count, *, at=lambda place: FIRST + place * SECOND, **more):
    """Entries that are older than those of the fixtures, with ids from 1 on."""
    common = {
        "organization_id": 1,
        "actor": "a",
        "action": "test",
        "subject": "gid://partners/Job/1",
        "request_id": "r",
    }
    rows = [common | {"id": 1 + place, "occurred_at": at(place)} | more for place in range(count)]
    gateway.runner.run(gateway.database.run_sync(lambda connection: connection.execute(insert(audit_entries), rows)))


def test_an_entry_is_told_as_the_api_tells_it(fresh, export):
    add(fresh, 1, before={"ids": [LARGE, 2]}, after={"amount_cents": -5, "name": "雪"})
    status, [entry], _ = export(fresh, "--from", "2020-01-01", "--to", "2020-01-02")
    assert (status, entry) == (
        0,
        {
            "id": "gid://partners/AuditEntry/1",
            "occurredAt": "2020-01-01T00:00:00.000000Z",
            "organizationId": "gid://partners/Organization/1",
            "actor": "a",
            "action": "test",
            "subjectId": "gid://partners/Job/1",
            "before": {"ids": [str(LARGE), 2]},
            "after": {"amount_cents": -5, "name": "雪"},
            "requestId": "r",
        },
    )
    names = "id occurredAt actor action subjectId before after requestId"
    asked = f"{{ auditEntries(last: 1) {{ nodes {{ {names} }} }} }}"
    [by_api] = fresh.ask(asked, token=fresh.tokens.employee).data["auditEntries"]["nodes"]
    assert entry == by_api | {"organizationId": "gid://partners/Organization/1"}


def test_every_entry_is_written_once_oldest_first(fresh, export):
    """Many of one moment, across the ends of pages; ids tell them apart."""
    add(fresh, 3 * audit.ROWS_A_PAGE, at=lambda place: FIRST + place // 700 * SECOND)
    status, entries, told = export(fresh)
    assert (status, told) == (0, "")
    held = fresh.rows(audit_entries.select().order_by(audit_entries.c.occurred_at, audit_entries.c.id))
    assert [entry["id"] for entry in entries] == [f"gid://partners/AuditEntry/{row.id}" for row in held]


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        (("--from", "2020-01-01T00:00:02", "--to", "2020-01-01T00:00:04Z"), [3, 4]),
        (("--to", "2020-01-01T00:00:02Z"), [1, 2]),
        (("--from", "2020-01-01T07:00:03+07:00", "--to", "2020-02-01"), [4, 5]),
        (("--from", "2020-01-01T00:00:01", "--to", "2020-01-01T00:00:01"), []),
    ],
)
def test_a_range_has_its_beginning_and_not_its_end(fresh, export, arguments, ids):
    add(fresh, 5)
    status, entries, _ = export(fresh, *arguments)
    assert (status, [entry["id"] for entry in entries]) == (0, [f"gid://partners/AuditEntry/{each}" for each in ids])


def test_no_entry_holds_a_token_or_its_hash(fresh, export):
    holder = tokens.Holder(kind=ViewerKind.PARTNER, organization_id=1)
    now = datetime.now(UTC)
    made = fresh.runner.run(
        fresh.database.run_sync(lambda connection: tokens.create(connection, holder, name="new", now=now))
    )
    _, entries, _ = export(fresh)
    words = json.dumps(entries)
    assert "apiClientCreate" in words
    hashes = [row.token_hash for row in fresh.rows(api_clients.select())]
    assert not [secret for secret in (made, fresh.partner, *hashes) if secret in words]


def test_a_file_is_whole_or_what_it_was(fresh, export, tmp_path):
    file = tmp_path / "audit.jsonl"
    file.write_text("what it was")
    add(fresh, 2)
    status, entries, told = export(fresh, "--to", "2020-02-01", "--out", str(file))
    assert (status, entries, told) == (0, [], "2 entries\n")
    assert [json.loads(line)["action"] for line in file.read_text().splitlines()] == ["test", "test"]
    assert list(tmp_path.glob("audit.jsonl*")) == [file]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--from", "yesterday"), "'yesterday' is no moment such as 2026-01-31 or 2026-01-31T12:00:00Z"),
        (("--from", "2020-01-02", "--to", "2020-01-01"), "--to lies before --from\n"),
    ],
)
def test_a_range_that_is_none_is_wrong_usage(shared, export, arguments, told):
    status, entries, said = export(shared, *arguments)
    assert (status, entries) == (2, [])
    assert told in said


def test_a_reader_that_has_had_enough_ends_it_quietly(fresh):
    add(fresh, 2_000, after={"filling": "x" * 1_000})
    environ = {**os.environ, "GATEWAY_DATABASE_URL": fresh.settings.database_url}
    command = [sys.executable, "-m", "gateway", "audit", "export"]
    process = subprocess.Popen(command, env=environ, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["action"] == "test"
    process.stdout.close()
    assert process.stderr is not None
    assert (process.stderr.read(), process.wait(60)) == (b"", 0)

"""The audit: nobody changes or deletes an entry, every write leaves one, and none of them holds a secret."""

import ast
import asyncio
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from harness import Template
from sqlalchemy import Connection, Engine, delete, event, text, update
from sqlalchemy.exc import DBAPIError

from fixtures.load import base_rows, load
from gateway import audit, tokens
from gateway.cli.seed import seed
from gateway.db import Database
from gateway.models.api_client import api_clients
from gateway.models.audit import audit_entries
from gateway.settings import Settings
from gateway.viewer import ApiPermission, ViewerKind

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
PARTNER = tokens.Holder(kind=ViewerKind.PARTNER, organization_id=1)
REFUSED = "audit entries are never changed"

CHANGES = {
    "update": "UPDATE audit_entries SET actor = 'nobody'",
    "update of one": "UPDATE audit_entries SET after = NULL WHERE subject = 'gid://partners/Table/jobs'",
    "update of its moment": "UPDATE audit_entries SET occurred_at = occurred_at",
    "delete": "DELETE FROM audit_entries",
    "delete of one": "DELETE FROM audit_entries WHERE subject = 'gid://partners/Table/jobs'",
    "insert that updates": (
        "INSERT INTO audit_entries SELECT * FROM audit_entries WHERE true"
        " ON CONFLICT (id) DO UPDATE SET actor = 'nobody'"
    ),
}
ON_SQLITE = {
    "update or replace": "UPDATE OR REPLACE audit_entries SET actor = 'nobody'",
    "update with its neighbour's id": "UPDATE OR REPLACE audit_entries SET id = (SELECT max(id) FROM audit_entries)",
}
ON_POSTGRESQL = {
    "truncate": "TRUNCATE audit_entries",
    "truncate among others": "TRUNCATE shops, audit_entries CASCADE",
    "delete that matches nothing": "DELETE FROM audit_entries WHERE false",
    "merge": (
        "MERGE INTO audit_entries a USING audit_entries b ON a.id = b.id WHEN MATCHED THEN UPDATE SET actor = 'nobody'"
    ),
    "delete inside a query": "WITH gone AS (DELETE FROM audit_entries RETURNING *) SELECT count(*) FROM gone",
}


def work_in(gateway: Any, work: Callable[[Connection], Any]) -> Any:
    return gateway.runner.run(gateway.database.run_sync(work))


def rows(gateway: Any, statement: Any) -> list[Any]:
    return work_in(gateway, lambda connection: list(connection.execute(statement)))


def held(gateway: Any) -> list[str]:
    return sorted(map(repr, rows(gateway, audit_entries.select())))


def refuses(gateway: Any, statement: Any) -> None:
    before = held(gateway)
    assert before
    with pytest.raises(DBAPIError, match=REFUSED):
        work_in(gateway, lambda connection: connection.execute(statement))
    assert held(gateway) == before


@pytest.mark.parametrize("name", CHANGES)
def test_no_statement_changes_an_entry(shared, name):
    refuses(shared, text(CHANGES[name]))


@pytest.mark.parametrize("name", [*ON_SQLITE, *ON_POSTGRESQL])
def test_no_statement_of_one_database_alone_changes_an_entry(shared, name):
    statements = ON_POSTGRESQL if shared.settings.is_postgresql else ON_SQLITE
    if name in statements:
        refuses(shared, text(statements[name]))


def test_no_entry_is_replaced_by_another_of_its_id(template, tmp_path):
    # PostgreSQL has no REPLACE; this is what comes nearest to it.
    statement = (
        "INSERT INTO audit_entries SELECT * FROM audit_entries WHERE true ON CONFLICT (id) DO UPDATE SET actor = ''"
    )
    if template.url.startswith("sqlite"):
        statement = "INSERT OR REPLACE INTO audit_entries SELECT * FROM audit_entries"
    with template.copy(tmp_path) as gateway:
        refuses(gateway, text(statement))


def test_not_even_our_own_statements_change_an_entry(shared):
    refuses(shared, update(audit_entries).values(actor="nobody"))
    refuses(shared, delete(audit_entries))


def test_an_entry_can_be_added(fresh):
    before = held(fresh)
    entry = audit.AuditEntry(actor="cli", action="test", subject="s", request_id="r", after={"at": NOW})
    work_in(fresh, lambda connection: audit.record(connection, entry))
    (added,) = set(held(fresh)) - set(before)
    assert "{'at': '2026-01-01T00:00:00+00:00'}" in added


@pytest.mark.parametrize("change", ["create", "rotate", "revoke", "seed"])
def test_a_transaction_that_fails_leaves_neither_rows_nor_entries(fresh, change):
    (client, *_) = rows(fresh, api_clients.select())
    before = (held(fresh), sorted(map(repr, rows(fresh, api_clients.select()))))
    changes: dict[str, Callable[[Connection], Any]] = {
        "create": lambda connection: tokens.create(connection, PARTNER, name="new", now=NOW),
        "rotate": lambda connection: tokens.rotate(connection, client.id, now=NOW),
        "revoke": lambda connection: tokens.revoke(connection, client.id, now=NOW),
        # The rows are there already, so this fails by itself, with its audit not yet written.
        "seed": lambda connection: load(connection, base_rows()),
    }

    def fail(connection: Connection) -> None:
        changes[change](connection)
        raise LookupError

    with pytest.raises((LookupError, DBAPIError)):
        work_in(fresh, fail)
    assert (held(fresh), sorted(map(repr, rows(fresh, api_clients.select())))) == before


def test_a_write_whose_entry_can_not_be_kept_is_undone(fresh):
    before = sorted(map(repr, rows(fresh, api_clients.select())))

    def write(connection: Connection) -> None:
        connection.execute(update(api_clients).values(name="changed"))
        audit.record(connection, audit.AuditEntry(actor="cli", action="test", subject="s", request_id=None))  # type: ignore[arg-type]

    with pytest.raises(DBAPIError):
        work_in(fresh, write)
    assert sorted(map(repr, rows(fresh, api_clients.select()))) == before


# Where a statement that writes is made, and how its entry comes to be. `None`: it changes no record.
WRITES = {
    "fixtures/load.py:_insert": "load",
    "fixtures/search.py:_sqlite": "load",
    "gateway/audit.py:record": "the entry itself",
    "gateway/auth.py:<module>": None,
    "gateway/jobs/dead.py:retry": None,
    "gateway/jobs/leases.py:<module>": None,
    "gateway/jobs/leases.py:_claim": None,
    "gateway/jobs/leases.py:_take_back": None,
    "gateway/jobs/timers.py:<module>": None,
    "gateway/tokens.py:create": "create",
    "gateway/tokens.py:revoke": "revoke",
    "gateway/tokens.py:rotate": "rotate",
    "gateway/usage.py:_add": None,
    "gateway/writing.py:finish": "the entry itself",
    "gateway/writing.py:insert": "Writing.finish",
    "resolvers/idempotency_key.py:<module>": None,
    # All of these are executed by a Writing, which does not end without an entry.
    **dict.fromkeys(
        (
            "resolvers/block_write.py:_close",
            "resolvers/booking.py:charge_usage",
            "resolvers/cancellation.py:_forget_update",
            "resolvers/cancellation.py:_update",
            "resolvers/collaborator_attempt.py:<module>",
            "resolvers/collaborator_expiry.py:<module>",
            "resolvers/collaborator_write.py:_take",
            "resolvers/eventsink.py:remove",
            "resolvers/lead_email.py:<module>",
            "resolvers/lead_write.py:move",
            "resolvers/message.py:_noted",
            "resolvers/offering_write.py:_keep_least_price",
            "resolvers/offering_write.py:remove",
            "resolvers/offering_write.py:set_offering",
            "resolvers/profile.py:_replace",
            "resolvers/profile.py:change",
            "resolvers/refund_request_resolve.py:_book",
            "resolvers/refund_request_resolve.py:resolve",
            "resolvers/refund_request_write.py:_move",
            "resolvers/review_publish.py:publish",
            "resolvers/review_write.py:reject",
        ),
        "Writing.finish",
    ),
}


def test_every_place_that_writes_is_known_here():
    """A new one is entered above, and below among the writes that are watched."""
    found = {
        f"{path.relative_to(ROOT)}:{function}"
        for folder in ("gateway", "resolvers", "fixtures", "schema")
        for path in (ROOT / folder).rglob("*.py")
        if "versions" not in path.parts
        for function in writing(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert found == set(WRITES)


def writing(module: ast.Module) -> Iterator[str]:
    """The functions that make an INSERT, UPDATE or DELETE, by SQLAlchemy or as text."""
    functions = [node for node in ast.walk(module) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    for call in (node for node in ast.walk(module) if isinstance(node, ast.Call)):
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        words = [each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        as_text = name == "text" and any(re.match(r"\s*(INSERT|UPDATE|DELETE|MERGE)\b", each) for each in words)
        if name in ("insert", "update", "delete") or as_text:
            holding = [each.name for each in functions if each.lineno <= call.lineno <= (each.end_lineno or 0)]
            yield holding[-1] if holding else "<module>"


@contextmanager
def transactions() -> Iterator[list[set[str]]]:
    """The tables that each committed transaction has written to, but for the note of when a token was last used."""
    running: dict[Any, set[str]] = {}
    committed: list[set[str]] = []

    def note(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        for verb, table in re.findall(r"\b(INSERT INTO|UPDATE|DELETE FROM) (\w+)", statement):
            if not (verb == "UPDATE" and "SET last_used_at" in statement):
                running.setdefault(connection, set()).add(table)

    def commit(connection: Connection) -> None:
        if connection in running:
            committed.append(running.pop(connection))

    listeners = {"before_cursor_execute": note, "commit": commit}
    for name, listener in listeners.items():
        event.listen(Engine, name, listener)
    try:
        yield committed
    finally:
        for name, listener in listeners.items():
            event.remove(Engine, name, listener)


CREDIT = """mutation { appCreditCreate(appId: "gid://partners/App/1", shopId: "gid://partners/Shop/1", description: "x",
  amount: { amount: "1.00", currencyCode: USD }) { appCredit { id } } }"""
CREATE_SINK = """mutation { eventsinkCreate(input: { appId: "gid://partners/App/1", topic: CUSTOMERS_REDACT,
  awsUserArn: "arn:aws:iam::123456789012:user/audit" }) { success } }"""
DELETE_SINK = """mutation { eventsinkDelete(id: "gid://partners/Eventsink/1", appId: "gid://partners/App/1",
  topic: CUSTOMER_EVENTS_CREATE) { success } }"""


def test_every_transaction_that_writes_writes_its_entry_too(fresh):
    def rotate_and_revoke(connection: Connection) -> None:
        client_id = connection.execute(api_clients.select()).first().id  # type: ignore[union-attr] # there are some
        tokens.rotate(connection, client_id, now=NOW, grace=timedelta(hours=1))
        tokens.revoke(connection, client_id, now=NOW)

    with transactions() as committed:
        for document in (CREDIT, CREATE_SINK, DELETE_SINK):
            assert "errors" not in fresh.ask(document).body
        work_in(fresh, lambda connection: tokens.create(connection, PARTNER, name="new", now=NOW))
        work_in(fresh, rotate_and_revoke)
    assert committed == [
        {"app_credits", "app_events", "audit_entries"},
        {"eventsinks", "audit_entries"},
        {"eventsinks", "eventsink_queues", "audit_entries"},
        {"api_clients", "audit_entries"},
        {"api_clients", "audit_entries"},
    ]


def test_a_seed_leaves_an_entry_for_each_table_and_each_token(tmp_path):
    settings = Settings(database_url=f"sqlite:///{tmp_path}/seeded.db")

    async def run() -> tuple[Any, list[Any]]:
        database = Database(settings)
        try:
            result = await seed(database)
            return result, await database.run_sync(lambda connection: connection.execute(audit_entries.select()).all())
        finally:
            await database.close()

    result, entries = asyncio.run(run())
    told = {entry.subject: entry.after["rows"] for entry in entries if entry.action == "seed"}
    assert told == {f"gid://partners/Table/{table}": count for table, count in result.rows.items()}
    made = [entry for entry in entries if entry.action == "apiClientCreate"]
    assert len(made) == len(result.partners) + len(result.merchants) + 1
    assert len(entries) == len(told) + len(made)


def test_an_entry_tells_what_changed_and_never_a_token_or_its_hash(template: Template, tmp_path: Path):
    with template.copy(tmp_path) as gateway:
        client = next(row for row in rows(gateway, api_clients.select()) if row.organization_id == 1)
        secrets = [gateway.partner, client.token_hash]

        def change(connection: Connection) -> None:
            made = tokens.create(connection, PARTNER, permissions=list(ApiPermission), name="a name", now=NOW)
            rotated = tokens.rotate(connection, client.id, now=NOW, grace=timedelta(days=1))
            secrets.extend([made, rotated, *map(tokens.token_hash, (made, rotated))])
            tokens.revoke(connection, client.id, now=NOW)

        work_in(gateway, change)
        for document in (CREDIT, CREATE_SINK):
            gateway.ask(document, token=gateway.tokens.partners[2])
        entries = rows(gateway, audit_entries.select().order_by(audit_entries.c.id))
    words = json.dumps([[str(value) for value in entry] for entry in entries])
    assert not [secret for secret in secrets if secret in words]
    assert "hash" not in words
    created, rotated, revoked = [entry for entry in entries if entry.action.startswith("apiClient")][-3:]
    assert (created.action, created.before, created.after["name"]) == ("apiClientCreate", None, "a name")
    assert rotated.action == "apiClientRotate"
    assert rotated.subject == revoked.subject == f"gid://partners/ApiClient/{client.id}"
    assert (revoked.before["revoked_at"], revoked.after["revoked_at"]) == (None, NOW.isoformat())


def test_a_token_that_is_kept_is_only_its_hash(fresh):
    token = work_in(fresh, lambda connection: tokens.create(connection, PARTNER, name="new", now=NOW))
    words = repr([list(row) for row in rows(fresh, api_clients.select())])
    assert token not in words
    assert tokens.token_hash(token) in words


def test_an_entry_by_the_api_names_its_client_and_its_request(fresh):
    answer = fresh.ask(CREDIT, headers={"X-Request-Id": "this-request"})
    assert "errors" not in answer.body
    last = rows(fresh, audit_entries.select().order_by(audit_entries.c.id.desc()).limit(1))[0]
    client = next(c for c in rows(fresh, api_clients.select()) if c.token_hash == tokens.token_hash(fresh.partner))
    assert (last.actor, last.request_id) == (f"gid://partners/ApiClient/{client.id}", "this-request")
    assert (last.action, last.organization_id, last.before) == ("appCreditCreate", 1, None)
    assert last.after["amount_cents"] == 100

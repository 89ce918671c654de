"""Tokens that a gateway remembers: nothing that changes in the database is overlooked."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from gateway import tokens
from gateway.models.api_client import api_clients
from gateway.viewer import ApiPermission, ViewerKind

PROBE = "{ viewer { permissions } }"
OF_ORGANIZATION = tokens.Holder(kind=ViewerKind.PARTNER, organization_id=1)


def change(gateway, work):
    done = gateway.runner.run(gateway.database.run_sync(work))
    settle(gateway)
    return done


def settle(gateway):
    """Lets the loop run: to hear what PostgreSQL tells, and to note that a token was used, which SQLite counts."""
    gateway.runner.run(asyncio.sleep(0.2))


def new_token(gateway, **options):
    return change(
        gateway,
        lambda connection: tokens.create(
            connection, OF_ORGANIZATION, permissions=[ApiPermission.MANAGE_JOBS], name="x", now=now(), **options
        ),
    )


def client_id(gateway, token):
    statement = select(api_clients.c.id).where(api_clients.c.token_hash == tokens.token_hash(token))
    return gateway.rows(statement)[0][0]


def now():
    return datetime.now(UTC)


def asked(gateway, token):
    """A few times, so that the token is remembered if it may be."""
    return [gateway.ask(PROBE, token=token).status for _ in range(3)]


def looked_up(gateway, token):
    """How many statements it takes to know a token that was seen before."""
    seen = []
    reader = gateway.database._reader
    fetch = reader.fetch

    async def counted(statement, parameters):
        seen.append(statement)
        return await fetch(statement, parameters)

    reader.fetch = counted
    try:
        assert gateway.ask("{ __typename }", token=token).status == 200
    finally:
        reader.fetch = fetch
    return len(seen)


def test_a_revoked_token_is_refused_by_the_next_request(fresh):
    token = new_token(fresh)
    assert asked(fresh, token) == [200, 200, 200]
    known = client_id(fresh, token)
    change(fresh, lambda connection: tokens.revoke(connection, known, now=now()))
    assert asked(fresh, token) == [401, 401, 401]


def test_permissions_that_are_taken_away_are_gone_for_the_next_request(fresh):
    token = new_token(fresh)
    assert fresh.ask(PROBE, token=token).data == {"viewer": {"permissions": ["MANAGE_JOBS"]}}
    known = client_id(fresh, token)
    change(
        fresh,
        lambda connection: connection.execute(
            update(api_clients).where(api_clients.c.id == known).values(permissions=[])
        ),
    )
    assert fresh.ask(PROBE, token=token).data == {"viewer": {"permissions": []}}


def test_a_rotated_token_is_refused_when_its_grace_ends(fresh):
    token = new_token(fresh)
    known = client_id(fresh, token)
    change(fresh, lambda connection: tokens.rotate(connection, known, now=now(), grace=timedelta(seconds=3)))
    assert asked(fresh, token) == [200, 200, 200]
    time.sleep(3.1)
    assert asked(fresh, token) == [401, 401, 401]


def test_a_token_is_refused_from_the_moment_it_expires(fresh):
    token = new_token(fresh, expires_at=now() + timedelta(seconds=3))
    assert asked(fresh, token) == [200, 200, 200]
    time.sleep(3.1)
    assert asked(fresh, token) == [401, 401, 401]


def test_a_token_that_was_seen_is_not_looked_up_again(fresh):
    token = new_token(fresh)
    asked(fresh, token)
    settle(fresh)
    asked(fresh, token)
    assert looked_up(fresh, token) == 0


def test_nothing_is_remembered_while_changes_can_go_unnoticed(fresh):
    token = new_token(fresh)
    asked(fresh, token)
    settle(fresh)
    asked(fresh, token)
    assert looked_up(fresh, token) == 0
    fresh.database.changes.generation = lambda: None
    assert looked_up(fresh, token) == 1

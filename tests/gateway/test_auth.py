"""Tokens: which are good, what they make of the caller, and when their use is noted."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from gateway import tokens
from gateway.auth import Authenticator
from gateway.db import Database
from gateway.errors import Unauthorized
from gateway.models.api_client import api_clients
from gateway.viewer import ANONYMOUS, ApiPermission, Viewer, ViewerKind

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def gateway(make_gateway):
    return make_gateway()


@pytest.fixture
def run(gateway):
    """Runs `work(database, authenticator)` on a fresh database."""

    def run(work):
        async def with_database():
            database = Database(gateway.settings)
            authenticator = Authenticator(database)
            try:
                return await work(database, authenticator)
            finally:
                await authenticator.close()
                await database.close()

        return asyncio.run(with_database())

    return run


def rows(database):
    return database.run_sync(lambda c: c.execute(select(api_clients).order_by(api_clients.c.id)).all())


def test_each_kind_of_token_makes_its_viewer(gateway, run):
    async def work(_database, authenticator):
        return {name: await authenticator.viewer(token, now=NOW) for name, token in gateway.tokens.items()}

    viewers = run(work)
    ids = {name: viewer.client_id for name, viewer in viewers.items()}
    assert viewers == {
        "partner": Viewer(ViewerKind.PARTNER, ids["partner"], organization_id=1, permissions=frozenset(ApiPermission)),
        "jobs": Viewer(
            ViewerKind.PARTNER, ids["jobs"], organization_id=1, permissions=frozenset({ApiPermission.MANAGE_JOBS})
        ),
        "merchant": Viewer(ViewerKind.MERCHANT, ids["merchant"], shop_id=1, merchant_user_id=1),
        "employee": Viewer(ViewerKind.EMPLOYEE, ids["employee"], employee_id=1),
    }


def test_nobody_is_anonymous_and_costs_no_statement(run):
    async def work(database, authenticator):
        await database.close()
        return await authenticator.viewer(None, now=NOW)

    assert run(work) is ANONYMOUS


@pytest.mark.parametrize(
    ("change", "good"),
    [
        ({"expires_at": NOW + HOUR}, True),
        ({"expires_at": NOW}, False),
        ({"expires_at": NOW - HOUR}, False),
        ({"revoked_at": NOW - HOUR}, False),
        ({"token_hash": "other", "previous_expires_at": NOW + HOUR}, True),
        ({"token_hash": "other", "previous_expires_at": NOW}, False),
        ({"token_hash": "other", "previous_expires_at": None}, False),
        ({"permissions": ["MANAGE_JOBS", "OF_A_LATER_RELEASE"]}, True),
    ],
)
def test_a_token_is_good_until_it_expires_is_replaced_or_revoked(gateway, run, change, good):
    token = gateway.tokens["jobs"]

    async def work(database, authenticator):
        values = {"previous_token_hash": tokens.token_hash(token), **change}
        async with database.transaction() as connection:
            statement = update(api_clients).where(api_clients.c.token_hash == tokens.token_hash(token)).values(values)
            await database.execute(connection, statement)
        return await authenticator.viewer(token, now=NOW)

    if good:
        assert run(work).permissions == {ApiPermission.MANAGE_JOBS}
    else:
        with pytest.raises(Unauthorized):
            run(work)


def test_the_use_of_a_token_is_noted_once_a_minute(gateway, run):
    async def work(database, authenticator):
        noted = []
        for seconds in (0, 30, 59, 61):
            await authenticator.viewer(gateway.tokens["jobs"], now=NOW + timedelta(seconds=seconds))
            await authenticator.close()
            noted.append(sorted(row.last_used_at for row in await rows(database) if row.last_used_at))
        return noted

    assert run(work) == [[NOW], [NOW], [NOW], [NOW + timedelta(seconds=61)]]


def test_a_use_that_cannot_be_noted_is_only_logged(gateway, run, caplog):
    async def work(database, authenticator):
        async with database.transaction():
            # SQLite has one writer: the note waits for us, and gives up.
            viewer = await authenticator.viewer(gateway.tokens["jobs"], now=NOW)
            await authenticator.close()
            return viewer

    assert run(work).organization_id == 1
    assert "could not be noted" in caplog.text
    assert gateway.tokens["jobs"] not in caplog.text

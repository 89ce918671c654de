"""The hand-written endpoint answers what the gateway answers, and refuses what it refuses."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from harness import Gateway
from sqlalchemy import select, update
from starlette.applications import Starlette

from gateway.app import create_app
from gateway.bench.documents import Document, a_list, documents, events, one, page
from gateway.bench.limit import create_app as create_limit
from gateway.models.api_client import api_clients
from gateway.models.job import jobs
from gateway.tokens import token_hash

PATH = "/{}/api/2026-10/graphql.json"


def ask(app: Starlette, document: Document, token: str | None, organization: int = 1) -> httpx.Response:
    async def post() -> httpx.Response:
        headers = {"Content-Type": "application/json"} | ({"X-Shopify-Access-Token": token} if token else {})
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://bench") as client,
        ):
            return await client.post(PATH.format(organization), content=document.body(), headers=headers)

    return asyncio.run(post())


def both(gateway: Gateway, document: Document, token: str, organization: int = 1) -> tuple[Any, Any]:
    answers = [
        ask(app, document, token, organization)
        for app in (create_app(gateway.settings), create_limit(gateway.settings))
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    return answers[0].json(), answers[1].json()


@pytest.mark.parametrize("name", ["one", "list", "page", "events"])
def test_the_limit_answers_the_same_values(shared: Gateway, name: str) -> None:
    ours, limit = both(shared, documents(1)[name], shared.partner)
    assert ours == limit
    assert ours["data"]


@pytest.mark.parametrize("document", [a_list(3), page(2), page(0), one(987_654_321), events(3), events(0)])
def test_the_limit_answers_the_same_of_other_sizes_and_of_nothing(shared: Gateway, document: Document) -> None:
    ours, limit = both(shared, document, shared.partner)
    assert ours == limit


@pytest.mark.parametrize("name", ["list", "page", "events"])
def test_the_limit_shows_an_organization_its_own_rows(shared: Gateway, name: str) -> None:
    ours, limit = both(shared, documents(1)[name], shared.other_partner, organization=2)
    assert ours == limit
    assert ours != both(shared, documents(1)[name], shared.partner)[0]


def test_the_limit_does_not_show_a_job_of_another_organization(shared: Gateway) -> None:
    (other,) = shared.rows(select(jobs.c.id).where(jobs.c.organization_id == 2).order_by(jobs.c.id).limit(1))
    answer = ask(create_limit(shared.settings), one(other[0]), shared.partner)
    assert answer.json() == {"data": {"job": None}}


@pytest.mark.parametrize("token", [None, "prtapi_unknown"])
def test_the_limit_refuses_a_token_that_is_no_good(shared: Gateway, token: str | None) -> None:
    assert ask(create_limit(shared.settings), page(1), token).status_code == 401


def test_the_limit_refuses_the_path_of_another_organization(shared: Gateway) -> None:
    assert ask(create_limit(shared.settings), page(1), shared.partner, organization=2).status_code == 404


def test_the_limit_refuses_a_merchants_token(shared: Gateway) -> None:
    assert ask(create_limit(shared.settings), page(1), shared.merchant).status_code == 401


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"revoked_at": -1}, 401),
        ({"expires_at": -1}, 401),
        ({"expires_at": 60}, 200),
        ({"token_hash": "0" * 64}, 401),
        ({"token_hash": "0" * 64, "previous_token_hash": "own", "previous_expires_at": -1}, 401),
        ({"token_hash": "0" * 64, "previous_token_hash": "own", "previous_expires_at": 60}, 200),
    ],
)
def test_the_limit_heeds_the_end_of_a_token(fresh: Gateway, change: dict[str, Any], status: int) -> None:
    now = datetime.now(UTC)
    values = {
        name: now + timedelta(minutes=value) if isinstance(value, int) else value.replace("own", own(fresh))
        for name, value in change.items()
    }
    changed = update(api_clients).where(api_clients.c.token_hash == own(fresh)).values(values)
    fresh.runner.run(fresh.database.run_sync(lambda connection: connection.execute(changed)))
    for app in (create_limit(fresh.settings), create_app(fresh.settings)):
        assert ask(app, page(1), fresh.partner).status_code == status


def own(gateway: Gateway) -> str:
    return token_hash(gateway.partner)

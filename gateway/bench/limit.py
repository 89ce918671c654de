"""The limit: an endpoint written by hand for three documents, each answered by one statement that builds the JSON.

It refuses what the gateway refuses of a token and an organization, and answers the same values. It knows nothing of
GraphQL, versions, limits, permissions or logs: what those cost is part of what the bench shows.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Protocol

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.bench.limit_postgresql import PostgresqlLimit
from gateway.bench.limit_sqlite import SqliteLimit
from gateway.settings import Settings
from gateway.tokens import token_hash


class Source(Protocol):
    """`fetch` gives None for a token that is no good, and a null answer for one of another organization."""

    async def open(self) -> None: ...
    async def fetch(self, name: str, parameters: tuple[object, ...]) -> tuple[bytes | None] | None: ...
    async def close(self) -> None: ...


def create_app(settings: Settings | None = None) -> Starlette:
    settings = settings or Settings.from_env()
    source: Source = PostgresqlLimit(settings) if settings.is_postgresql else SqliteLimit(settings)

    async def answer(request: Request) -> Response:
        token = request.headers.get("x-shopify-access-token")
        if token is None:
            return _refusal(401)
        asked = orjson.loads(await request.body())
        name, variables = asked["operationName"], asked["variables"]
        parameters = (
            token_hash(token),
            datetime.now(UTC),
            int(request.path_params["organization_id"]),
            _number(variables["id"]) if name == "one" else variables["first"],
        )
        row = await source.fetch(name, parameters)
        if row is None:
            return _refusal(401)
        return _refusal(404) if row[0] is None else Response(row[0], media_type="application/json")

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await source.open()
        yield
        await source.close()

    async def ready(_request: Request) -> Response:
        return Response("ready")

    routes = [
        Route("/{organization_id:int}/api/{version}/graphql.json", answer, methods=["POST"]),
        Route("/readyz", ready),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


def _number(gid: Any) -> int:
    return int(gid.rpartition("/")[2])


def _refusal(status: int) -> Response:
    return Response(b'{"data":null,"errors":[]}', status, media_type="application/json")

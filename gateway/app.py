"""The whole composition: the only place that wires anything."""

import gc
import logging
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from graphql import GraphQLSchema
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

import schema
from gateway.auth import Authenticator
from gateway.db import Database
from gateway.handlers import beside, make_worker
from gateway.http.deprecated import HEADER, changelog_route
from gateway.http.endpoint import GraphQLEndpoint
from gateway.http.envelope import Envelope, http_error
from gateway.http.health import health_routes
from gateway.http.pipeline import Pipeline
from gateway.messages import LANGUAGES, catalogue
from gateway.settings import Settings
from gateway.throttle import make_throttle

# Partners name their organization; without it every caller is let in.
GRAPHQL_PATH = re.compile(r"(?:/(?P<organization_id>[^/]+))?/api/(?P<version>[^/]+)/graphql\.json")

# A page of answers is some 50,000 objects, of which none is in a cycle.
COLLECTED_AFTER = 50_000


def create_app(
    settings: Settings | None = None, *, build_schema: Callable[[str], GraphQLSchema] = schema.build
) -> Starlette:
    """Nothing is connected to yet: the database need not be up at the start."""
    settings = settings or Settings.from_env()
    database = Database(settings)
    throttle = make_throttle(settings)
    authenticator = Authenticator(database)
    pipeline = Pipeline(settings, database, build_schema)
    endpoint = GraphQLEndpoint(settings, pipeline, authenticator=authenticator, throttle=throttle)
    worker = make_worker(database, settings, at_once=settings.serve_work) if settings.serve_work else None

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        database.changes.start()
        async with beside(worker):
            yield
        await pipeline.close()
        await authenticator.close()
        await throttle.close()
        await database.close()

    app = App(
        endpoint,
        routes=[*health_routes(database), changelog_route()],
        middleware=_middleware(settings),
        exception_handlers={HTTPException: http_error},
        lifespan=lifespan,
    )
    app.state.database = database
    app.state.pipeline = pipeline
    return app


class App(Starlette):
    """Asks for GraphQL go straight to their endpoint, within the same middleware; all else is Starlette's to route."""

    def __init__(self, endpoint: ASGIApp, *, middleware: Sequence[Middleware], **options: Any) -> None:
        super().__init__(middleware=middleware, **options)
        self._graphql = endpoint
        for each in reversed(middleware):
            self._graphql = each.cls(self._graphql, *each.args, **each.kwargs)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = GRAPHQL_PATH.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if path is None:
            await super().__call__(scope, receive, send)
            return
        scope["path_params"] = path.groupdict()
        await self._graphql(scope, receive, send)


def create_served_app() -> Starlette:
    """What a server's process runs: the settings are the environment's, and what can be done beforehand is done."""
    app = create_app()
    schema.build(schema.NEWEST)
    for language in LANGUAGES:
        catalogue(language)
    # Of what a record of the log could tell, the lines of ours hold none of this.
    logging._srcfile = None
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    # All that was made so far stays; a collector that looked through it again and again took a third of the time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECTED_AFTER, *gc.get_threshold()[1:])
    return app


def _middleware(settings: Settings) -> list[Middleware]:
    origins = [origin.strip() for origin in settings.cors_origins.split(",") if origin.strip()]
    cross_origin = Middleware(
        CORSMiddleware,
        allow_origins=origins,
        allow_methods=["GET", "POST"],
        allow_headers=[
            "X-Shopify-Access-Token",
            "Content-Type",
            "Shopify-GraphQL-Cost-Debug",
            "Accept-Language",
            "Idempotency-Key",
        ],
        expose_headers=["X-Request-Id", "X-Shopify-API-Version", HEADER, "Retry-After"],
    )
    return [Middleware(Envelope), *([cross_origin] if origins else [])]

"""Whether the process lives, and whether it can do its work."""

from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.db import REFUSED, Database
from gateway.errors import Unavailable
from gateway.migrations import head_revision

_REVISION = text("SELECT version_num FROM alembic_version")


def health_routes(database: Database) -> list[Route]:
    head = head_revision()

    async def alive(_request: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def ready(_request: Request) -> Response:
        problem = await _problem(database, head)
        return JSONResponse({"status": problem or "ready"}, 503 if problem else 200)

    return [Route("/healthz", alive), Route("/readyz", ready)]


async def _problem(database: Database, head: str | None) -> str | None:
    """One statement tells both that the database answers and which tables it has."""
    try:
        rows = await database.fetch(_REVISION)
    except Unavailable:
        return "the database does not answer"
    except REFUSED:
        return "the database has no tables"
    if [row[0] for row in rows] != [head]:
        return "the database needs other migrations"
    return None

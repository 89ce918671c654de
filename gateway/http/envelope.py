"""Around everything: each answer carries the request's id, and what nobody caught is a 500 that says no more."""

import logging

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.http.answers import our_bug
from gateway.http.exchange import request_id_for
from gateway.http.negotiation import Media

_log = logging.getLogger("gateway.errors")


class Envelope:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = scope["gateway.request_id"] = request_id_for(scope)
        started = False

        async def send_with_id(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except Exception:
            _log.exception("Request %s failed", request_id)
            # Half an answer can't be taken back: the server closes the connection.
            if started:
                raise
            answer = our_bug(request_id)
            await _json(answer.status, answer.body)(scope, receive, send_with_id)


async def http_error(_request: Request, error: Exception) -> Response:
    """What the router refuses (an unknown path, a method), in the shape of every other refusal."""
    if not isinstance(error, HTTPException):
        raise error
    body = {"data": None, "errors": [{"message": error.detail, "extensions": {"code": str(error.status_code)}}]}
    return _json(error.status_code, body, dict(error.headers or {}))


def _json(status: int, body: object, headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps(body), status, headers, media_type=Media.JSON.value)

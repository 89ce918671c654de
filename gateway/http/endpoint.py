"""The ASGI endpoint: who may ask, how often, in which form; then the pipeline; and an answer whatever happens."""

import gzip
import ipaddress
import logging
from datetime import UTC, datetime

import orjson
from starlette.types import Receive, Scope, Send

from gateway.auth import Authenticator, check_organization
from gateway.errors import (
    BadRequest,
    GatewayError,
    LimitExceeded,
    NotFound,
    TooManyRequests,
    Unauthorized,
    UnusableDocument,
)
from gateway.execution.written import JSON_OPTIONS
from gateway.http.answers import Answer, RequestErrors, our_bug, refused
from gateway.http.body import Body, Disconnected
from gateway.http.exchange import HUNG_UP, Exchange
from gateway.http.negotiation import Media, accepts_gzip, choose
from gateway.http.pipeline import Caller, Pipeline
from gateway.http.request import GraphQLRequest, from_body, from_url
from gateway.settings import Settings
from gateway.throttle import Allowance, Throttle
from gateway.viewer import ANONYMOUS, Viewer, ViewerKind
from schema.history import VERSIONS

# Below one packet compressing saves nothing; above level 5 it takes twice the time for two percent.
COMPRESSED_BYTES = 1_000
COMPRESSION_LEVEL = 5
# An answer is one caller's: no cache on the way may keep it for the next.
_HEADERS = ((b"vary", b"Accept, Accept-Encoding, Accept-Language"), (b"cache-control", b"no-store"))
_MEDIA = {media: media.value.encode() for media in Media}
METHODS = ("GET", "HEAD", "OPTIONS", "POST")
_log = logging.getLogger("gateway.errors")


class GraphQLEndpoint:
    def __init__(self, settings: Settings, pipeline: Pipeline, *, authenticator: Authenticator, throttle: Throttle):
        self._settings = settings
        self._pipeline = pipeline
        self._authenticator = authenticator
        self._throttle = throttle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = Exchange.of(scope)
        body = Body(receive, exchange.headers)
        media = choose(exchange.header(b"accept"))
        try:
            answer = await self._answer_or_refusal(exchange, body, media)
            # Refused before it was read: the rest must not be taken for the next request.
            await body.discard()
        except Disconnected:
            exchange.log(HUNG_UP)
            return
        if not body.ended:
            answer.headers["Connection"] = "close"
        await _send(exchange, answer, media or Media.JSON, send)
        exchange.log(answer.status)

    async def _answer_or_refusal(self, exchange: Exchange, body: Body, media: Media | None) -> Answer:
        try:
            return await self._answer(exchange, body, media)
        except RequestErrors as error:
            return Answer(_request_error_status(media), {"errors": error.errors})
        except (UnusableDocument, LimitExceeded) as error:
            answer = refused(error, exchange.language)
            answer.status = _request_error_status(media)
            return answer
        except GatewayError as error:
            answer = refused(error, exchange.language)
            if error.status == 405:
                answer.headers["Allow"] = "POST" if exchange.scope["method"] in METHODS else ", ".join(METHODS)
            return answer
        except Disconnected:
            raise
        except Exception:  # noqa: BLE001 - the last resort, so that every request has an answer
            _log.exception("Request %s failed", exchange.request_id)
            return our_bug(exchange.request_id)

    async def _answer(self, exchange: Exchange, body: Body, media: Media | None) -> Answer:
        parameters = exchange.scope["path_params"]
        version = VERSIONS.get(parameters["version"])
        if version is None:
            raise NotFound("Invalid API version")
        # What answers, and what the answer says of itself: a quarter in which nothing changed has no schema of its own.
        exchange.version = version.served_by
        method = exchange.scope["method"]
        if method == "OPTIONS":
            return Answer(204, {}, {"Allow": ", ".join(METHODS)})
        if method not in METHODS:
            message, params = "Use one of {methods}", {"methods": ", ".join(METHODS)}
            raise BadRequest(message, params, code="METHOD_NOT_ALLOWED", status=405)
        viewer = await self._viewer(exchange, parameters.get("organization_id"))
        allowance = await self._take(_bucket(viewer, exchange.client_address))
        if media is None:
            message = "Accept application/json or application/graphql-response+json"
            raise BadRequest(message, code="NOT_ACCEPTABLE", status=406)
        request = await self._read(exchange, body)
        return await self._pipeline.answer(exchange, request, caller=Caller(viewer, allowance), body=body)

    async def _viewer(self, exchange: Exchange, organization_id: str | None) -> Viewer:
        try:
            token = exchange.header(b"x-shopify-access-token")
            viewer = await self._authenticator.viewer(token, now=datetime.now(UTC))
        except Unauthorized:
            # Guessing is slowed by a bucket of its own: those behind the same address who hold a good token, and
            # those who need none, are not shut out by it.
            await self._take(f"guesses:{_network(exchange.client_address)}")
            raise
        if organization_id is not None:
            if viewer is ANONYMOUS:
                raise Unauthorized
            check_organization(viewer, organization_id)
        return viewer

    async def _take(self, bucket: str) -> Allowance:
        allowance = await self._throttle.take(bucket)
        if not allowance.allowed:
            raise TooManyRequests(allowance.retry_after_seconds)
        return allowance

    async def _read(self, exchange: Exchange, body: Body) -> GraphQLRequest:
        scope, settings = exchange.scope, self._settings
        content = await body.read(max_bytes=settings.max_body_bytes, timeout_seconds=settings.request_timeout)
        if scope["method"] == "POST":
            return from_body(content, exchange.headers, scope["query_string"])
        return from_url(scope["query_string"])


def _request_error_status(media: Media | None) -> int:
    return 400 if media is Media.RESPONSE else 200


def _bucket(viewer: Viewer, address: str) -> str:
    if viewer.kind is ViewerKind.MERCHANT:
        return f"merchant:{viewer.merchant_user_id}"
    return f"address:{_network(address)}" if viewer is ANONYMOUS else f"client:{viewer.client_id}"


def _network(address: str) -> str:
    """The address, of IPv6 the /64 that one household has: a household could use a fresh address for each request."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed.packed, 64), strict=False))


async def _send(exchange: Exchange, answer: Answer, media: Media, send: Send) -> None:
    content = orjson.dumps(answer.body, option=JSON_OPTIONS) if answer.body else b""
    headers = [*_HEADERS, (b"content-type", _MEDIA[media])] if content else list(_HEADERS)
    if len(content) >= COMPRESSED_BYTES and accepts_gzip(exchange.header(b"accept-encoding")):
        content = gzip.compress(content, COMPRESSION_LEVEL, mtime=0)
        headers.append((b"content-encoding", b"gzip"))
    headers.append((b"content-length", str(len(content)).encode()))
    if b"accept-language" in exchange.headers and (exchange.has_messages or "errors" in answer.body):
        headers.append((b"content-language", exchange.language.encode()))
    if exchange.version:
        headers.append((b"x-shopify-api-version", exchange.version.encode()))
    for name, value in answer.headers.items():
        headers.append((name.lower().encode(), value.encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": content})

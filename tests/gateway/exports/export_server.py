"""A small Partner API on a free port of this machine: its records are lists, and it can be told to misbehave."""

import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import uvicorn
from export_schema import SDL_WITH_PROPOSALS
from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    OverlappingFieldsCanBeMergedRule,
    build_schema,
    execute_sync,
    parse,
    specified_rules,
    validate,
)
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.exports.options import DEFAULT_API_VERSION

TOKEN = "prtapi_of_the_tests"
VERSION = DEFAULT_API_VERSION
Record = dict[str, Any]
Fault = Callable[[str], Response | None]


@dataclass
class Api:
    """`faults` are asked in turn, once each, before a request is answered: a Response takes the place of the answer."""

    jobs: list[Record] = field(default_factory=list)
    conversations: list[Record] = field(default_factory=list)
    transactions: list[Record] = field(default_factory=list)
    apps: list[Record] = field(default_factory=list)
    events: list[Record] = field(default_factory=list)
    subscriptions: list[Record] = field(default_factory=list)
    gone_apps: set[str] = field(default_factory=set)
    most_pairs: int = 25
    schema_text: str = SDL_WITH_PROPOSALS
    faults: deque[Fault] = field(default_factory=deque)
    forbidden: set[str] = field(default_factory=set)
    largest_page: int = 250
    requests: int = 0
    requests_at: list[float] = field(default_factory=list)
    largest_asked: list[int] = field(default_factory=list)
    # Cursors of an older epoch are refused, as after a change of the key that signs them.
    epoch: int = 0
    delay_seconds: float = 0.0

    def __post_init__(self) -> None:
        self._schemas: dict[str, GraphQLSchema] = {}

    @property
    def schema(self) -> GraphQLSchema:
        if self.schema_text not in self._schemas:
            schema = build_schema(self.schema_text)
            fields = schema.type_map["QueryRoot"].fields
            for name in ("jobs", "conversations", "transactions"):
                if name in fields:
                    fields[name].resolve = self._list(name)
            if "activeSubscription" in fields:
                fields["events"].resolve = self._events
                fields["activeSubscription"].resolve = self._subscription
            for name in ("conversation", "app"):
                if name in fields:
                    fields[name].resolve = self._one(name)
            if "Conversation" in schema.type_map:
                schema.type_map["Conversation"].fields["messages"].resolve = self._nested("messages")
            schema.type_map["App"].fields["events"].resolve = self._nested("events")
            for kind in schema.type_map.values():
                if "shop" in getattr(kind, "fields", {}):
                    kind.fields["shop"].resolve = self._guarded("shop")
            self._schemas[self.schema_text] = schema
        return self._schemas[self.schema_text]

    def answer(self, text: str, variables: dict[str, Any]) -> ExecutionResult:
        document = parse(text)
        rules = [rule for rule in specified_rules if rule is not OverlappingFieldsCanBeMergedRule]
        if wrong := validate(self.schema, document, rules):
            return ExecutionResult(None, wrong)
        return execute_sync(self.schema, document, variable_values=variables)

    def _list(self, name: str) -> Callable[..., Record]:
        return lambda _root, _info, **args: self._connection(name, getattr(self, name), **args)

    def _one(self, name: str) -> Callable[..., Record | None]:
        def resolve(_root: Any, _info: GraphQLResolveInfo, id: str) -> Record | None:  # noqa: A002
            self._check(name)
            return next((record for record in getattr(self, f"{name}s") if record["id"] == id), None)

        return resolve

    def _events(self, _root: Any, _info: GraphQLResolveInfo, filter: Record, **args: Any) -> Record:  # noqa: A002
        since, until = (datetime.fromisoformat(filter[name]) for name in ("occurredAtMin", "occurredAtMax"))
        if until - since > timedelta(days=365):
            raise GraphQLError("Events of at most 365 days", extensions={"code": "INVALID_RANGE"})
        inside = [one for one in self.events if since <= datetime.fromisoformat(one["occurredAt"]) <= until]
        return self._connection("events", inside, **args)

    def _subscription(self, _root: Any, info: GraphQLResolveInfo, **ids: str) -> Record | None:
        self._check("activeSubscription")
        if len(info.operation.selection_set.selections) > self.most_pairs:
            raise GraphQLError("Too many fields", extensions={"code": "LIMIT_EXCEEDED"})
        if ids["appId"] in self.gone_apps:
            raise GraphQLError("App not found", extensions={"code": "NOT_FOUND"})
        wanted = (ids["appId"], ids["shopId"])
        return next((one for one in self.subscriptions if (one["app"]["id"], one["shop"]["id"]) == wanted), None)

    def _nested(self, name: str) -> Callable[..., Record]:
        return lambda parent, _info, **args: self._connection(name, parent[name], **args)

    def _guarded(self, name: str) -> Callable[..., Any]:
        def resolve(parent: Record, _info: GraphQLResolveInfo) -> Any:
            self._check(name)
            return parent.get(name)

        return resolve

    def _check(self, name: str) -> None:
        if name in self.forbidden:
            raise GraphQLError(f"Your token lacks the permissions for {name}", extensions={"code": "403"})

    def _connection(
        self,
        name: str,
        records: list[Record],
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
    ) -> Record:
        self._check(name)
        if first is not None:
            self.largest_asked.append(first)
        if first is not None and first > self.largest_page:
            raise GraphQLError(f"first: at most {self.largest_page}", extensions={"code": "INVALID_PAGE_SIZE"})
        start = self._place(after)
        if last is not None:
            start, first = max(0, len(records) - last), last
        page = records[start : start + (50 if first is None else first)]
        edges = [{"cursor": f"{self.epoch}:{start + n + 1}", "node": record} for n, record in enumerate(page)]
        more = start + len(page) < len(records)
        return {"edges": edges, "pageInfo": {"hasNextPage": more, "hasPreviousPage": start > 0}}

    def _place(self, after: str | None) -> int:
        if not after:
            return 0
        epoch, _, place = after.partition(":")
        if epoch != str(self.epoch):
            raise GraphQLError("The cursor is not one of ours", extensions={"code": "INVALID_CURSOR"})
        return int(place)


def fault(status: int, code: str = "", message: str = "no", **headers: str) -> Fault:
    """An answer that is no answer; `Retry_After="1"` becomes a header."""
    errors = [{"message": message, "extensions": {"code": code}}]
    content: Record = {"data": None, "errors": errors}
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if not code:
        return lambda _text: Response("<html>", status, headers=sent)
    return lambda _text: JSONResponse(content, status, headers=sent)


def well(_text: str) -> None:
    """A request that is answered, between two that are not."""


def dropped(_text: str) -> Response:
    """The connection breaks after the headers."""
    return Response(b"{", headers={"Content-Length": "1000"})


@dataclass(frozen=True)
class Server:
    api: Api
    url: str


@contextmanager
def serve(api: Api) -> Iterator[Server]:
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    config = uvicorn.Config(_app(api), log_level="critical", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield Server(api, f"http://127.0.0.1:{port}")
    finally:
        server.should_exit = True
        thread.join(5)


def _app(api: Api) -> Starlette:
    async def graphql(request: Request) -> Response:
        body = await request.json()
        api.requests += 1
        api.requests_at.append(time.monotonic())
        if request.path_params["version"] != VERSION:
            return _refusal(404, "Invalid API version")
        if request.headers.get("X-Shopify-Access-Token") != TOKEN:
            return _refusal(401, f"Unauthorized: {request.headers.get('X-Shopify-Access-Token')}")
        if api.faults and (response := api.faults.popleft()(body["query"])):
            return response
        if api.delay_seconds:
            time.sleep(api.delay_seconds)  # noqa: ASYNC251 - the server has one client, and no other work meanwhile
        result = api.answer(body["query"], body.get("variables") or {})
        answer: Record = {"data": result.data}
        if result.errors:
            answer["errors"] = [error.formatted for error in result.errors]
        return JSONResponse(answer)

    return Starlette(routes=[Route("/{organization:int}/api/{version}/graphql.json", graphql, methods=["POST"])])


def _refusal(status: int, message: str) -> Response:
    return JSONResponse({"data": None, "errors": [{"message": message, "extensions": {"code": str(status)}}]}, status)

"""From a document to its answer: parse, validate, limits, permissions, variables, cost, execution."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from graphql import ExecutionResult, GraphQLSchema, VariableValues

from gateway.db import Database
from gateway.errors import BadRequest, Unavailable
from gateway.execution.engine import Engine, Operation
from gateway.http import deprecated
from gateway.http.answers import BAD_USER_INPUT, Answer, RequestErrors, field_errors, formatted
from gateway.http.body import Body
from gateway.http.deadline import while_awaited
from gateway.http.documents import Documents
from gateway.http.exchange import Exchange
from gateway.http.idempotency import idempotency_header
from gateway.http.permissions import check_root_fields
from gateway.http.recording import Recorder
from gateway.http.request import GraphQLRequest
from gateway.http.trusted import TrustedDocuments
from gateway.limits import requested_cost
from gateway.settings import Settings
from gateway.throttle import Allowance
from gateway.usage import Usage
from gateway.viewer import Viewer
from resolvers.context import Context

# A client asks for one or two sizes of pages.
MOST_COSTS = 32


@dataclass(slots=True)
class Caller:
    """Who asks, and how much the bucket lets this caller still ask."""

    viewer: Viewer
    allowance: Allowance


class Pipeline:
    """One a process: it keeps the schemas and documents that were asked for."""

    def __init__(self, settings: Settings, database: Database, build_schema: Callable[[str], GraphQLSchema]) -> None:
        self._settings = settings
        self._database = database
        self._build_schema = build_schema
        self._schemas: dict[str, GraphQLSchema] = {}
        self._documents = Documents()
        self._trusted = TrustedDocuments(settings)
        self._recorder = Recorder(settings.record_documents)
        self._engine = Engine(settings.engine)
        self._usage = Usage(database)

    async def close(self) -> None:
        await self._usage.close()

    async def answer(self, exchange: Exchange, request: GraphQLRequest, *, caller: Caller, body: Body) -> Answer:
        """Raises RequestErrors, GatewayError and Disconnected."""
        exchange.operation_name = request.operation_name
        operation, variables, requested = self._prepare(exchange, request, caller.viewer)
        context = self._context(exchange, caller.viewer)
        if not operation.is_query:
            context.idempotency_header = idempotency_header(exchange, operation, request.variables)
        try:
            executing = self._engine.execute(operation, variables, context, as_json=True)
            result = await while_awaited(
                executing,
                body,
                timeout_seconds=self._settings.request_timeout,
                may_need_undoing=not operation.is_query,
            )
        finally:
            exchange.cost, exchange.statements = context.objects, context.statements
            exchange.has_messages = context.has_messages
            context.end()
        answer = self._answered(exchange, result, caller.allowance, requested)
        if operation.deprecated is not None:
            answer.headers[deprecated.HEADER] = deprecated.changelog_url(exchange)
            self._count(exchange, operation, caller.viewer, context.now)
        return answer

    def _count(self, exchange: Exchange, operation: Operation, viewer: Viewer, now: datetime) -> None:
        if viewer.client_id is not None:
            self._usage.count(viewer.client_id, cast("str", exchange.version), operation.deprecated, now=now)

    def _prepare(
        self, exchange: Exchange, request: GraphQLRequest, viewer: Viewer
    ) -> tuple[Operation, VariableValues, int]:
        """The operation with its variables coerced, and the cost of what it may fetch."""
        version = cast("str", exchange.version)
        schema = self._schema(version)
        text = self._trusted.text(request, viewer.kind)
        document = self._documents.get(version, schema, text, self._settings)
        operation = document.operation(request.operation_name, self._settings)
        self._recorder.keep(version, text)
        exchange.operation_name = operation.name
        if exchange.scope["method"] != "POST" and not operation.is_query:
            raise BadRequest("Send mutations by POST", code="METHOD_NOT_ALLOWED", status=405)
        check_root_fields(operation, variables=request.variables, viewer=viewer)
        variables = operation.coerce(request.variables)
        if isinstance(variables, list):
            raise RequestErrors([formatted(error, BAD_USER_INPUT) for error in variables])
        return operation, variables, self._requested(operation, schema, variables.coerced)

    def _requested(self, operation: Operation, schema: GraphQLSchema, variables: Mapping[str, Any]) -> int:
        """Worked out once for values of one kind: of a variable only its number, its length or its absence counts."""
        key = tuple((name, _weight(value)) for name, value in variables.items())
        requested = operation.costs.get(key)
        if requested is None:
            requested = requested_cost(operation.document, operation.node, schema, variables, self._settings)
            if len(operation.costs) >= MOST_COSTS:
                operation.costs.clear()
            operation.costs[key] = requested
        return requested

    def _schema(self, version: str) -> GraphQLSchema:
        schema = self._schemas.get(version)
        if schema is None:
            schema = self._schemas[version] = self._build_schema(version)
        return schema

    def _context(self, exchange: Exchange, viewer: Viewer) -> Context:
        return Context(
            viewer=viewer,
            database=self._database,
            settings=self._settings,
            now=datetime.now(UTC),
            request_id=exchange.request_id,
            version=cast("str", exchange.version),
            language=exchange.language,
        )

    def _answered(self, exchange: Exchange, result: ExecutionResult, allowance: Allowance, requested: int) -> Answer:
        for error in result.errors or ():
            if isinstance(error.original_error, Unavailable):
                raise error.original_error
        body: dict[str, Any] = {"data": result.data}
        if result.errors:
            body["errors"] = field_errors(result.errors, exchange.request_id, exchange.language)
        if exchange.header(b"shopify-graphql-cost-debug") == "1":
            body["extensions"] = {"cost": _cost(allowance, requested, exchange.cost)}
        return Answer(200, body)


def _weight(value: Any) -> Any:
    if value is None or isinstance(value, int):
        return value
    return len(value) if isinstance(value, list) else ""


def _cost(allowance: Allowance, requested: int, actual: int) -> dict[str, Any]:
    return {
        "requestedQueryCost": requested,
        "actualQueryCost": actual,
        "throttleStatus": {
            "maximumAvailable": float(allowance.maximum),
            "currentlyAvailable": float(allowance.available),
            "restoreRate": float(allowance.restore_rate),
        },
    }

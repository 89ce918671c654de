"""What is sent back: bodies, statuses, and errors in words that hold nothing of our insides."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from graphql import GraphQLError, ValueNode

from gateway.errors import BadRequest, GatewayError, LimitExceeded, TooManyRequests, UnusableDocument
from gateway.messages import ENGLISH, worded

PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
BAD_USER_INPUT = "BAD_USER_INPUT"
INVALID_ARGUMENT = "INVALID_ARGUMENT"
INTERNAL = "INTERNAL_SERVER_ERROR"

# Messages quote what the client sent, and that can be long.
MAX_MESSAGE = 1_000

FormattedError = dict[str, Any]
_log = logging.getLogger("gateway.errors")


@dataclass(slots=True)
class Answer:
    """`body` is empty for an answer without one."""

    status: int
    body: Mapping[str, Any]
    headers: dict[str, str] = field(default_factory=dict)


class RequestErrors(Exception):
    """The document can't be executed: it does not parse, is invalid, asks for too much, or its variables don't fit."""

    def __init__(self, errors: Sequence[FormattedError]) -> None:
        super().__init__(f"{len(errors)} request errors")
        self.errors = errors


def words(error: GatewayError, language: str) -> str:
    """The error's message; those that clients look for words in stay English."""
    if error.is_worded_for_clients:
        return error.message
    return worded(error.template, error.params, language)


def refused(error: GatewayError, language: str) -> Answer:
    """The whole request failed. `data` is null as in the Partner API, and missing where the request can't be read."""
    errors = [{"message": words(error, language), "extensions": error.extensions}]
    headers: dict[str, str] = {}
    if isinstance(error, TooManyRequests):
        headers["Retry-After"] = str(max(1, ceil(error.retry_after_seconds)))
    unread = isinstance(error, (BadRequest, UnusableDocument, LimitExceeded))
    body = {"errors": errors} if unread else {"data": None, "errors": errors}
    return Answer(error.status, body, headers)


def our_bug(request_id: str) -> Answer:
    return Answer(500, {"data": None, "errors": [_masked(request_id)]})


def formatted(error: GraphQLError, code: str, language: str = ENGLISH) -> FormattedError:
    """An error that the caller made; the code it already has is kept."""
    told: FormattedError = {"message": _message(error, language)[:MAX_MESSAGE]}
    if error.locations:
        told["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path:
        told["path"] = error.path
    told["extensions"] = {"code": code, **(error.extensions or {})}
    return told


def field_errors(errors: Sequence[GraphQLError], request_id: str, language: str) -> list[FormattedError]:
    """Errors of an executed operation. Those that are our bugs are logged and say nothing but the request's id."""
    told = []
    bugs: list[GraphQLError] = []
    for error in errors:
        cause = error.original_error or error
        if isinstance(cause, GatewayError) or _is_argument(cause):
            told.append(formatted(error, INVALID_ARGUMENT, language))
        else:
            bugs.append(error)
            told.append({**formatted(error, INTERNAL), **_masked(request_id)})
    if bugs:
        # One bug can fail in every row of a page; the first tells as much as all of them.
        first = bugs[0]
        message = "Request %s failed in %d places, first at %s"
        _log.error(message, request_id, len(bugs), first.path, exc_info=first.original_error or first)
    return told


def _message(error: GraphQLError, language: str) -> str:
    """Without what Python said when it could not read a value."""
    cause: Exception | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    if isinstance(cause, GatewayError):
        return words(cause, language)
    if cause is None:
        return error.message
    return error.message.partition(", but encountered error")[0]


def _masked(request_id: str) -> FormattedError:
    return {"message": "Internal error", "extensions": {"code": INTERNAL, "requestId": request_id}}


def _is_argument(cause: Exception) -> bool:
    """An argument that can't be read points at its value; what graphql-core says of our resolvers points at fields."""
    return isinstance(cause, GraphQLError) and any(isinstance(node, ValueNode) for node in cause.nodes or ())

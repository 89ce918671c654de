"""What went wrong with one request, read from an HTTP answer, from GraphQL errors, or from a broken connection."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import orjson
from gql.transport.exceptions import TransportConnectionFailed, TransportQueryError

from gateway.exports.pace import retry_after_seconds


class Cure(Enum):
    """What may help."""

    SLOWER = auto()
    AGAIN = auto()
    SMALLER_OR_AGAIN = auto()
    SMALLER = auto()
    NEW_CURSOR = auto()
    NOT_THERE = auto()
    OTHER_TOKEN = auto()
    NOTHING = auto()


# Codes of this gateway, and those that other GraphQL servers use for the same.
CURES = {
    "429": Cure.SLOWER,
    "THROTTLED": Cure.SLOWER,
    "TIMEOUT": Cure.SMALLER_OR_AGAIN,
    "504": Cure.SMALLER_OR_AGAIN,
    "INVALID_PAGE_SIZE": Cure.SMALLER,
    "LIMIT_EXCEEDED": Cure.SMALLER,
    "MAX_COST_EXCEEDED": Cure.SMALLER,
    "MAX_NODES": Cure.SMALLER,
    "413": Cure.SMALLER,
    "INVALID_CURSOR": Cure.NEW_CURSOR,
    "NOT_FOUND": Cure.NOT_THERE,
    "403": Cure.OTHER_TOKEN,
    "FORBIDDEN": Cure.OTHER_TOKEN,
    "ACCESS_DENIED": Cure.OTHER_TOKEN,
    "INTERNAL_SERVER_ERROR": Cure.AGAIN,
    "UNAVAILABLE": Cure.AGAIN,
    "408": Cure.AGAIN,
}


class Rejected(Exception):
    """Raised inside the transport, whose own errors know neither the status nor Retry-After of an answer in JSON."""

    def __init__(self, status: int, retry_after: str | None, body: bytes) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status
        self.retry_after = retry_after
        self.body = body


@dataclass(frozen=True, slots=True)
class Problem:
    """`path` names fields only; it is empty where the whole request failed. `status` is 0 without an HTTP answer."""

    cure: Cure
    message: str
    status: int = 0
    path: tuple[str, ...] = ()
    retry_after: float | None = None


def from_answer(rejected: Rejected) -> Problem:
    try:
        errors = orjson.loads(rejected.body)["errors"]
        told = from_errors(errors, rejected.status)
    except (orjson.JSONDecodeError, KeyError, TypeError, IndexError):
        told = Problem(
            _cure("", rejected.status, ""), f"it answered with HTTP status {rejected.status}", rejected.status
        )
    return Problem(told.cure, told.message, rejected.status, told.path, retry_after_seconds(rejected.retry_after))


def from_errors(errors: list[Any], status: int = 200) -> Problem:
    """The worst of several decides: what can't be cured, then a missing permission, then the rest."""
    told = [_from_error(error, status) for error in errors]
    return max(told, key=lambda problem: problem.cure.value)


def from_exception(error: Exception) -> Problem:
    """A connection that broke is worth another try. An answer that took too long is worth a smaller page."""
    if isinstance(error, TransportQueryError):
        return from_errors(error.errors or [{"message": str(error)}])
    if not isinstance(error, TransportConnectionFailed):
        return Problem(Cure.AGAIN, "an answer was cut short or is not GraphQL")
    cause = error.__cause__ or error
    if isinstance(cause, Rejected):
        return from_answer(cause)
    cure = Cure.SMALLER_OR_AGAIN if type(cause).__name__ == "ReadTimeout" else Cure.AGAIN
    return Problem(cure, f"the connection failed ({str(cause) or type(cause).__name__})")


def _from_error(error: Any, status: int) -> Problem:
    if not isinstance(error, dict):
        return Problem(_cure("", status, ""), str(error), status)
    message = str(error.get("message", ""))
    code = str((error.get("extensions") or {}).get("code", ""))
    path = tuple(part for part in error.get("path") or () if isinstance(part, str))
    return Problem(_cure(code, status, message), message, status, path)


def _cure(code: str, status: int, message: str) -> Cure:
    """The code says more than the status, and the status more than the words."""
    by_fact = CURES.get(code) or CURES.get(str(status))
    if by_fact:
        return by_fact
    if status >= 500 or code.startswith("5"):
        return Cure.AGAIN
    words = message.casefold()
    if "too many requests" in words or "throttled" in words:
        return Cure.SLOWER
    if "max complexity" in words or "cost limit" in words or "page size" in words:
        return Cure.SMALLER
    if "forbidden" in words or "permission" in words:
        return Cure.OTHER_TOKEN
    if "internal error" in words or "internal server error" in words or "something went wrong" in words:
        return Cure.AGAIN
    return Cure.NOT_THERE if words.startswith("app not found") else Cure.NOTHING

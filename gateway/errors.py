"""Every error that the gateway raises on purpose.

    GatewayError                 a request, or a field of it, can't be served: a top-level error with a code
    ├── BadRequest         400   the HTTP request itself is not one we can read
    │   └── PersistedQueryNotFound  200  a hash that stands for no document here: send the document with it
    ├── Unauthorized       401   no token, or one we don't know
    ├── Forbidden          403   the token lacks a permission
    ├── NotFound           404   the path names nothing that this token may see
    ├── TooManyRequests    429   the bucket of requests is empty
    ├── UnusableDocument   400   the document can't be executed as it is, or not with the request's headers
    ├── LimitExceeded      400   the document asks for more than one request may
    ├── InvalidArgument    200   an argument of a field can't be read (a cursor, an id, a page size)
    └── Unavailable        503   the deadline passed, or the database does not answer
        └── Busy                 a transaction lost to another one: run again, it may well succeed
    WorkFailed                   work that is done later did not succeed, and is tried again
    └── WorkRefused              it never will
    UserErrors                   what the caller of a mutation can mend: told in `userErrors`, never at the top level

Anything else that is raised is our bug: the client sees "Internal error" and the request id.

Messages are templates of `str.format` with their parameters kept apart: the template is what `gateway/messages/`
translates, so it is a literal text, never an f-string.
"""

import dataclasses
from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class GatewayError(Exception):
    """`code` goes to `extensions.code` and never changes; `status` is the HTTP status when the whole request fails.

    `is_worded_for_clients`: they look for words in the message, so it stays English.
    """

    status = 200
    code = "ERROR"
    is_worded_for_clients = False

    def __init__(
        self,
        template: str,
        params: Mapping[str, Any] | None = None,
        *,
        code: str | None = None,
        status: int | None = None,
    ) -> None:
        self.template = template
        self.params = params or {}
        self.message = filled(template, self.params)
        super().__init__(self.message)
        self.code = code or type(self).code
        self.status = status or type(self).status

    @property
    def extensions(self) -> dict[str, object]:
        """What graphql-core copies to the error's `extensions`."""
        return {"code": self.code}


class BadRequest(GatewayError):
    status = 400
    code = "BAD_REQUEST"


class PersistedQueryNotFound(BadRequest):
    """In the words, with the code and the status that Apollo's clients wait for before they send the document."""

    status = 200
    code = "PERSISTED_QUERY_NOT_FOUND"
    is_worded_for_clients = True

    def __init__(self) -> None:
        super().__init__("PersistedQueryNotFound")


class Unauthorized(GatewayError):
    status = 401
    code = "401"
    is_worded_for_clients = True

    def __init__(self, message: str = "Unauthorized: send a valid token in X-Shopify-Access-Token") -> None:
        super().__init__(message)


class Forbidden(GatewayError):
    status = 403
    code = "403"
    is_worded_for_clients = True


class NotFound(GatewayError):
    status = 404
    code = "404"
    is_worded_for_clients = True


class TooManyRequests(GatewayError):
    """`retry_after_seconds` is when the next request will be let in."""

    status = 429
    code = "429"
    is_worded_for_clients = True

    def __init__(self, retry_after_seconds: float) -> None:
        super().__init__("Too many requests")
        self.retry_after_seconds = retry_after_seconds


class UnusableDocument(GatewayError):
    status = 400
    code = "BAD_REQUEST"


class LimitExceeded(GatewayError):
    status = 400
    code = "LIMIT_EXCEEDED"


class TooManyObjects(LimitExceeded):
    code = "MAX_NODES"

    def __init__(self, *, most: int) -> None:
        super().__init__("The operation may ask for more than {most} objects: take smaller pages", {"most": most})


class InvalidArgument(GatewayError):
    code = "INVALID_ARGUMENT"


class Unavailable(GatewayError):
    status = 503
    code = "UNAVAILABLE"


class Busy(Unavailable):
    def __init__(self) -> None:
        super().__init__("The database is busy. Try again soon.")


class WorkFailed(Exception):
    """The message is kept with the work and shown to whoever looks after it, so it holds no secret."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class WorkRefused(WorkFailed):
    """Nobody tries again, unless told to."""


class UserErrorCode(StrEnum):
    ALREADY_EXISTS = "ALREADY_EXISTS"
    BLANK = "BLANK"
    BLOCKED = "BLOCKED"
    CONFIRMATION_MISMATCH = "CONFIRMATION_MISMATCH"
    EXCEEDS_PAID_AMOUNT = "EXCEEDS_PAID_AMOUNT"
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED"
    INVALID = "INVALID"
    MARKETPLACE_CLOSED = "MARKETPLACE_CLOSED"
    NOT_AGREED = "NOT_AGREED"
    NOT_ELIGIBLE = "NOT_ELIGIBLE"
    NOT_FOUND = "NOT_FOUND"
    TOO_LONG = "TOO_LONG"
    TOO_MANY_ATTEMPTS = "TOO_MANY_ATTEMPTS"
    WRONG_STATE = "WRONG_STATE"


@dataclasses.dataclass(frozen=True, slots=True)
class Reason:
    """One broken rule of a mutation: which, at which argument (its path, as the client spells it), and why.

    The English message is the template with its parameters filled in: `Reason(TOO_LONG, ("note",), "At most {most}
    characters", {"most": 255})`.
    """

    code: UserErrorCode
    field: tuple[str, ...]
    template: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict, hash=False)

    @property
    def message(self) -> str:
        return filled(self.template, self.params)


class UserErrors(Exception):
    """A write was refused and nothing was written; holds every reason at once."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__("; ".join(reason.message for reason in reasons))
        self.reasons = reasons


def filled(template: str, params: Mapping[str, Any]) -> str:
    """The message. Without parameters the template is the message, so that it may quote what holds braces."""
    return template.format(**params) if params else template

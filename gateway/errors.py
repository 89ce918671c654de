"""Every error that the gateway raises on purpose.

    GatewayError                 a request, or a field of it, can't be served: a top-level error with a code
    ├── BadRequest         400   the HTTP request itself is not one we can read
    ├── Unauthorized       401   no token, or one we don't know
    ├── Forbidden          403   the token lacks a permission
    ├── NotFound           404   the path names nothing that this token may see
    ├── TooManyRequests    429   the bucket of requests is empty
    ├── LimitExceeded      400   the document asks for more than one request may
    ├── InvalidArgument    200   an argument of a field can't be read (a cursor, an id, a page size)
    └── Unavailable        503   the deadline passed, or the database does not answer
    UserErrors                   what the caller of a mutation can mend: told in `userErrors`, never at the top level

Anything else that is raised is our bug: the client sees "Internal error" and the request id.
"""

from dataclasses import dataclass
from enum import StrEnum


class GatewayError(Exception):
    """`code` goes to `extensions.code` and never changes; `status` is the HTTP status when the whole request fails."""

    status = 200
    code = "ERROR"

    def __init__(self, message: str, *, code: str | None = None, status: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.status = status or type(self).status

    @property
    def extensions(self) -> dict[str, object]:
        """What graphql-core copies to the error's `extensions`."""
        return {"code": self.code}


class BadRequest(GatewayError):
    status = 400
    code = "BAD_REQUEST"


class Unauthorized(GatewayError):
    status = 401
    code = "401"

    def __init__(self, message: str = "Unauthorized: send a valid token in X-Shopify-Access-Token") -> None:
        super().__init__(message)


class Forbidden(GatewayError):
    status = 403
    code = "403"


class NotFound(GatewayError):
    status = 404
    code = "404"


class TooManyRequests(GatewayError):
    """`retry_after_seconds` is when the next request will be let in."""

    status = 429
    code = "429"

    def __init__(self, retry_after_seconds: float) -> None:
        super().__init__("Too many requests")
        self.retry_after_seconds = retry_after_seconds


class LimitExceeded(GatewayError):
    status = 400
    code = "LIMIT_EXCEEDED"


class InvalidArgument(GatewayError):
    code = "INVALID_ARGUMENT"


class Unavailable(GatewayError):
    status = 503
    code = "UNAVAILABLE"


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


@dataclass(frozen=True, slots=True)
class Reason:
    """One broken rule of a mutation: which, at which argument (its path, as the client spells it), and why."""

    code: UserErrorCode
    field: tuple[str, ...]
    message: str


class UserErrors(Exception):
    """A write was refused and nothing was written; holds every reason at once."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__("; ".join(reason.message for reason in reasons))
        self.reasons = reasons

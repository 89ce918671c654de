"""What the answers of all mutations share."""

from typing import Annotated, Any

import strawberry

from gateway.errors import UserErrorCode
from schema.base import column, enum

enum(
    UserErrorCode,
    "Which rule was broken. The codes stay; the messages may be worded anew.",
    {
        "ALREADY_EXISTS": "There is one already, and there may be only one.",
        "BLANK": "It must hold something.",
        "BLOCKED": "One of the two has blocked the other.",
        "CONFIRMATION_MISMATCH": "What was confirmed is not what would happen now.",
        "EXCEEDS_PAID_AMOUNT": "More than was paid and not yet given back.",
        "IDEMPOTENCY_KEY_REUSED": "The key was sent before, with another request.",
        "INVALID": "The value is none that it may have.",
        "MARKETPLACE_CLOSED": "The marketplace takes no more of these.",
        "NOT_AGREED": "Not both sides have agreed.",
        "NOT_ELIGIBLE": "The caller, or what it is about, does not fulfil a condition.",
        "NOT_FOUND": "There is none, or none that the caller may see.",
        "TOO_LONG": "More characters or items than it may have.",
        "TOO_MANY_ATTEMPTS": "Done too often; try again later.",
        "WRONG_STATE": "What it is about is in a state that this can't be done in.",
    },
)


@strawberry.type(description="A reason for which a mutation was refused. Nothing was changed.")
class UserError:
    field: list[str] | None = column("field", "The path of the argument; null where it is none in particular.")
    message: str = column("message", "What is wrong, and what to do.")
    code: UserErrorCode | None = column("code", "Which rule was broken.")


IdempotencyKey = Annotated[
    str | None,
    strawberry.argument(
        description="A text of your own, at most 255 characters: a call with the same key is done once, however often"
        " it is sent, and gets the first answer again. The header `Idempotency-Key` says the same."
    ),
]


def user_errors() -> Any:
    return column("user_errors", "Every reason for which it was refused; empty where it was done.")


def success() -> Any:
    return column("success", "Whether it was done.")

"""What the answers of all mutations share."""

from typing import Any

import strawberry

from gateway.errors import UserErrorCode
from schema.base import column, enum

enum(UserErrorCode, "Which rule was broken. The codes stay; the messages may be worded anew.")


@strawberry.type(description="A reason for which a mutation was refused. Nothing was changed.")
class UserError:
    field: list[str] | None = column("field", "The path of the argument; null where it is none in particular.")
    message: str = column("message", "What is wrong, and what to do.")
    code: UserErrorCode | None = column("code", "Which rule was broken.")


def user_errors() -> Any:
    return column("user_errors", "Every reason for which it was refused; empty where it was done.")


def success() -> Any:
    return column("success", "Whether it was done.")

"""What every mutation answers: what it made or changed, and the reasons for which it was refused."""

from collections.abc import Awaitable, Callable
from typing import Any

from gateway.errors import Reason, UserErrors
from gateway.execution.rows import Layout, Record, Rows
from gateway.execution.sources import Batch, Call

_USER_ERROR = Layout(("code", "field", "message"))


def mutation(*names: str) -> Callable[[Callable[[Call], Awaitable[tuple[Any, ...]]]], Batch]:
    """Declares a write: the function gives the payload's values of those names, or raises UserErrors."""

    layout = Layout((*names, "success", "user_errors"))

    def declare(function: Callable[[Call], Awaitable[tuple[Any, ...]]]) -> Batch:
        async def run(_parents: Rows, call: Call) -> Rows:
            try:
                values, errors = await function(call), []
            except UserErrors as refused:
                values, errors = (None,) * len(names), list(map(_user_error, refused.reasons))
            return Rows([(*values, not errors, errors)], layout)

        return Batch(run)

    return declare


def _user_error(reason: Reason) -> Record:
    return Record((reason.code, list(reason.field) or None, reason.message), _USER_ERROR)

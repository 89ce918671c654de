"""What every mutation answers: what it made or changed, and the reasons for which it was refused."""

from collections.abc import Awaitable, Callable
from typing import Any

from gateway.errors import Reason, UserErrors
from gateway.execution.rows import Layout, Record, Rows
from gateway.execution.sources import Batch, Call
from gateway.messages import worded
from resolvers.idempotency_key import once
from resolvers.write import repeated

_USER_ERROR = Layout(("code", "field", "message"))

Function = Callable[[Call], Awaitable[tuple[Any, ...]]]


def mutation(*names: str) -> Callable[[Function], Batch]:
    """Declares a write: the function gives the payload's values of those names, or raises UserErrors.

    It must be safe to call again: a call that lost to another transaction is repeated as a whole. With an idempotency
    key, from the argument `idempotencyKey` or the header, it has one effect however often it is sent; the function
    sees nothing of the key, it only has to end its write with `return write.answers(…)`.
    """
    layout = Layout((*names, "success", "user_errors"))

    def declare(function: Function) -> Batch:
        name = f"{function.__module__.removeprefix('resolvers.')}.{function.__name__}"

        async def work(call: Call) -> tuple[Any, ...]:
            return await repeated(call.context, lambda: function(call))

        async def run(_parents: Rows, call: Call) -> Rows:
            try:
                values, errors = await once(work, name, call), []
            except UserErrors as refused:
                context = call.context
                context.has_messages = True
                values = (None,) * len(names)
                errors = [_user_error(reason, context.language) for reason in refused.reasons]
            return Rows([(*values, not errors, errors)], layout)

        return Batch(run)

    return declare


def _user_error(reason: Reason, language: str) -> Record:
    message = worded(reason.template, reason.params, language)
    return Record((reason.code, list(reason.field) or None, message), _USER_ERROR)

"""One transaction of a mutation: what gateway/writing.py has, on behalf of a viewer, safe to repeat."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import Executable

from gateway.errors import Busy, Reason, UserErrors
from gateway.reading import Parameters
from gateway.viewer import Viewer
from gateway.writing import Writing
from resolvers import idempotency_key
from resolvers.gid import gid

if TYPE_CHECKING:
    from resolvers.context import Context

T = TypeVar("T")

# Of transactions that undo each other, each goes on at another moment; the last of them waits for half a second.
PAUSES_SECONDS = (0.0, 0.01, 0.02, 0.04, 0.08, 0.16, 0.3, 0.5)


class Write(Writing):
    def __init__(self, context: "Context", connection: AsyncConnection) -> None:
        super().__init__(
            context.database,
            connection,
            actor=actor(context.viewer),
            now=context.now,
            request_id=context.request_id,
        )
        self._context = context
        self._claim = context.claim
        self._values: tuple[Any, ...] | None = None
        self._reasons: tuple[Reason, ...] = ()

    async def start(self) -> None:
        """Takes the idempotency key, if the call has one. Raises Answered where the call was done before."""
        if self._claim is not None:
            await idempotency_key.take(self, self._claim, self._context.now)

    async def execute(self, statement: Executable, parameters: Parameters | Sequence[Parameters] | None = None) -> Any:
        """What SQLAlchemy answers. What a SELECT says of the viewer is bound, as in Context.fetch."""
        self._context.statements += 1
        if statement.is_select and not isinstance(parameters, Sequence):
            parameters = {**self._context.viewer_parameters, **(parameters or {})}
        return await super().execute(statement, parameters)

    def answers(self, *values: Any) -> tuple[Any, ...]:
        """What the mutation answers: values of its payload that JSON holds, kept for a repeated call.

        `return write.answers(organization_id, row_id)` is how every mutation ends its write.
        """
        self._values = values
        return values

    def refuses(self, *reasons: Reason) -> None:
        """The write commits and the mutation is refused all the same, as where a wrong guess is counted.

        UserErrors are raised when the block ends; a repeated call is told the same. Parameters of such reasons are
        texts or integers.
        """
        self._reasons = reasons

    async def finish(self) -> None:
        """Adds the audit rows, and the answer to the key's row. A write without an audit is our bug."""
        await super().finish()
        if self._claim is not None:
            if self._values is None and not self._reasons:
                raise RuntimeError("A write must say what it answers: return write.answers(…)")
            await idempotency_key.keep(self, self._claim, self._values, self._reasons)

    def tell(self) -> None:
        """After the commit: raises UserErrors where the mutation was refused."""
        if self._reasons:
            raise UserErrors(*self._reasons)


async def repeated(context: "Context", work: Callable[[], Awaitable[T]]) -> T:
    """Runs the work anew, as a whole, where its transaction was undone because of another. Raises Busy in the end."""
    for pause_seconds in PAUSES_SECONDS:
        try:
            return await work()
        except Busy:
            await asyncio.sleep(pause_seconds * random.random())  # noqa: S311 - chance, not a secret
            context.forget()
    return await work()


def actor(viewer: Viewer) -> str:
    """Who did it, in the audit: the API client whose token was used."""
    return gid("ApiClient", viewer.client_id) if viewer.client_id is not None else "anonymous"

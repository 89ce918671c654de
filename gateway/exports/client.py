"""One request at a time to a Partner API: paced, retried where that may help, and refused with a sentence where not."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any, NoReturn, Self

import orjson
from gql import Client, GraphQLRequest
from gql.client import AsyncClientSession, ReconnectingAsyncClientSession
from gql.transport.exceptions import TransportError, TransportProtocolError
from gql.transport.httpx import HTTPXAsyncTransport
from graphql import DocumentNode

from gateway.exports.errors import (
    CursorRefusedError,
    ExportError,
    FieldForbiddenError,
    KindForbiddenError,
    NotThereError,
    PageTooLargeError,
    RefusedError,
)
from gateway.exports.options import ExportOptions
from gateway.exports.pace import Pace
from gateway.exports.problem import Cure, Problem, Rejected, from_exception

# A server that has never answered is more likely misspelt than restarting.
ATTEMPTS_AT_FIRST = 3
# After two answers that came too late, a smaller page is a better try than a third.
ATTEMPTS_AT_A_PAGE = 2
ATTEMPTS_AT_A_PACE = 100
LONGEST_RETRY_AFTER_SECONDS = 900.0
WORTH_SAYING_SECONDS = 3.0


class Api:
    """`say` takes sentences about waiting. Documents are sent as they are: the server alone knows its rules."""

    def __init__(self, options: ExportOptions, say: Callable[[str], None]) -> None:
        self.options = options
        self.say = say
        self.pace = Pace()
        self._answered = False
        self._client = Client(
            transport=HTTPXAsyncTransport(
                options.endpoint,
                json_deserialize=orjson.loads,
                headers={"X-Shopify-Access-Token": options.token},
                timeout=options.retries.timeout_seconds,
                # Redirects are not followed: the token would go with them.
                event_hooks={"response": [_reject]},
            ),
            execute_timeout=None,
        )
        self._session: AsyncClientSession | ReconnectingAsyncClientSession

    async def __aenter__(self) -> Self:
        self._session = await self._client.connect_async()  # type: ignore[no-untyped-call] # gql leaves it bare
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.close_async()  # type: ignore[no-untyped-call] # gql leaves it bare

    async def ask(
        self,
        document: DocumentNode,
        variables: dict[str, Any],
        *,
        shrinkable: bool = False,
        idempotency_key: str = "",
    ) -> dict[str, Any]:
        """The `data` of an answer without errors. If `shrinkable`, slow answers soon raise PageTooLargeError.

        A mutation needs a key, since it is sent again where its answer got lost.
        """
        more: dict[str, Any] = (
            {"extra_args": {"headers": {"Idempotency-Key": idempotency_key}}} if idempotency_key else {}
        )
        request = GraphQLRequest(document, variable_values=variables)
        failures: dict[Cure, int] = {}
        while True:
            await self.pace.turn()
            try:
                result = await self._session.execute(request, get_execution_result=True, **more)
            except (TransportError, AssertionError) as error:
                # gql asserts that an answer without errors has data.
                problem = from_exception(error)
                if not self._answered and isinstance(error, (TransportProtocolError, AssertionError)):
                    raise RefusedError(f"{self.options.endpoint} does not speak GraphQL.") from None
                failures[problem.cure] = failures.get(problem.cure, 0) + 1
                await self._wait(problem, failures[problem.cure], shrinkable)
            else:
                self._answered = True
                self.pace.went_well()
                return dict(result.data or {})

    async def _wait(self, problem: Problem, failures: int, shrinkable: bool) -> None:
        """Returns when the next attempt may be made, and raises where there shall be none."""
        match problem.cure:
            case Cure.SLOWER:
                await self._slow_down(problem, failures)
            case Cure.SMALLER_OR_AGAIN if shrinkable and failures >= ATTEMPTS_AT_A_PAGE:
                raise PageTooLargeError(problem.message)
            case Cure.AGAIN | Cure.SMALLER_OR_AGAIN:
                await self._try_again(problem, failures)
            case _:
                self._give_up(problem)

    async def _slow_down(self, problem: Problem, failures: int) -> None:
        self._answered = True
        pause = problem.retry_after
        if pause is None:
            pause = self.options.retries.pause_seconds(failures)
        if pause > LONGEST_RETRY_AFTER_SECONDS or failures >= ATTEMPTS_AT_A_PACE:
            raise ExportError(f"The server asks to wait {pause:.0f} seconds: run the same command again after that.")
        if pause >= WORTH_SAYING_SECONDS:
            self.say(f"The server asks to wait {pause:.0f} seconds.")
        self.pace.slow_down(pause)

    async def _try_again(self, problem: Problem, failures: int) -> None:
        retries = self.options.retries
        attempts = retries.attempts if self._answered else min(retries.attempts, ATTEMPTS_AT_FIRST)
        if failures >= attempts:
            raise ExportError(
                f"{self.options.url} can't be used: {self._safe(problem.message)}. {failures} attempts failed."
            )
        pause = max(retries.pause_seconds(failures), problem.retry_after or 0.0)
        if pause > LONGEST_RETRY_AFTER_SECONDS:
            raise ExportError(f"The server asks to wait {pause:.0f} seconds: run the same command again after that.")
        if pause >= WORTH_SAYING_SECONDS:
            self.say(f"Trying again in {pause:.0f} seconds: {self._safe(problem.message)}.")
        await asyncio.sleep(pause)

    def _give_up(self, problem: Problem) -> NoReturn:
        message = self._safe(problem.message).rstrip(".")
        match problem.cure:
            case Cure.SMALLER:
                raise PageTooLargeError(message)
            case Cure.NEW_CURSOR:
                raise CursorRefusedError(message)
            case Cure.NOT_THERE if problem.path:
                raise NotThereError(message, problem.path)
            case Cure.OTHER_TOKEN if len(problem.path) > 1:
                raise FieldForbiddenError(message, problem.path)
            case Cure.OTHER_TOKEN:
                raise KindForbiddenError(message)
        match problem.status:
            case 401:
                word = "" if "unauthorized" in message.casefold() else "Unauthorized: "
                raise RefusedError(f"{word}{message}.")
            case 404:
                raise RefusedError(
                    f"{message}: {self.options.endpoint} names no organization and version that this token can read."
                )
            case _:
                raise RefusedError(f"The server refused: {message}.")

    def _safe(self, message: str) -> str:
        """Servers may quote what they were sent, and an export's output ends up in logs."""
        return message.replace(self.options.token, "(the token)")


async def _reject(response: Any) -> None:
    """Gets httpx's response, typed loosely because gql chooses between two packages of that name."""
    if not response.is_success:
        await response.aread()
        raise Rejected(response.status_code, response.headers.get("Retry-After"), response.content)

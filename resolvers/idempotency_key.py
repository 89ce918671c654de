"""Mutations that are sent twice: the same key and arguments give the first answer again, and have one effect.

A key is the caller's for one mutation. Its row is written first in the transaction of the write, so that of several
calls at once the others wait for the first one's end; it holds what the payload was read back with.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, select, tuple_, update

from gateway.db import Database
from gateway.errors import Busy, Reason, UserErrorCode, UserErrors
from gateway.execution.arguments import check_text
from gateway.execution.sources import Call
from gateway.jobs.handlers import Timer
from gateway.jobs.work import Work
from gateway.models.base import UtcDateTime
from gateway.models.idempotency_key import LONGEST_KEY, idempotency_keys
from gateway.statements import insert_new

if TYPE_CHECKING:
    from resolvers.context import Context
    from resolvers.write import Write

ARGUMENT = "idempotency_key"
FIELD = ("idempotencyKey",)
# Clients are promised 24 hours; who repeats what a weekend's outage left undone is served too.
KEPT = timedelta(hours=72)
# At once, so that no transaction holds up others for long.
PRUNED_ROWS = 500

Values = tuple[Any, ...]

_OF_CLAIM = (
    idempotency_keys.c.api_client_id == bindparam("of_client"),
    idempotency_keys.c.mutation == bindparam("of_mutation"),
    idempotency_keys.c.key == bindparam("of_key"),
)
_FIND = select(idempotency_keys.c.fingerprint, idempotency_keys.c.answer).where(*_OF_CLAIM)
_ANSWER = update(idempotency_keys).where(*_OF_CLAIM)

_KEY = tuple(idempotency_keys.primary_key.columns)
_OLD = select(*_KEY).where(idempotency_keys.c.created_at < bindparam("before", type_=UtcDateTime)).limit(PRUNED_ROWS)
_PRUNE = delete(idempotency_keys).where(tuple_(*_KEY).in_(_OLD))


@dataclass(frozen=True, slots=True)
class Claim:
    """What one call claims: a key of this caller for this mutation, with these arguments."""

    client_id: int
    mutation: str
    key: str
    fingerprint: str

    @property
    def bound(self) -> dict[str, Any]:
        return {"of_client": self.client_id, "of_mutation": self.mutation, "of_key": self.key}


class Answered(Exception):
    """The call was done before; `values` are what it answered."""

    def __init__(self, values: Values) -> None:
        super().__init__("The mutation was done before")
        self.values = values


async def once(work: Callable[[Call], Awaitable[Values]], mutation: str, call: Call) -> Values:
    """What the work answers, or what it answered when it was called with the same key before. Raises UserErrors."""
    context, key = call.context, _key(call)
    call = replace(call, arguments={name: call.arguments[name] for name in call.arguments if name != ARGUMENT})
    # Who has no token may write nothing, and is refused as without a key.
    if key is None or context.viewer.client_id is None:
        return await work(call)
    claim = Claim(context.viewer.client_id, mutation, key, fingerprint(call.arguments))
    try:
        await _answer_again(context, claim)
        context.claim = claim
        return await work(call)
    except Answered as before:
        return before.values
    except UserErrors:
        # What the same call did beside this one, a moment before, may be the very reason.
        try:
            await _answer_again(context, claim)
        except Answered as before:
            return before.values
        raise
    finally:
        context.claim = None


async def take(write: "Write", claim: Claim, now: datetime) -> None:
    """Writes the key's row, without an answer yet. Raises Answered, or UserErrors, where another call was first."""
    row = {
        "api_client_id": claim.client_id,
        "mutation": claim.mutation,
        "key": claim.key,
        "fingerprint": claim.fingerprint,
        "created_at": now,
    }
    taken = await write.execute(insert_new(idempotency_keys, write.is_postgresql), row)
    if taken.rowcount:
        return
    found = (await write.execute(_FIND, claim.bound)).first()
    if found is None:
        # It was pruned between the two statements.
        raise Busy
    _tell(found, claim)


async def keep(write: "Write", claim: Claim, values: Values | None, reasons: tuple[Reason, ...]) -> None:
    """Writes what the call answers: values of the payload, or the reasons of a refusal that wrote something."""
    refused = [[reason.code, reason.field, reason.template, dict(reason.params)] for reason in reasons]
    answer = {"refused": refused} if refused else {"values": list(values or ())}
    await write.execute(_ANSWER.values(answer=bindparam("answer")), {"answer": answer, **claim.bound})


async def prune(database: Database, now: datetime) -> int:
    """Forgets the keys whose time has passed; how many they were."""
    pruned, rows = 0, PRUNED_ROWS
    while rows == PRUNED_ROWS:
        async with database.transaction() as connection:
            rows = (await database.execute(connection, _PRUNE, {"before": now - KEPT})).rowcount
            pruned += rows
    return pruned


async def _prune(work: Work) -> None:
    await prune(work.database, work.now)


PRUNING = Timer("pruneIdempotencyKeys", timedelta(hours=1), _prune)


def fingerprint(arguments: Mapping[str, Any]) -> str:
    """The same for arguments that mean the same, in whatever order and spelling; arguments hold their defaults."""
    text = json.dumps(arguments, sort_keys=True, separators=(",", ":"), default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Decimal):
        # 1.50 is 1.5, and a negative zero is none.
        return format(value.normalize() + 0, "f")
    return str(value)


async def _answer_again(context: "Context", claim: Claim) -> None:
    for found in await context.fetch(_FIND, claim.bound):
        _tell(found, claim)


def _tell(found: Any, claim: Claim) -> None:
    """Raises Answered or UserErrors."""
    earlier, answer = found
    if earlier != claim.fingerprint:
        message = "The key was used before with other arguments: send each request under a key of its own"
        raise UserErrors(Reason(UserErrorCode.IDEMPOTENCY_KEY_REUSED, FIELD, message))
    if "refused" in answer:
        raise UserErrors(*(Reason(UserErrorCode(code), tuple(field), *why) for code, field, *why in answer["refused"]))
    raise Answered(tuple(answer["values"]))


def _key(call: Call) -> str | None:
    """The argument's key or the header's. Raises UserErrors for one that can't be taken."""
    given, header = call.arguments.get(ARGUMENT), call.context.idempotency_header
    if given is not None and header is not None and given != header:
        message = "The argument and the header Idempotency-Key differ: send one of them, or the same key in both"
        raise UserErrors(Reason(UserErrorCode.INVALID, FIELD, message))
    key: str | None = header if given is None else given
    if key is None:
        return None
    check_text(key)
    if not key.strip():
        raise UserErrors(Reason(UserErrorCode.BLANK, FIELD, "A key holds at least one character besides spaces"))
    if len(key) > LONGEST_KEY:
        message = "A key has at most {most} characters"
        raise UserErrors(Reason(UserErrorCode.TOO_LONG, FIELD, message, {"most": LONGEST_KEY}))
    return key

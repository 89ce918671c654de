"""Messages, as the two sides of a conversation send them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, literal, select, update

from gateway.errors import Reason, UserErrorCode, UserErrors
from gateway.execution.sources import Call
from gateway.ids import new_id
from gateway.models.base import UtcDateTime
from gateway.models.conversation import ConversationStatus, MessageSentVia, conversations, messages
from gateway.viewer import ViewerKind
from resolvers import rules, visibility
from resolvers.arguments import with_ids
from resolvers.context import Context
from resolvers.gid import gid
from resolvers.loaders import reference
from resolvers.mutation import mutation
from resolvers.pair import is_blocked, lock_pair
from resolvers.scope import MarketplacePhase
from resolvers.write import Write

LONGEST_BODY = 10_000
MOST_FILES = 10

written = reference(messages, "organization_id", "message_id")


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation that the sender may see."""

    organization_id: int
    conversation_id: int
    shop_id: int
    is_blocked: bool = False


@mutation("organization_id", "message_id")
async def send(call: Call) -> tuple[Any, ...]:
    """Adds a message to a conversation that is open, while the marketplace is."""
    call = with_ids(call, conversation_id={"Conversation"})
    context: Context = call.context
    is_party = context.viewer.kind in {ViewerKind.MERCHANT, ViewerKind.PARTNER}
    if is_party and context.scope.phase is MarketplacePhase.CLOSED:
        raise UserErrors(closed(context.scope.phase))
    if visibility.sees_none(conversations, context.scope):
        raise UserErrors(*check_send(call.arguments, None))
    async with context.write() as write:
        talk = await _talk(write, context, call.arguments["conversation_id"])
        if reasons := list(check_send(call.arguments, talk)):
            raise UserErrors(*reasons)
        assert talk is not None  # noqa: S101 - an unknown conversation was refused
        row = _row(context, call.arguments, talk)
        await write.insert(messages, row)
        await write.execute(_noted(context, talk))
        # Support reads the audit, and is no party to the conversation: what was written stays out of it.
        after = {name: row[name] for name in ("conversation_id", "sent_via", "sender_merchant_user_id", "sent_at")}
        subject = gid("Message", row["id"])
        write.audit("messageSend", subject, organization_id=talk.organization_id, after=after)
        return write.answers(talk.organization_id, row["id"])


def closed(phase: MarketplacePhase) -> Reason:
    """The answer to whoever could send messages before."""
    message = (
        "The marketplace is {phase}: nobody sends messages there any more. Merchants find partners in the Partner"
        " Directory (`QueryRoot.partners`) and write to them with `leadCreate`, which partners get as `QueryRoot.leads`"
    )
    return Reason(UserErrorCode.MARKETPLACE_CLOSED, ("conversationId",), message, {"phase": str(phase)})


def check_send(given: Mapping[str, Any], talk: Talk | None) -> Iterator[Reason]:
    """`talk` is None where the viewer has no such conversation."""
    body, files = given["body"], given.get("file_urls") or ()
    if talk is None:
        message = "There is no conversation with this id that you could write in"
        yield Reason(UserErrorCode.NOT_FOUND, ("conversationId",), message)
    elif talk.is_blocked:
        message = "The store has blocked this partner: neither can write to the other"
        yield Reason(UserErrorCode.BLOCKED, ("conversationId",), message)
    if not files:
        yield from rules.required(body, ("body",))
    yield from rules.text(body, ("body",), longest=LONGEST_BODY)
    yield from _check_files(files)


def _check_files(files: Sequence[str]) -> Iterator[Reason]:
    if len(files) > MOST_FILES:
        message = "A message has at most {most} files"
        yield Reason(UserErrorCode.TOO_LONG, ("fileUrls",), message, {"most": MOST_FILES})
    for number, url in enumerate(files[:MOST_FILES]):
        yield from rules.url(url, ("fileUrls", str(number)))


async def _talk(write: Write, context: Context, conversation_id: int) -> Talk | None:
    """The conversation, with the pair locked: a block that is under way has ended, and none can begin."""
    visible = (visibility.VISIBLE[conversations](context.scope), conversations.c.id == conversation_id)
    whose = select(conversations.c.organization_id, conversations.c.shop_id).where(*visible)
    found = (await write.execute(whose.order_by(conversations.c.organization_id).limit(1))).first()
    if found is None:
        return None
    organization_id, shop_id = found
    await lock_pair(write, organization_id, shop_id)
    own = (conversations.c.organization_id == organization_id, conversations.c.id == conversation_id)
    asked = select(conversations.c.status, is_blocked(organization_id, shop_id)).where(*own)
    status, blocked = (await write.execute(asked)).one()
    return Talk(organization_id, conversation_id, shop_id, bool(blocked) or status == ConversationStatus.BLOCKED)


def _row(context: Context, given: Mapping[str, Any], talk: Talk) -> dict[str, Any]:
    return {
        "organization_id": talk.organization_id,
        "id": new_id(),
        "conversation_id": talk.conversation_id,
        "body": None if rules.is_blank(given["body"]) else given["body"],
        "file_urls": list(given.get("file_urls") or ()),
        "sent_at": context.now,
        "sent_via": MessageSentVia.DASHBOARD,
        "sender_team_member_id": None,
        # A partner's token is its organization's, which is the sender where nobody is named.
        "sender_merchant_user_id": context.viewer.merchant_user_id,
        "sender_shop_id": None,
        "sender_employee_id": None,
    }


def _noted(context: Context, talk: Talk) -> Any:
    """Who answers has read what was there. Of two messages at once the later one's moment stays."""
    own = (conversations.c.organization_id == talk.organization_id, conversations.c.id == talk.conversation_id)
    last_event_at = conversations.c.last_event_at
    now = literal(context.now, UtcDateTime)
    latest = case((last_event_at < now, now), else_=last_event_at)
    unread = context.viewer.kind is ViewerKind.MERCHANT
    return update(conversations).where(*own).values(last_event_at=latest, has_unread_messages=unread)

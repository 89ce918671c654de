"""Reviews as merchants write them, and as support rejects them before they show."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from gateway.errors import Reason, UserErrorCode, UserErrors
from gateway.execution.sources import Call
from gateway.ids import new_id
from gateway.models.review import ReviewStatus, reviews
from gateway.moments import wire_text
from gateway.viewer import ViewerKind
from resolvers import review_publish, rules
from resolvers.arguments import with_ids
from resolvers.context import Context
from resolvers.gid import gid, parse_as
from resolvers.loaders import reference
from resolvers.mutation import mutation
from resolvers.pair import lock_pair
from resolvers.review_eligibility import (
    Facts,
    ReviewIneligibility,
    facts_of,
    facts_parameters,
    facts_statement,
    ineligibilities,
)
from resolvers.visibility.rules import of_support
from resolvers.write import Write

LOWEST_RATING, HIGHEST_RATING = 1, 5
LONGEST_COMMENT = 5_000
LONGEST_REASON = 1_000

written = reference(reviews, "organization_id", "review_id")

_PARTNER, _SERVICE = ("input", "partnerId"), ("input", "serviceHandle")


@mutation("organization_id", "review_id")
async def create(call: Call) -> tuple[Any, ...]:
    """Writes the review, and leaves its publication for later."""
    given = call.arguments["input"]
    context: Context = call.context
    partner_id = parse_as(given["partner_id"], {"Partner"})
    if context.viewer.kind is not ViewerKind.MERCHANT:
        message = "Only merchants review partners: send the token of a merchant"
        raise UserErrors(Reason(UserErrorCode.NOT_ELIGIBLE, ("input",), message))
    async with context.write() as write:
        facts = await _facts(write, context, partner_id, given["service_handle"])
        if reasons := list(check_create(given, facts, context.now)):
            raise UserErrors(*reasons)
        assert facts.organization_id is not None  # noqa: S101 - an unknown partner was refused
        row = _row(context, given) | {
            "organization_id": facts.organization_id,
            "id": new_id(),
            "partner_id": partner_id,
        }
        await write.insert(reviews, row)
        await review_publish.leave(write, facts.organization_id, row["id"], row["publish_at"])
        subject = gid("Review", row["id"])
        write.audit("reviewCreate", subject, organization_id=facts.organization_id, after=row)
        return write.answers(facts.organization_id, row["id"])


async def _facts(write: Write, context: Context, partner_id: int, handle: str) -> Facts:
    """What holds once nobody else writes between the two."""
    statement, parameters = facts_statement(context.scope), facts_parameters(context, partner_id, handle)
    facts = facts_of((await write.execute(statement, parameters)).all())
    if facts.organization_id is None or not write.is_postgresql:
        return facts
    assert context.viewer.shop_id is not None  # noqa: S101 - a merchant's token always has one
    await lock_pair(write, facts.organization_id, context.viewer.shop_id)
    return facts_of((await write.execute(statement, parameters)).all())


def _row(context: Context, given: Mapping[str, Any]) -> dict[str, Any]:
    comment = given.get("comment")
    return {
        "service_handle": given["service_handle"],
        "shop_id": context.viewer.shop_id,
        "merchant_user_id": context.viewer.merchant_user_id,
        "quality_rating": given["quality_rating"],
        "communication_rating": given["communication_rating"],
        "comment": None if comment is None or rules.is_blank(comment) else comment.strip(),
        "status": ReviewStatus.PENDING,
        "submitted_at": context.now,
        "publish_at": context.now + timedelta(seconds=context.settings.review_published_after),
    }


def check_create(given: Mapping[str, Any], facts: Facts, now: datetime) -> Iterator[Reason]:
    reasons = set(ineligibilities(facts, now))
    if facts.organization_id is None:
        yield Reason(UserErrorCode.NOT_FOUND, _PARTNER, "There is no partner with this id")
    else:
        yield from _of_partner(facts, reasons)
    if not facts.has_service:
        message = "The directory has no service {handle}"
        yield Reason(UserErrorCode.NOT_FOUND, _SERVICE, message, {"handle": given["service_handle"]})
    elif facts.organization_id is not None and not facts.is_offered:
        yield Reason(UserErrorCode.NOT_FOUND, _SERVICE, "The partner does not offer this service")
    if ReviewIneligibility.ALREADY_REVIEWED in reasons:
        message = "Your store has reviewed this service of the partner already"
        yield Reason(UserErrorCode.ALREADY_EXISTS, _SERVICE, message)
    if ReviewIneligibility.PLAN_NOT_ELIGIBLE in reasons:
        message = "Only stores that may have a paid plan write reviews"
        yield Reason(UserErrorCode.NOT_ELIGIBLE, ("input",), message)
    for name, field in (("quality_rating", "qualityRating"), ("communication_rating", "communicationRating")):
        if not LOWEST_RATING <= given[name] <= HIGHEST_RATING:
            yield Reason(UserErrorCode.INVALID, ("input", field), "A rating is a number from 1 to 5")
    yield from rules.text(given.get("comment"), ("input", "comment"), longest=LONGEST_COMMENT)


def _of_partner(facts: Facts, reasons: set[ReviewIneligibility]) -> Iterator[Reason]:
    if ReviewIneligibility.BLOCKED in reasons:
        message = "Your store has blocked this partner"
        yield Reason(UserErrorCode.BLOCKED, _PARTNER, message)
    if ReviewIneligibility.NOT_A_COLLABORATOR in reasons:
        message = "Only partners that have access to your store are reviewed"
        yield Reason(UserErrorCode.NOT_ELIGIBLE, _PARTNER, message)
    if ReviewIneligibility.COLLABORATION_TOO_SHORT in reasons:
        assert facts.eligible_at is not None  # noqa: S101 - a partner without access has another reason
        message = "The partner has had access to your store for less than a week: review it from {moment} on"
        yield Reason(UserErrorCode.NOT_ELIGIBLE, _PARTNER, message, {"moment": wire_text(facts.eligible_at)})
    if ReviewIneligibility.PARTNER_NOT_LISTED in reasons:
        message = "Only partners that are listed in the directory are reviewed"
        yield Reason(UserErrorCode.NOT_ELIGIBLE, _PARTNER, message)


@mutation("organization_id", "review_id")
async def reject(call: Call) -> tuple[Any, ...]:
    """Support's, and only before the review shows."""
    call = with_ids(call, id={"Review"})
    context: Context = call.context
    reason = call.arguments["reason"]
    if context.viewer.kind is not ViewerKind.EMPLOYEE:
        raise UserErrors(*check_reject(None, reason))
    # Locked, so that it is not published meanwhile.
    here = (of_support(context.scope), reviews.c.id == call.arguments["id"])
    statement = select(reviews.c.organization_id, reviews.c.id, reviews.c.status).where(*here)
    statement = statement.order_by(reviews.c.organization_id.desc()).limit(1).with_for_update()
    async with context.write() as write:
        found = (await write.execute(statement)).first()
        if reasons := list(check_reject(found and found.status, reason)):
            raise UserErrors(*reasons)
        own = (reviews.c.organization_id == found.organization_id, reviews.c.id == found.id)
        after = {"status": ReviewStatus.REJECTED, "rejected_at": context.now, "rejection_reason": reason.strip()}
        await write.execute(update(reviews).where(*own).values(after))
        subject, before = gid("Review", found.id), {"status": found.status}
        write.audit("reviewReject", subject, organization_id=found.organization_id, before=before, after=after)
        return write.answers(found.organization_id, found.id)


def check_reject(status: str | None, reason: str) -> Iterator[Reason]:
    """`status` is None where the viewer has no such review to reject."""
    if status is None:
        yield Reason(UserErrorCode.NOT_FOUND, ("id",), "There is no review with this id that you could reject")
    elif status != ReviewStatus.PENDING:
        message = "A review that is {status} can't be rejected"
        yield Reason(UserErrorCode.WRONG_STATE, ("id",), message, {"status": str(status)})
    yield from rules.required(reason, ("reason",))
    yield from rules.text(reason, ("reason",), longest=LONGEST_REASON)

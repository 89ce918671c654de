"""How a review comes to show: later, by itself, unless support rejects it before."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update

from gateway.errors import WorkFailed
from gateway.jobs.handlers import Timer
from gateway.jobs.work import ACTOR, Work
from gateway.models.base import UtcDateTime
from gateway.models.partner import RATING_HUNDREDTHS, partners
from gateway.models.review import ReviewStatus, reviews
from gateway.writing import Writing
from resolvers.gid import gid

KIND = "reviewPublish"
# At once, so that no transaction holds up others for long.
FOUND_ROWS = 500

_THIS = (reviews.c.organization_id == bindparam("of_organization"), reviews.c.id == bindparam("of_review"))
_PENDING = reviews.c.status == ReviewStatus.PENDING.value
_FOUND = select(reviews.c.partner_id, reviews.c.quality_rating, reviews.c.communication_rating).where(*_THIS, _PENDING)


async def leave(write: Writing, organization_id: int, review_id: int, publish_at: datetime) -> None:
    payload = {"of_organization": organization_id, "of_review": review_id}
    await write.enqueue(KIND, payload, run_at=publish_at, key=f"{KIND}:{organization_id}:{review_id}")


async def publish(work: Work) -> None:
    """Shows the review and counts it, at once and once; one that was rejected meanwhile never shows."""
    rows = await work.database.fetch(_FOUND, work.payload)
    if not rows:
        return
    partner_id, quality, communication = rows[0]
    organization_id, review_id = work.payload["of_organization"], work.payload["of_review"]
    async with work.write() as write:
        shown = update(reviews).where(*_THIS, _PENDING).values(status=ReviewStatus.PUBLISHED, published_at=work.now)
        if not (await write.execute(shown, work.payload)).rowcount:
            # Support rejected it between the two statements: the next attempt finds nothing to do.
            raise WorkFailed("The review was rejected just now")
        own = (partners.c.organization_id == organization_id, partners.c.id == partner_id)
        await write.execute(update(partners).where(*own).values(_totals(quality, communication)))
        before, after = {"status": ReviewStatus.PENDING}, {"status": ReviewStatus.PUBLISHED, "published_at": work.now}
        subject = gid("Review", review_id)
        write.audit(KIND, subject, organization_id=organization_id, before=before, after=after)


def _totals(quality: int, communication: int) -> dict[Any, Any]:
    """With one review more."""
    return {
        partners.c.review_count: partners.c.review_count + 1,
        partners.c.quality_total_hundredths: partners.c.quality_total_hundredths + quality * RATING_HUNDREDTHS,
        partners.c.communication_total_hundredths: (
            partners.c.communication_total_hundredths + communication * RATING_HUNDREDTHS
        ),
    }


_OVERDUE = select(reviews.c.organization_id, reviews.c.id, reviews.c.publish_at).where(
    _PENDING, reviews.c.publish_at <= bindparam("now", type_=UtcDateTime)
)


async def find_overdue(work: Work) -> None:
    """Leaves the work for reviews that came with other records, without any; for others it is there already."""
    statement = _OVERDUE.order_by(reviews.c.publish_at, reviews.c.id).limit(FOUND_ROWS)
    async with work.database.transaction() as connection:
        writing = Writing(work.database, connection, actor=ACTOR, now=work.now, request_id=work.lease.kind)
        found = (await writing.execute(statement, {"now": work.now})).all()
        for organization_id, review_id, publish_at in found:
            await leave(writing, organization_id, review_id, publish_at)


OVERDUE = Timer("reviewsOverdue", timedelta(hours=1), find_overdue)

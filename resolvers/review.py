"""Reviews: what merchants said of a partner's work."""

from typing import Any

from sqlalchemy import bindparam

from gateway.execution.rows import Pages, Rows
from gateway.execution.sources import Call, batch
from gateway.models.actor import shops
from gateway.models.review import ReviewStatus, reviews
from gateway.statements import any_text
from resolvers.listing import Listing, list_rows, list_rows_of
from resolvers.loaders import layout_of
from resolvers.node import find
from resolvers.page import newest_first
from resolvers.visibility.directory import knows_author, reviews_to_look_after

# Those that are the caller's to look after: what it wrote, or what was written of it.
REVIEWS = Listing(
    table=reviews,
    order=newest_first("revw", "submitted_at"),
    filters={"statuses": any_text(reviews.c.status, "statuses")},
    rule=reviews_to_look_after,
)

# Those that everybody reads on a profile; one that waits has no moment to be sorted by.
PUBLISHED = Listing(
    table=reviews,
    order=newest_first("pubr", "published_at"),
    filters={"service_handle": reviews.c.service_handle == bindparam("service_handle")},
    only=reviews.c.status == ReviewStatus.PUBLISHED.value,
)

find_review = find("Review")


@batch()
async def list_reviews(_parents: Rows, call: Call) -> Pages:
    return await list_rows(REVIEWS, call)


@batch("organization_id", "id")
async def list_published(parents: Rows, call: Call) -> Pages:
    keys: list[Any] = parents.columns("organization_id", "id")
    return await list_rows_of(PUBLISHED, "partner_id", keys, call)


@batch("shop_id")
async def author(parents: Rows, call: Call) -> Rows:
    """The shop that wrote each review; None for whom it is none of their business."""
    shop_ids = [shop_id for (shop_id,) in parents.columns("shop_id") if knows_author(call.context.viewer, shop_id)]
    rows = dict(zip(shop_ids, await call.context.loaders.reached(shops).load_many(shop_ids), strict=True))
    return Rows([rows.get(shop_id) for shop_id in parents.column("shop_id")], layout_of(shops))

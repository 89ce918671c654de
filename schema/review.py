"""Reviews: what merchants said of a partner's work."""

from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import UNSET

from gateway.models.review import ReviewStatus
from gateway.viewer import ApiPermission
from resolvers import directory as directory_rows
from resolvers import partner as partner_rows
from resolvers import review as review_rows
from resolvers import review_eligibility, review_write
from resolvers.review_eligibility import ReviewIneligibility
from schema.actor import Shop
from schema.base import Node, column, computed, enum, relation
from schema.connection import After, Before, Connection, First, Last
from schema.directory import DirectoryService
from schema.mutation import IdempotencyKey, UserError, user_errors
from schema.rating import average_of_review
from schema.scalars import DateTime, Decimal

if TYPE_CHECKING:
    from schema.partner import Partner

enum(
    ReviewStatus,
    "How far a review has come.",
    {
        "PENDING": "Sent; it shows within 48 hours.",
        "PUBLISHED": "It shows on the partner's profile, and counts.",
        "REJECTED": "Support refused it; it never shows.",
    },
)
enum(
    ReviewIneligibility,
    "Why a merchant may not review a partner.",
    {
        "NOT_A_COLLABORATOR": "The partner has no access to the store.",
        "COLLABORATION_TOO_SHORT": "It has had access for less than a week.",
        "PARTNER_NOT_LISTED": "The directory does not list it.",
        "ALREADY_REVIEWED": "The store has reviewed this service of the partner before.",
        "PLAN_NOT_ELIGIBLE": "The store may not have a paid plan.",
        "BLOCKED": "The store has blocked the partner.",
    },
)


@strawberry.type(description="What a merchant said of a partner's work.")
class Review(Node):
    partner: Annotated["Partner", strawberry.lazy("schema.partner")] = relation(
        partner_rows.partner, "The partner that it is of."
    )
    service: DirectoryService = relation(directory_rows.service, "What the partner did.")
    shop: Shop | None = relation(
        review_rows.author, "The store that wrote it; null for all but the store itself and support."
    )
    quality_rating: int = column("quality_rating", "How good the work was, from 1 to 5.")
    communication_rating: int = column("communication_rating", "How well the partner communicated, from 1 to 5.")
    average_rating: Decimal = computed(
        average_of_review,
        "quality_rating",
        "communication_rating",
        description="The average of both, with two decimal places.",
    )
    comment: str | None = column("comment", "What the merchant wrote; null where nothing.")
    status: ReviewStatus = column("status", "How far it has come.")
    submitted_at: DateTime = column("submitted_at", "When it was sent.")
    published_at: DateTime | None = column("published_at", "When it was published; null before.")


@strawberry.type(description="Whether a merchant may review a partner.")
class ReviewEligibility:
    eligible: bool = column("eligible", "Whether it may now.")
    eligible_at: DateTime | None = column(
        "eligible_at", "When it may, where nothing but time is lacking; null otherwise, and where it may now."
    )
    reasons: list[ReviewIneligibility] = column("reasons", "Every reason against it; empty where it may.")


@strawberry.type(description="The answer to `reviewCreate`.")
class ReviewCreatePayload:
    review: Review | None = relation(
        review_write.written, "The review, which waits to be published; null where it was refused."
    )
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The answer to `reviewReject`.")
class ReviewRejectPayload:
    review: Review | None = relation(review_write.written, "The review; null where it was refused.")
    user_errors: list[UserError] = user_errors()


@strawberry.input(description="What a merchant says of a partner's work.")
class ReviewCreateInput:
    partner_id: strawberry.ID = strawberry.field(description="The partner.")
    service_handle: str = strawberry.field(description="What the partner did, of the services that it offers.")
    quality_rating: int = strawberry.field(description="How good the work was, from 1 to 5.")
    communication_rating: int = strawberry.field(description="How well the partner communicated, from 1 to 5.")
    comment: str | None = strawberry.field(default=UNSET, description="More about it: at most 5,000 characters.")


@strawberry.type
class ReviewQuery:
    @relation(review_rows.find_review, "A review by its id; null where there is none.")
    def review(
        self, id: Annotated[strawberry.ID, strawberry.argument(description="The review's id.")]
    ) -> Review | None: ...

    @relation(
        review_rows.list_reviews,
        "The caller's reviews, newest first: a partner's own that are published, a merchant's own, all to support."
        " Those of any partner are in `Partner.reviews`.",
        permission=ApiPermission.MANAGE_REVIEWS,
    )
    def reviews(
        self,
        after: After = UNSET,
        before: Before = UNSET,
        first: First = UNSET,
        last: Last = UNSET,
        statuses: Annotated[
            list[ReviewStatus] | None, strawberry.argument(description="Only those that have come this far.")
        ] = UNSET,
    ) -> Connection[Review]: ...

    @relation(
        review_eligibility.find_eligibility,
        "Whether the merchant may review the partner for a service, and every reason against it. Others never may.",
    )
    def review_eligibility(
        self,
        partner_id: Annotated[strawberry.ID, strawberry.argument(description="The partner.")],
        service_handle: Annotated[str, strawberry.argument(description="The service that it did.")],
    ) -> ReviewEligibility: ...


@strawberry.type
class ReviewMutation:
    @relation(
        review_write.create,
        "Reviews a partner, as a merchant. It shows within 48 hours, and counts from then on.",
    )
    def review_create(
        self,
        input: Annotated[ReviewCreateInput, strawberry.argument(description="The review.")],
        idempotency_key: IdempotencyKey = UNSET,
    ) -> ReviewCreatePayload | None: ...

    @relation(review_write.reject, "Keeps a review from being published, as support.")
    def review_reject(
        self,
        id: Annotated[strawberry.ID, strawberry.argument(description="The review, which is PENDING.")],
        reason: Annotated[str, strawberry.argument(description="Why: at most 1,000 characters.")],
    ) -> ReviewRejectPayload | None: ...

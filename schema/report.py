"""Reports of partners to support."""

from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import UNSET

from gateway.models.report import PartnerReportKind
from resolvers import actor as actor_rows
from resolvers import partner as partner_rows
from resolvers import report as report_rows
from schema.actor import MerchantUser, Shop
from schema.base import Node, column, enum, relation
from schema.connection import After, Before, Connection, First, Last
from schema.job import Job
from schema.mutation import IdempotencyKey, UserError, user_errors
from schema.scalars import DateTime

if TYPE_CHECKING:
    from schema.partner import Partner

enum(
    PartnerReportKind,
    "What is reported.",
    {
        "BAD_EXPERIENCE": "The work with the partner went badly.",
        "PROGRAM_AGREEMENT_VIOLATION": "The partner breaks the partner program agreement.",
    },
)


@strawberry.type(description="What a merchant told support about a partner. The partner never sees it.")
class PartnerReport(Node):
    case_number: str = column("case_number", "What to name when talking to support: `PR-2026-7KQ4M2ZD`.")
    partner: Annotated["Partner", strawberry.lazy("schema.partner")] = relation(
        partner_rows.partner, "Who it is about."
    )
    shop: Shop = relation(actor_rows.shop, "The store that reports it.")
    merchant_user: MerchantUser | None = relation(
        actor_rows.merchant_user, "Who wrote it; null where nobody in particular is known."
    )
    kind: PartnerReportKind = column("kind", "What is reported.")
    description: str = column("description", "What happened.")
    job: Job | None = relation(
        report_rows.reported_job, "The job that it is about; null where none is named, or where it can't be read."
    )
    created_at: DateTime = column("created_at", "When it was written.")


@strawberry.input(description="What a merchant tells support about a partner.")
class PartnerReportCreateInput:
    partner_id: strawberry.ID = strawberry.field(description="The partner.")
    kind: PartnerReportKind = strawberry.field(description="What is reported.")
    description: str = strawberry.field(description="What happened, in at most 5,000 characters.")
    job_id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="The job that it is about: one of the store with this partner."
    )


@strawberry.type(description="The answer to `partnerReportCreate`.")
class PartnerReportCreatePayload:
    partner_report: PartnerReport | None = relation(report_rows.written, "The report; null where it was refused.")
    user_errors: list[UserError] = user_errors()


@strawberry.type
class PartnerReportQuery:
    @relation(
        report_rows.list_reports,
        "What the merchant's store reported, newest first; to support the reports of all stores. Partners see none.",
    )
    def partner_reports(
        self, after: After = UNSET, before: Before = UNSET, first: First = UNSET, last: Last = UNSET
    ) -> Connection[PartnerReport]: ...


@strawberry.type
class PartnerReportMutation:
    @relation(report_rows.create, "A merchant reports a partner to support. The partner is not told.")
    def partner_report_create(
        self,
        input: Annotated[PartnerReportCreateInput, strawberry.argument(description="The report.")],
        idempotency_key: IdempotencyKey = UNSET,
    ) -> PartnerReportCreatePayload | None: ...

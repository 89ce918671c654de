"""Jobs of the marketplace."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from gateway.models.job import JobStatus, ProposalStatus
from gateway.viewer import ApiPermission
from resolvers import actor as actor_rows
from resolvers import job as job_rows
from resolvers import partner as partner_rows
from schema.actor import Shop
from schema.base import Node, column, computed, enum, money, relation
from schema.connection import After, Before, Connection, First, Last
from schema.conversation import Conversation
from schema.dashboard import job_url
from schema.invoice import Invoice
from schema.money import Money
from schema.partner import Partner
from schema.scalars import DateTime, Url
from schema.service import Service

enum(
    JobStatus,
    "How far a job has come.",
    {
        "NEW": "Sent, and not yet seen by the partner.",
        "OPENED": "Seen by the partner.",
        "RESPONDED": "The partner has answered.",
        "AWAITING_RESPONSE": "The merchant waits for an answer.",
        "COMPLETED": "The work is done.",
        "DECLINED": "The partner said no.",
        "CLOSED": "Closed before it was done.",
        "EXPIRED": "Nobody answered in time.",
        "INACTIVE": "Nothing has happened for long.",
    },
)
enum(
    ProposalStatus,
    "What became of a proposal.",
    {
        "SENT": "The merchant has not answered yet.",
        "ACCEPTED": "The merchant took it.",
        "DECLINED": "The merchant did not take it.",
        "CLOSED": "Closed before an answer.",
    },
)


@strawberry.type(description="What the merchant answered to one question about the job.")
class JobRequirement:
    question: str = column("question", "What was asked.")
    responses: list[str] = column("responses", "What was answered; may be empty.")


@strawberry.type(description="What a partner offers to do for a job, and for how much.")
class Proposal(Node):
    job: Annotated["Job", strawberry.lazy("schema.job")] = relation(job_rows.parent_job, "The job that it is for.")
    amount: Money = money("amount_cents", "The price.")
    description: str | None = column("description", "What would be done; null where nothing was written.")
    status: ProposalStatus = column("status", "What became of it.")
    created_at: DateTime = column("created_at", "When it was sent.")


@strawberry.type(description="Work that a merchant asked for in the Experts Marketplace.")
class Job(Node):
    confirmed_completed: bool = column("confirmed_completed", "Whether the merchant confirmed that it is done.")
    conversation: Conversation | None = relation(job_rows.conversation, "The talk about it; null where there was none.")
    created_at: DateTime = column("created_at", "When the merchant sent it.")
    dashboard_url: Url = computed(
        job_url, "organization_id", "id", description="Where people read it in the partner dashboard."
    )
    last_event_at: DateTime = column("last_event_at", "When something last happened to it.")
    requirements: list[JobRequirement] = relation(job_rows.list_requirements, "What the merchant told about it.")
    services: list[Service] = relation(job_rows.list_services, "What was asked for.")
    shop: Shop = relation(actor_rows.shop, "The store that it is for.")
    status: JobStatus = column("status", "How far it has come.")
    partner: Partner = relation(partner_rows.partner, "The partner that it was sent to.")
    proposals: list[Proposal] = relation(job_rows.list_proposals, "What the partner offered, newest first.")
    invoices: list[Invoice] = relation(job_rows.list_invoices, "What the partner billed, newest first.")


@strawberry.type
class JobQuery:
    @relation(
        job_rows.find_job,
        "A job by its id; null where there is none.",
        permission=ApiPermission.MANAGE_JOBS,
    )
    def job(self, id: Annotated[strawberry.ID, strawberry.argument(description="The job's id.")]) -> Job | None: ...

    @relation(
        job_rows.list_jobs,
        "The jobs, newest first.",
        permission=ApiPermission.MANAGE_JOBS,
    )
    def jobs(
        self,
        after: After = UNSET,
        before: Before = UNSET,
        first: First = UNSET,
        last: Last = UNSET,
        statuses: Annotated[
            list[JobStatus] | None, strawberry.argument(description="Only those that have come this far.")
        ] = UNSET,
        shop_id: Annotated[strawberry.ID | None, strawberry.argument(description="Only those of this store.")] = UNSET,
        created_at_min: Annotated[DateTime | None, strawberry.argument(description="Sent then or later.")] = UNSET,
        created_at_max: Annotated[DateTime | None, strawberry.argument(description="Sent then or earlier.")] = UNSET,
        last_event_at_min: Annotated[
            DateTime | None, strawberry.argument(description="Last event then or later.")
        ] = UNSET,
        last_event_at_max: Annotated[
            DateTime | None, strawberry.argument(description="Last event then or earlier.")
        ] = UNSET,
    ) -> Connection[Job]: ...

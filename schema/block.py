"""Blocks: merchants who want to hear no more from a partner."""

from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import UNSET

from gateway.models.block import PartnerBlockReason
from resolvers import actor as actor_rows
from resolvers import block as block_rows
from resolvers import block_write
from resolvers import partner as partner_rows
from schema.actor import Shop
from schema.base import Node, column, enum, relation
from schema.collaborator import Collaborator
from schema.connection import After, Before, Connection, First, Last
from schema.conversation import Conversation
from schema.invoice import Invoice
from schema.job import Job, Proposal
from schema.mutation import IdempotencyKey, UserError, user_errors
from schema.scalars import DateTime

if TYPE_CHECKING:
    from schema.partner import Partner

enum(
    PartnerBlockReason,
    "Why a merchant blocks a partner.",
    {
        "SPAM": "It writes what nobody asked for.",
        "NO_LONGER_NEEDED": "The work is done, or given to somebody else.",
        "BAD_EXPERIENCE": "It went badly.",
        "OTHER": "Something else, which the note may tell.",
    },
)


@strawberry.type(description="A partner that a store wants to hear no more from. It can't be undone.")
class PartnerBlock(Node):
    partner: Annotated["Partner", strawberry.lazy("schema.partner")] = relation(
        partner_rows.partner, "Who was blocked."
    )
    shop: Shop = relation(actor_rows.shop, "The store that blocked it.")
    reason: PartnerBlockReason = column("reason", "Why.")
    note: str | None = column("note", "What the merchant wrote about it; null where nothing.")
    created_at: DateTime = column("created_at", "When it was blocked.")
    closed_proposal_count: int = column("closed_proposal_count", "How many proposals were closed by it.")
    closed_job_count: int = column("closed_job_count", "How many jobs were closed by it.")
    closed_invoice_count: int = column("closed_invoice_count", "How many invoices were closed by it.")


@strawberry.type(description="What a block of the partner would close now. Also shown once the marketplace is CLOSED.")
class PartnerBlockPreview:
    partner: Annotated["Partner", strawberry.lazy("schema.partner")] = relation(
        partner_rows.partner, "Who would be blocked."
    )
    confirmation: str = column(
        "confirmation", "What `partnerBlock` asks for. It holds until something of what would be closed changes."
    )
    conversations: list[Conversation] = relation(
        block_rows.closing_conversations, "Those in which nobody could write any more, newest first."
    )
    proposals: list[Proposal] = relation(block_rows.closing_proposals, "Those without an answer, newest first.")
    jobs: list[Job] = relation(block_rows.closing_jobs, "Those that have not ended, newest first.")
    invoices: list[Invoice] = relation(block_rows.closing_invoices, "Those that are not paid, newest first.")
    collaborator: Collaborator | None = relation(
        block_rows.closing_collaborator,
        "The access that would be removed, or the request that would be cancelled; null where there is none.",
    )


@strawberry.type(description="The answer to `partnerBlock`.")
class PartnerBlockPayload:
    partner_block: PartnerBlock | None = relation(block_write.written, "The block; null where it was refused.")
    user_errors: list[UserError] = user_errors()


@strawberry.type
class PartnerBlockQuery:
    @relation(
        block_rows.preview,
        "For merchants: what would be closed if they blocked the partner. Null where there is no such partner.",
    )
    def partner_block_preview(
        self, partner_id: Annotated[strawberry.ID, strawberry.argument(description="The partner.")]
    ) -> PartnerBlockPreview | None: ...

    @relation(
        block_rows.list_blocks,
        "The partners that the merchant's store has blocked, newest first; to support those of all stores. Partners"
        " see none.",
    )
    def partner_blocks(
        self, after: After = UNSET, before: Before = UNSET, first: First = UNSET, last: Last = UNSET
    ) -> Connection[PartnerBlock]: ...


@strawberry.type
class PartnerBlockMutation:
    @relation(
        block_write.block,
        "A merchant blocks a partner for its store, for good: conversations are blocked, open proposals, jobs and"
        " invoices closed, access to the store ends. Neither can write to the other afterwards.",
    )
    def partner_block(
        self,
        partner_id: Annotated[strawberry.ID, strawberry.argument(description="The partner.")],
        confirmation: Annotated[str, strawberry.argument(description="What `partnerBlockPreview` gave.")],
        reason: Annotated[PartnerBlockReason, strawberry.argument(description="Why.")],
        note: Annotated[
            str | None, strawberry.argument(description="What support may read about it, at most 5,000 characters.")
        ] = UNSET,
        idempotency_key: IdempotencyKey = UNSET,
    ) -> PartnerBlockPayload | None: ...

"""Refund requests: what of an invoice is to be paid back, agreed between both and settled by support."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from gateway.models.refund_request import RefundDecision, RefundRequestStatus
from gateway.viewer import ApiPermission
from resolvers import actor as actor_rows
from resolvers import invoice as invoice_rows
from resolvers import job as job_rows
from resolvers import partner as partner_rows
from resolvers import refund_request as refund_request_rows
from resolvers import refund_request_resolve, refund_request_write
from schema.actor import Organization, Shop
from schema.base import Node, column, enum, money, relation
from schema.connection import After, Before, Connection, First, Last
from schema.invoice import Invoice
from schema.job import Job
from schema.money import Money, MoneyInput
from schema.mutation import IdempotencyKey, UserError, user_errors
from schema.scalars import DateTime
from schema.transaction import ServiceSaleAdjustment

enum(
    RefundRequestStatus,
    "How far a refund request has come.",
    {
        "DISCUSSING": "Opened by one side; the other has not agreed.",
        "AGREED": "Both have agreed; the partner has not sent it to support.",
        "SUBMITTED": "Support has to decide.",
        "APPROVED": "Support approved it, and it was paid back.",
        "DECLINED": "Support declined it.",
        "WITHDRAWN": "One of the two took it back before support decided.",
    },
)
enum(
    RefundDecision,
    "What support decides.",
    {"APPROVE": "The amount is paid back.", "DECLINE": "Nothing is paid back."},
)

ID = Annotated[strawberry.ID, strawberry.argument(description="The refund request.")]


@strawberry.type(description="A request to pay back some or all of what an invoice cost.")
class RefundRequest(Node):
    invoice: Invoice = relation(invoice_rows.invoice, "The invoice.")
    job: Job = relation(job_rows.parent_job, "The job that was billed.")
    shop: Shop = relation(actor_rows.shop, "The store that paid.")
    organization: Organization = relation(partner_rows.organization, "The partner's organization, which was paid.")
    amount: Money = money("amount_cents", "How much.")
    reason: str = column("reason", "What whoever opened it wrote.")
    status: RefundRequestStatus = column("status", "How far it has come.")
    merchant_agreed_at: DateTime | None = column(
        "merchant_agreed_at", "When the merchant agreed, or opened it; null before."
    )
    partner_agreed_at: DateTime | None = column(
        "partner_agreed_at", "When the partner agreed, or opened it; null before."
    )
    submitted_at: DateTime | None = column("submitted_at", "When the partner sent it to support; null before.")
    resolved_at: DateTime | None = column("resolved_at", "When support decided; null before.")
    resolution_note: str | None = column(
        "resolution_note", "What support wrote about its decision; null where nothing."
    )
    adjustment: ServiceSaleAdjustment | None = relation(
        refund_request_rows.adjustment,
        "What the approval took from the earnings; null before, and for those who may not see earnings.",
    )
    created_at: DateTime = column("created_at", "When it was opened.")


@strawberry.input(description="What is to be paid back.")
class RefundRequestCreateInput:
    invoice_id: strawberry.ID = strawberry.field(description="The invoice, which must be PAID.")
    amount: MoneyInput = strawberry.field(
        description="How much: more than 0, at most the invoice's `refundableAmount`, in its currency."
    )
    reason: str = strawberry.field(description="Why, in at most 5,000 characters.")


@strawberry.type(description="The answer to `refundRequestCreate`.")
class RefundRequestCreatePayload:
    refund_request: RefundRequest | None = relation(
        refund_request_rows.written, "The refund request; null where it was refused."
    )
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The answer to `refundRequestAgree`.")
class RefundRequestAgreePayload:
    refund_request: RefundRequest | None = relation(
        refund_request_rows.written, "The refund request; null where it was refused."
    )
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The answer to `refundRequestSubmit`.")
class RefundRequestSubmitPayload:
    refund_request: RefundRequest | None = relation(
        refund_request_rows.written, "The refund request; null where it was refused."
    )
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The answer to `refundRequestWithdraw`.")
class RefundRequestWithdrawPayload:
    refund_request: RefundRequest | None = relation(
        refund_request_rows.written, "The refund request; null where it was refused."
    )
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The answer to `refundRequestResolve`.")
class RefundRequestResolvePayload:
    refund_request: RefundRequest | None = relation(
        refund_request_rows.written, "The refund request; null where it was refused."
    )
    user_errors: list[UserError] = user_errors()


@strawberry.type
class RefundRequestMutation:
    @relation(
        refund_request_write.create,
        "The merchant or the partner asks to pay back a part of a paid invoice. Whoever asks has agreed.",
        permission=ApiPermission.MANAGE_DISPUTES,
    )
    def refund_request_create(
        self,
        input: Annotated[RefundRequestCreateInput, strawberry.argument(description="What is to be paid back.")],
        idempotency_key: IdempotencyKey = UNSET,
    ) -> RefundRequestCreatePayload | None: ...

    @relation(
        refund_request_write.agree,
        "The side that did not open the request agrees to it.",
        permission=ApiPermission.MANAGE_DISPUTES,
    )
    def refund_request_agree(self, id: ID) -> RefundRequestAgreePayload | None: ...

    @relation(
        refund_request_write.submit,
        "The partner sends a request that both have agreed on to support.",
        permission=ApiPermission.MANAGE_DISPUTES,
    )
    def refund_request_submit(
        self, id: ID, idempotency_key: IdempotencyKey = UNSET
    ) -> RefundRequestSubmitPayload | None: ...

    @relation(
        refund_request_write.withdraw,
        "The merchant or the partner takes a request back, whichever of them opened it, until support has decided.",
        permission=ApiPermission.MANAGE_DISPUTES,
    )
    def refund_request_withdraw(self, id: ID) -> RefundRequestWithdrawPayload | None: ...

    @relation(
        refund_request_resolve.resolve,
        "Support decides about a request that was sent to it. An approval books a `ServiceSaleAdjustment` with the"
        " fee's share given back, and sets the invoice to REFUNDED when nothing is left of it.",
        permission=ApiPermission.MANAGE_DISPUTES,
    )
    def refund_request_resolve(
        self,
        id: ID,
        decision: Annotated[RefundDecision, strawberry.argument(description="What is decided.")],
        note: Annotated[
            str | None, strawberry.argument(description="What both may read about it, in at most 5,000 characters.")
        ] = UNSET,
    ) -> RefundRequestResolvePayload | None: ...


@strawberry.type
class RefundRequestQuery:
    @relation(
        refund_request_rows.find_refund_request,
        "A refund request by its id; null where there is none.",
        permission=ApiPermission.MANAGE_DISPUTES,
    )
    def refund_request(
        self, id: Annotated[strawberry.ID, strawberry.argument(description="The refund request's id.")]
    ) -> RefundRequest | None: ...

    @relation(
        refund_request_rows.list_refund_requests,
        "The refund requests of the organization or of the merchant's store, and for support all, newest first.",
        permission=ApiPermission.MANAGE_DISPUTES,
    )
    def refund_requests(
        self,
        after: After = UNSET,
        before: Before = UNSET,
        first: First = UNSET,
        last: Last = UNSET,
        statuses: Annotated[
            list[RefundRequestStatus] | None, strawberry.argument(description="Only those that have come this far.")
        ] = UNSET,
        invoice_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only those of this invoice.")
        ] = UNSET,
    ) -> Connection[RefundRequest]: ...

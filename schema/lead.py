"""Leads: merchants who asked a partner for help."""

from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import UNSET

from gateway.models.lead import LeadStatus
from gateway.viewer import ApiPermission
from resolvers import actor as actor_rows
from resolvers import directory as directory_rows
from resolvers import lead as lead_rows
from resolvers import lead_write
from resolvers import partner as partner_rows
from schema.actor import MerchantUser, Shop
from schema.base import Node, column, enum, money, relation
from schema.connection import After, Before, Connection, First, Last
from schema.directory import DirectoryService
from schema.money import Money, MoneyInput
from schema.mutation import IdempotencyKey, UserError, user_errors
from schema.scalars import DateTime

if TYPE_CHECKING:
    from schema.partner import Partner

enum(
    LeadStatus,
    "How far a lead has come.",
    {
        "NEW": "Sent by the merchant.",
        "CONTACTED": "The partner has answered.",
        "WON": "The merchant hired the partner.",
        "LOST": "The merchant did not hire the partner.",
        "ARCHIVED": "Put aside.",
    },
)


@strawberry.type(description="A merchant who asked a partner for help. Nobody is bound by it.")
class Lead(Node):
    partner: Annotated["Partner", strawberry.lazy("schema.partner")] = relation(
        partner_rows.partner, "The partner that was asked."
    )
    shop: Shop = relation(actor_rows.shop, "The store that needs help.")
    merchant_user: MerchantUser | None = relation(
        actor_rows.merchant_user, "Who asked; null where nobody in particular is known."
    )
    contact_name: str = column("contact_name", "Whom to talk to.")
    contact_email: str = column("contact_email", "Where to write to.")
    contact_country_code: str = column("contact_country_code", "The country, ISO 3166-1: `NO`.")
    service: DirectoryService = relation(directory_rows.service, "What is needed.")
    budget: Money | None = money("budget_cents", "What the merchant would spend; null where it is not told.")
    description: str = column("description", "What the merchant wrote.")
    status: LeadStatus = column("status", "How far it has come.")
    created_at: DateTime = column("created_at", "When it was sent.")
    updated_at: DateTime = column("updated_at", "When it last changed.")
    emailed_at: DateTime | None = column("emailed_at", "When the e-mail to the partner went out; null before.")


@strawberry.input(description="What a merchant writes to a partner of the directory.")
class LeadCreateInput:
    partner_id: strawberry.ID = strawberry.field(description="The partner, which must be listed.")
    contact_name: str = strawberry.field(description="Whom to talk to: one line of at most 255 characters.")
    contact_email: str = strawberry.field(description="Where to write to.")
    contact_country_code: str = strawberry.field(description="The country, ISO 3166-1: `NO`.")
    service_handle: str = strawberry.field(description="What is needed: a service that the partner offers.")
    budget: MoneyInput | None = strawberry.field(
        default=UNSET, description="What the merchant would spend: more than 0, at most 10,000,000,000."
    )
    description: str = strawberry.field(description="What is needed, in at most 5,000 characters.")


@strawberry.type(description="The answer to `leadCreate`.")
class LeadCreatePayload:
    lead: Lead | None = relation(lead_write.written, "The lead; null where it was refused.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The answer to `leadUpdate`.")
class LeadUpdatePayload:
    lead: Lead | None = relation(lead_write.written, "The lead; null where it was refused.")
    user_errors: list[UserError] = user_errors()


@strawberry.type
class LeadMutation:
    @relation(
        lead_write.create,
        "A merchant writes to a listed partner, whether or not that takes new clients. It is sent on by e-mail.",
    )
    def lead_create(
        self,
        input: Annotated[LeadCreateInput, strawberry.argument(description="The lead.")],
        idempotency_key: IdempotencyKey = UNSET,
    ) -> LeadCreatePayload | None: ...

    @relation(
        lead_write.move,
        "Moves a lead on: from NEW to CONTACTED, from there to WON or LOST, and from each of them to ARCHIVED.",
        permission=ApiPermission.MANAGE_LEADS,
    )
    def lead_update(
        self,
        id: Annotated[strawberry.ID, strawberry.argument(description="The lead.")],
        status: Annotated[LeadStatus, strawberry.argument(description="How far it has come now.")],
    ) -> LeadUpdatePayload | None: ...


@strawberry.type
class LeadQuery:
    @relation(
        lead_rows.find_lead,
        "A lead by its id; null where there is none.",
        permission=ApiPermission.MANAGE_LEADS,
    )
    def lead(self, id: Annotated[strawberry.ID, strawberry.argument(description="The lead's id.")]) -> Lead | None: ...

    @relation(
        lead_rows.list_leads,
        "The leads that reached the partner, or that the merchant's store sent, newest first.",
        permission=ApiPermission.MANAGE_LEADS,
    )
    def leads(
        self,
        after: After = UNSET,
        before: Before = UNSET,
        first: First = UNSET,
        last: Last = UNSET,
        statuses: Annotated[
            list[LeadStatus] | None, strawberry.argument(description="Only those that have come this far.")
        ] = UNSET,
        service_handle: Annotated[
            str | None, strawberry.argument(description="Only those about this service.")
        ] = UNSET,
        created_at_min: Annotated[DateTime | None, strawberry.argument(description="Sent then or later.")] = UNSET,
        created_at_max: Annotated[DateTime | None, strawberry.argument(description="Sent then or earlier.")] = UNSET,
    ) -> Connection[Lead]: ...

"""What partners ask for their services."""

from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import UNSET

from gateway.models.offering import Pricing
from gateway.viewer import ApiPermission
from resolvers import directory as directory_rows
from resolvers import offering_write
from resolvers import partner as partner_rows
from schema.base import Node, column, dollars, enum, relation
from schema.directory import DirectoryService
from schema.money import Money
from schema.mutation import UserError, user_errors
from schema.scalars import Decimal

if TYPE_CHECKING:
    from schema.partner import Partner

enum(
    Pricing,
    "How a price is told.",
    {
        "STARTING_AT": "At least that much.",
        "RANGE": "Between two amounts.",
        "CONTACT": "On request: it is not told here.",
    },
)


@strawberry.type(description="A service that a partner offers, and what it asks for it.")
class ServiceOffering(Node):
    partner: Annotated["Partner", strawberry.lazy("schema.partner")] = relation(
        partner_rows.partner, "The partner that offers it."
    )
    service: DirectoryService = relation(directory_rows.service, "What is offered.")
    pricing: Pricing = column("pricing", "How the price is told.")
    min_price: Money | None = dollars("min_price_cents", "The least that it costs, in USD; null on request.")
    max_price: Money | None = dollars("max_price_cents", "The most that it costs, in USD; null unless it is a range.")
    description: str | None = column("description", "What is done for it; null where it is not told.")
    featured: bool = column("featured", "Whether the partner shows it before its others.")


@strawberry.input(description="What a partner asks for a service, in USD with at most two decimal places.")
class ServiceOfferingSetInput:
    service_handle: str = strawberry.field(description="The service. A partner has one offering of each.")
    pricing: Pricing = strawberry.field(description="How the price is told.")
    min_price: Decimal | None = strawberry.field(
        default=UNSET, description="The least that it costs: needed unless the price is on request, else refused."
    )
    max_price: Decimal | None = strawberry.field(
        default=UNSET, description="The most that it costs, not below the least: needed for a range, else refused."
    )
    description: str | None = strawberry.field(
        default=UNSET, description="What is done for it, in at most 2,000 characters."
    )
    featured: bool = strawberry.field(default=False, description="Whether the partner shows it before its others.")


@strawberry.type(description="The answer to `serviceOfferingSet`.")
class ServiceOfferingSetPayload:
    service_offering: ServiceOffering | None = relation(
        offering_write.offering, "The offering; null where it was refused."
    )
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The answer to `serviceOfferingDelete`.")
class ServiceOfferingDeletePayload:
    deleted_id: strawberry.ID | None = column("deleted_id", "The id of what was deleted; null where it was refused.")
    user_errors: list[UserError] = user_errors()


@strawberry.type
class ServiceOfferingMutation:
    @relation(
        offering_write.set_offering,
        "Says what a service costs. The offering that the partner has of it is replaced as a whole.",
        permission=ApiPermission.MANAGE_PROFILE,
    )
    def service_offering_set(
        self,
        input: Annotated[ServiceOfferingSetInput, strawberry.argument(description="The offering.")],
    ) -> ServiceOfferingSetPayload | None: ...

    @relation(
        offering_write.remove,
        "Takes an offering back. A listed partner keeps at least one.",
        permission=ApiPermission.MANAGE_PROFILE,
    )
    def service_offering_delete(
        self,
        id: Annotated[strawberry.ID, strawberry.argument(description="The offering.")],
    ) -> ServiceOfferingDeletePayload | None: ...

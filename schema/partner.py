"""Partners: how organizations show themselves in the directory."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from gateway.execution.sources import Embedded
from gateway.models.partner import PartnerTier
from gateway.viewer import ApiPermission
from resolvers import offering as offering_rows
from resolvers import partner as partner_rows
from resolvers import profile as profile_rows
from resolvers import review as review_rows
from schema.actor import Organization
from schema.base import Node, column, computed, dollars, enum, field, relation
from schema.connection import After, Before, Connection, First, Last
from schema.directory import Industry, Language, Location, SocialLink
from schema.money import Money
from schema.mutation import UserError, user_errors
from schema.offering import ServiceOffering
from schema.rating import average, average_of_both
from schema.review import Review
from schema.scalars import DateTime, Decimal, Url

enum(
    PartnerTier,
    "How far a partner has come in the partner program.",
    {
        "SELECT": "The first tier.",
        "PLUS": "The second tier.",
        "PREMIER": "The third tier.",
        "PLATINUM": "The highest tier.",
    },
)


@strawberry.type(description="How an organization shows itself to merchants.")
class Partner(Node):
    organization: Organization = relation(partner_rows.organization, "The organization behind it.")
    name: str = column("name", "The name that merchants see.")
    slug: str = column("slug", "The name in the address of its page, unique.")
    description: str | None = column("description", "What it says of itself; null where nothing.")
    tier: PartnerTier | None = column("tier", "Its tier in the partner program; null where it has none.")
    accepts_new_clients: bool = column("accepts_new_clients", "Whether it takes new clients.")
    location: Location | None = field(
        Embedded(("country_code", "city"), ("country_code", "city")), "Where it is; null where it is not told."
    )
    additional_locations: list[Location] = relation(
        partner_rows.list_additional_locations, "Where else it is, in its own order."
    )
    languages: list[Language] = relation(partner_rows.list_languages, "The languages that it works in.")
    industries: list[Industry] = relation(partner_rows.list_industries, "The industries that it knows.")
    contact_email: str | None = column("contact_email", "Where to write to; null where it is not told.")
    contact_phone: str | None = column("contact_phone", "Where to call; null where it is not told.")
    website_url: Url | None = column("website_url", "Its website; null where it has none.")
    social_links: list[SocialLink] = relation(partner_rows.list_social_links, "Where else it is found, in its order.")
    listed: bool = column("listed", "Whether the directory shows it.")
    listed_at: DateTime | None = column("listed_at", "Since when it is listed, or was last; null where it never was.")
    average_rating: Decimal | None = computed(
        average_of_both,
        "quality_total_hundredths",
        "communication_total_hundredths",
        "review_count",
        description="The average of both ratings, from 1 to 5, with two decimal places; null without a review.",
    )
    average_quality_rating: Decimal | None = computed(
        average,
        "quality_total_hundredths",
        "review_count",
        description="How good its work was on average, with two decimal places; null without a review.",
    )
    average_communication_rating: Decimal | None = computed(
        average,
        "communication_total_hundredths",
        "review_count",
        description="How well it communicated on average, with two decimal places; null without a review.",
    )
    review_count: int = column("review_count", "How many published reviews the averages are of.")
    starting_price: Money | None = dollars(
        "starting_price_cents", "The least price of its services, in USD; null where all are on request, or none is."
    )

    @relation(offering_rows.list_offerings, "What it offers, newest first.")
    def service_offerings(
        self,
        after: After = UNSET,
        before: Before = UNSET,
        first: First = UNSET,
        last: Last = UNSET,
        service_handles: Annotated[list[str] | None, strawberry.argument(description="Only these services.")] = UNSET,
    ) -> Connection[ServiceOffering]: ...

    @relation(review_rows.list_published, "Its published reviews, newest first.")
    def reviews(
        self,
        after: After = UNSET,
        before: Before = UNSET,
        first: First = UNSET,
        last: Last = UNSET,
        service_handle: Annotated[str | None, strawberry.argument(description="Only those of this service.")] = UNSET,
    ) -> Connection[Review]: ...


@strawberry.type
class PartnerQuery:
    @relation(partner_rows.find_partner, "A partner by its id or by its slug; null where there is none.")
    def partner(
        self,
        id: Annotated[strawberry.ID | None, strawberry.argument(description="The partner's id.")] = UNSET,
        slug: Annotated[str | None, strawberry.argument(description="The name in the address of its page.")] = UNSET,
    ) -> Partner | None: ...


@strawberry.input(description="A place.")
class LocationInput:
    city: str | None = strawberry.field(default=UNSET, description="The city: at most 100 characters.")
    country_code: str = strawberry.field(description="The country, ISO 3166-1: `NO`.")


@strawberry.input(description="A page of the partner elsewhere.")
class SocialLinkInput:
    network: str = strawberry.field(description="Where: `instagram`. At most 64 characters.")
    url: Url = strawberry.field(description="The page: an http or https address.")


@strawberry.input(description="What is to change; the rest stays. Null takes away what a profile can be without.")
class PartnerProfileUpdateInput:
    name: str | None = strawberry.field(default=UNSET, description="One line of at most 255 characters; never null.")
    description: str | None = strawberry.field(default=UNSET, description="At most 5,000 characters.")
    accepts_new_clients: bool | None = strawberry.field(
        default=UNSET, description="Whether it takes new clients; never null."
    )
    location: LocationInput | None = strawberry.field(default=UNSET, description="Where it is.")
    additional_locations: list[LocationInput] | None = strawberry.field(
        default=UNSET, description="Where else it is, all of it, in its own order: at most 20, none twice."
    )
    language_codes: list[str] | None = strawberry.field(
        default=UNSET, description="All languages that it works in, by their codes, none twice."
    )
    industry_handles: list[str] | None = strawberry.field(
        default=UNSET, description="All industries that it knows, by their handles, none twice."
    )
    contact_email: str | None = strawberry.field(
        default=UNSET, description="Where leads are sent to; a listed partner can't be without it."
    )
    contact_phone: str | None = strawberry.field(default=UNSET, description="A number such as `+47 22 12 34 56`.")
    website_url: Url | None = strawberry.field(default=UNSET, description="An http or https address.")
    social_links: list[SocialLinkInput] | None = strawberry.field(
        default=UNSET, description="Where else it is found, all of it, in its own order: at most 20, no address twice."
    )
    listed: bool | None = strawberry.field(
        default=UNSET,
        description="Whether the directory shows it, for which it needs a contact e-mail and an offering; never null.",
    )


@strawberry.type(description="The answer to `partnerProfileUpdate`.")
class PartnerProfileUpdatePayload:
    partner: Partner | None = relation(profile_rows.changed, "The partner; null where it was refused.")
    user_errors: list[UserError] = user_errors()


@strawberry.type
class PartnerMutation:
    @relation(
        profile_rows.change,
        "Changes the organization's own profile. The slug stays, so that links to it keep working.",
        permission=ApiPermission.MANAGE_PROFILE,
    )
    def partner_profile_update(
        self,
        input: Annotated[PartnerProfileUpdateInput, strawberry.argument(description="What is to change.")],
    ) -> PartnerProfileUpdatePayload | None: ...

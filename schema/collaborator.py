"""Collaborators: the access of partners to shops."""

from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import UNSET

from gateway.models.collaborator import CollaboratorStatus, StorePermission
from gateway.viewer import ApiPermission
from resolvers import actor as actor_rows
from resolvers import collaborator as collaborator_rows
from resolvers import collaborator_request, collaborator_write
from resolvers import partner as partner_rows
from schema.actor import Organization, Shop
from schema.base import Node, column, enum, relation
from schema.connection import After, Before, Connection, First, Last
from schema.mutation import IdempotencyKey, UserError, user_errors
from schema.scalars import DateTime, Url

if TYPE_CHECKING:
    from schema.partner import Partner

enum(
    CollaboratorStatus,
    "How far the access of a partner to a store has come.",
    {
        "REQUESTED": "Asked for; the merchant has not answered.",
        "ACTIVE": "The partner may work in the store.",
        "DECLINED": "The merchant said no.",
        "CANCELLED": "The partner took the request back.",
        "REMOVED": "Ended by the merchant or the partner.",
        "EXPIRED": "Ended by itself, 90 days after the last login.",
    },
)
enum(
    StorePermission,
    "What a partner may see and do in a store.",
    {
        "HOME": "The first page of the admin.",
        "ORDERS": "Orders that customers placed.",
        "DRAFT_ORDERS": "Orders that the store makes for customers.",
        "PRODUCTS": "Products, collections and inventory.",
        "GIFT_CARDS": "Gift cards that the store issued.",
        "CUSTOMERS": "Customers and what is known of them.",
        "REPORTS": "Reports on the store's sales and visitors.",
        "DASHBOARDS": "Summaries of the store's sales and visitors.",
        "MARKETING": "Campaigns and automations.",
        "DISCOUNTS": "Discount codes and automatic discounts.",
        "THEMES": "The online store's look, code included.",
        "BLOG_POSTS_AND_PAGES": "The online store's blog posts and pages.",
        "NAVIGATION": "The online store's menus and redirects.",
        "DOMAINS": "The addresses of the online store.",
        "APPS": "Apps: those installed, and new ones.",
        "SETTINGS": "The store's settings.",
    },
)


@strawberry.type(description="The access of a partner to a store: asked for, given, or ended.")
class Collaborator(Node):
    organization: Organization = relation(partner_rows.organization, "Whose access it is.")
    partner: Annotated["Partner", strawberry.lazy("schema.partner")] | None = relation(
        partner_rows.partner, "The organization's listing in the directory."
    )
    shop: Shop = relation(actor_rows.shop, "The store that it is to.")
    status: CollaboratorStatus = column("status", "How far it has come.")
    permissions: list[StorePermission] = column(
        "permissions", "What was asked for, and, once the merchant accepted, what was given."
    )
    message: str | None = column("message", "What the partner wrote with the request; null where nothing.")
    requested_at: DateTime = column("requested_at", "When it was asked for.")
    activated_at: DateTime | None = column("activated_at", "When the merchant accepted; null where it has not.")
    last_login_at: DateTime | None = column("last_login_at", "When the partner last logged in; null before.")
    expires_at: DateTime | None = column(
        "expires_at", "When the access ends by itself unless the partner logs in; null before it is given."
    )
    ended_at: DateTime | None = column("ended_at", "When it ended, or the request did; null while it is open.")


@strawberry.input(description="What a partner asks a store for.")
class CollaboratorRequestCreateInput:
    shop_domain: Url = strawberry.field(description="The store's domain: `fjellbutikken.myshopify.com`.")
    request_code: str = strawberry.field(
        description="The store's code of four digits, which the merchant tells. After five wrong ones within an hour"
        " none is taken."
    )
    permissions: list[StorePermission] = strawberry.field(description="What is needed: at least one, each once.")
    message: str | None = strawberry.field(
        default=UNSET, description="A note to the merchant of at most 5,000 characters."
    )


@strawberry.type(description="The answer to `collaboratorRequestCreate`.")
class CollaboratorRequestCreatePayload:
    collaborator: Collaborator | None = relation(collaborator_write.written, "The request; null where it was refused.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The answer to `collaboratorRequestAccept`.")
class CollaboratorRequestAcceptPayload:
    collaborator: Collaborator | None = relation(collaborator_write.written, "The access; null where it was refused.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The answer to `collaboratorRequestDecline`.")
class CollaboratorRequestDeclinePayload:
    collaborator: Collaborator | None = relation(collaborator_write.written, "The request; null where it was refused.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The answer to `collaboratorRequestCancel`.")
class CollaboratorRequestCancelPayload:
    collaborator: Collaborator | None = relation(collaborator_write.written, "The request; null where it was refused.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The answer to `collaboratorPermissionsUpdate`.")
class CollaboratorPermissionsUpdatePayload:
    collaborator: Collaborator | None = relation(collaborator_write.written, "The access; null where it was refused.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The answer to `collaboratorRemove`.")
class CollaboratorRemovePayload:
    collaborator: Collaborator | None = relation(
        collaborator_write.written, "What has ended; null where it was refused."
    )
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="The answer to `collaboratorLoginRecord`.")
class CollaboratorLoginRecordPayload:
    collaborator: Collaborator | None = relation(collaborator_write.recorded, "The access; null where it was refused.")
    user_errors: list[UserError] = user_errors()


CollaboratorId = Annotated[strawberry.ID, strawberry.argument(description="The collaborator's id.")]


@strawberry.type
class CollaboratorMutation:
    @relation(
        collaborator_request.create,
        "Asks a store for access. The merchant accepts or declines.",
        permission=ApiPermission.MANAGE_COLLABORATORS,
    )
    def collaborator_request_create(
        self,
        input: Annotated[CollaboratorRequestCreateInput, strawberry.argument(description="The request.")],
        idempotency_key: IdempotencyKey = UNSET,
    ) -> CollaboratorRequestCreatePayload | None: ...

    @relation(
        collaborator_write.accept,
        "The merchant gives access: with all permissions that were asked for, or with some of them. It ends by itself"
        " after 90 days without a login.",
    )
    def collaborator_request_accept(
        self,
        id: CollaboratorId,
        permissions: Annotated[
            list[StorePermission] | None,
            strawberry.argument(description="What is given: all that was asked for, unless it is named here."),
        ] = UNSET,
    ) -> CollaboratorRequestAcceptPayload | None: ...

    @relation(collaborator_write.decline, "The merchant gives no access.")
    def collaborator_request_decline(self, id: CollaboratorId) -> CollaboratorRequestDeclinePayload | None: ...

    @relation(
        collaborator_write.cancel,
        "The partner takes back a request that the merchant has not answered.",
        permission=ApiPermission.MANAGE_COLLABORATORS,
    )
    def collaborator_request_cancel(self, id: CollaboratorId) -> CollaboratorRequestCancelPayload | None: ...

    @relation(collaborator_write.update_permissions, "The merchant gives other permissions: more of them, or fewer.")
    def collaborator_permissions_update(
        self,
        id: CollaboratorId,
        permissions: Annotated[
            list[StorePermission], strawberry.argument(description="All that the partner has then.")
        ],
    ) -> CollaboratorPermissionsUpdatePayload | None: ...

    @relation(
        collaborator_write.remove,
        "The merchant or the partner ends the access, for good: a new request starts over.",
        permission=ApiPermission.MANAGE_COLLABORATORS,
    )
    def collaborator_remove(self, id: CollaboratorId) -> CollaboratorRemovePayload | None: ...

    @relation(
        collaborator_write.record_login,
        "Support's token records that the partner has just logged in: access lasts 90 days from then.",
    )
    def collaborator_login_record(self, id: CollaboratorId) -> CollaboratorLoginRecordPayload | None: ...


@strawberry.type
class CollaboratorQuery:
    @relation(
        collaborator_rows.find_collaborator,
        "A collaborator by its id; null where there is none.",
        permission=ApiPermission.MANAGE_COLLABORATORS,
    )
    def collaborator(self, id: CollaboratorId) -> Collaborator | None: ...

    @relation(
        collaborator_rows.list_collaborators,
        "Whom the partner asked for access, or who asked the merchant's store, newest first.",
        permission=ApiPermission.MANAGE_COLLABORATORS,
    )
    def collaborators(
        self,
        after: After = UNSET,
        before: Before = UNSET,
        first: First = UNSET,
        last: Last = UNSET,
        statuses: Annotated[
            list[CollaboratorStatus] | None, strawberry.argument(description="Only those that have come this far.")
        ] = UNSET,
    ) -> Connection[Collaborator]: ...

"""Organizations, their team, shops, their staff and the platform's employees."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from resolvers import partner as partner_rows
from schema.base import Node, column, node_id, relation
from schema.scalars import Url

if TYPE_CHECKING:
    from schema.partner import Partner


@strawberry.interface(description="Somebody who acts: a person, a shop or an organization.")
class Actor:
    id: strawberry.ID = node_id()
    name: str = column("name", "The name that others see.")
    avatar_url: Url | None = column("avatar_url", "A picture; null where there is none.")


@strawberry.type(description="A partner's organization.")
class Organization(Actor, Node):
    partner: Annotated["Partner", strawberry.lazy("schema.partner")] | None = relation(
        partner_rows.partner_of_organization, "Its listing in the directory."
    )


@strawberry.type(description="A person in a partner's organization.")
class TeamMember(Actor, Node):
    pass


@strawberry.type(description="A store.")
class Shop(Actor, Node):
    myshopify_domain: Url = column("myshopify_domain", "The store's domain, bare: `example.myshopify.com`.")


@strawberry.type(description="A person who works in a store.")
class MerchantUser(Actor, Node):
    timezone: str = column("timezone", "The person's time zone, such as `Europe/Oslo`.")


@strawberry.type(description="A person who works for the platform.")
class ShopifyEmployee(Actor, Node):
    pass


MessageSender = Annotated[
    MerchantUser | Organization | Shop | ShopifyEmployee | TeamMember,
    strawberry.union("MessageSender", description="Whoever can write in a conversation."),
]

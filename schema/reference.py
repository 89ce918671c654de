"""Apps, stores and themes as subscriptions and the stream of events name them: with ids of the newer form."""

from typing import Annotated

import strawberry

from gateway.execution.sources import Prefixed
from schema.base import column, field
from schema.scalars import Url


def shopify_id(typename: str, description: str) -> strawberry.ID:
    """The other form of an id, which is taken wherever an id is."""
    return field(Prefixed(f"gid://shopify/{typename}/", "id"), description)  # type: ignore[no-any-return] # a field


@strawberry.type(description="An app.")
class AppReference:
    api_key: str = column("api_key", "The app's client id.")
    id: strawberry.ID = shopify_id("App", "The app's id: `gid://shopify/App/1`.")
    name: str = column("name", "The app's name.")


@strawberry.type(description="A store.")
class ShopReference:
    id: strawberry.ID = shopify_id("Shop", "The store's id: `gid://shopify/Shop/1`.")
    myshopify_domain: Url = column("myshopify_domain", "The store's domain, bare: `example.myshopify.com`.")
    name: str = column("name", "The store's name.")


@strawberry.type(description="A theme.")
class ThemeReference:
    id: strawberry.ID = shopify_id("Theme", "The theme's id: `gid://shopify/Theme/1`.")
    name: str = column("name", "The theme's name.")


Subject = Annotated[
    AppReference | ThemeReference, strawberry.union("Subject", description="What an event happened to.")
]

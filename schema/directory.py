"""The words of the directory, and the small objects that partners are described with."""

from typing import Annotated

import strawberry

from resolvers import directory as directory_rows
from schema.base import column, relation
from schema.scalars import Url


@strawberry.type(description="A place where a partner works.")
class Location:
    city: str | None = column("city", "The city, as the partner writes it; null where only the country is told.")
    country_code: str = column("country_code", "The country's code, ISO 3166-1: `NO`.")
    country_name: str = relation(directory_rows.country_name, "The country's name in English.")


@strawberry.type(description="A language that a partner works in.")
class Language:
    code: str = column("code", "Its code: `vi`, `zh-Hans`.")
    name: str = column("name", "Its name in English.")


@strawberry.type(description="An industry that a partner knows.")
class Industry:
    handle: str = column("handle", "Its name for programs.")
    name: str = column("name", "Its name for people.")


@strawberry.type(description="Where else a partner is found.")
class SocialLink:
    network: str = column("network", "The network, such as `linkedin`.")
    url: Url = column("url", "The partner's page there.")


@strawberry.type(description="A kind of work that partners offer.")
class DirectoryService:
    handle: str = column("handle", "Its name for programs.")
    name: str = column("name", "Its name for people.")
    category: Annotated["ServiceCategory", strawberry.lazy("schema.directory")] = relation(
        directory_rows.category, "The category that it is in."
    )
    partner_count: int = relation(directory_rows.count_partners, "How many listed partners offer it.")


@strawberry.type(description="Services that belong together.")
class ServiceCategory:
    handle: str = column("handle", "Its name for programs.")
    name: str = column("name", "Its name for people.")
    services: list[DirectoryService] = relation(directory_rows.list_services, "Its services, in their order.")


@strawberry.type
class DirectoryQuery:
    service_categories: list[ServiceCategory] = relation(
        directory_rows.list_categories, "All services that partners can offer, by category."
    )

    @relation(directory_rows.find_service, "A service by its handle; null where there is none.")
    def directory_service(
        self, handle: Annotated[str, strawberry.argument(description="Its name for programs.")]
    ) -> DirectoryService | None: ...

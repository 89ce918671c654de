"""The services of the marketplace."""

import strawberry

from schema.base import column


@strawberry.type(description="A kind of work that merchants could ask for.")
class Service:
    handle: str = column("handle", "Its name for programs.")
    name: str = column("name", "Its name for people.")

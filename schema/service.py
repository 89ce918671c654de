"""The services of the marketplace."""

import strawberry

from resolvers import directory as directory_rows
from schema.base import column, relation
from schema.directory import DirectoryService


@strawberry.type(description="A kind of work that merchants could ask for.")
class Service:
    handle: str = column("handle", "Its name for programs.")
    name: str = column("name", "Its name for people.")
    replacement: DirectoryService | None = relation(
        directory_rows.replacement, "What took its place in the directory; null where nothing did."
    )

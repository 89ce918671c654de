"""Lists in pages, as Relay's cursor connections are. `Connection[Job]` is the type JobConnection."""

from typing import Annotated, Generic, TypeVar

import strawberry
from strawberry import UNSET

from resolvers.keyset import CURSOR
from schema.base import attribute, column, same

T = TypeVar("T")

After = Annotated[str | None, strawberry.argument(description="Only what comes after this cursor.")]
Before = Annotated[str | None, strawberry.argument(description="Only what comes before this cursor.")]
First = Annotated[
    int | None, strawberry.argument(description="How many, from the newest on: 0 to 250. Without first and last: 50.")
]
Last = Annotated[int | None, strawberry.argument(description="How many, from the oldest back: 0 to 250.")]

__all__ = ["UNSET", "After", "Before", "Connection", "Edge", "First", "Last", "PageInfo"]


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    has_next_page: bool = attribute("has_next_page", "Whether more follows this page.")
    has_previous_page: bool = attribute(
        "has_previous_page", "Whether something comes before this page. With `after`, that cursor's own place does."
    )
    start_cursor: str | None = attribute("start_cursor", "The cursor of the first edge; null on an empty page.")
    end_cursor: str | None = attribute("end_cursor", "The cursor of the last edge; null on an empty page.")


@strawberry.type(description="One place in a list.")
class Edge(Generic[T]):
    cursor: str = column(CURSOR, "Where this place is: give it as `after` or `before`.")
    node: T = same("What is there.")


@strawberry.type(description="One page of a list, newest first.")
class Connection(Generic[T]):
    edges: list[Edge[T]] = attribute("rows", "The places of this page.")
    nodes: list[T] = attribute("rows", "What the page holds, without cursors.")
    page_info: PageInfo = same("Where the page lies in its list.")

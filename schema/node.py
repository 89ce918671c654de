"""Objects by their id alone."""

from typing import Annotated

import strawberry

from resolvers import node as node_rows
from schema.base import Node, relation


@strawberry.type
class NodeQuery:
    @relation(node_rows.find_node, "An object by its id; null where there is none.")
    def node(
        self,
        id: Annotated[strawberry.ID, strawberry.argument(description="The object's id.")],
    ) -> Node | None: ...

    @relation(
        node_rows.find_nodes, "Objects by their ids, in their order; null in the places of those that are not there."
    )
    def nodes(
        self, ids: Annotated[list[strawberry.ID], strawberry.argument(description="At most 250 ids.")]
    ) -> list[Node | None]: ...

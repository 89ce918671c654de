"""Collaborators: the access of partners to shops, asked for, given, and ended."""

from gateway.execution.rows import Pages, Rows
from gateway.execution.sources import Call, batch
from gateway.models.collaborator import collaborators
from gateway.statements import any_text
from resolvers.listing import Listing, list_rows
from resolvers.node import find
from resolvers.page import newest_first

COLLABORATORS = Listing(
    table=collaborators,
    order=newest_first("coll", "requested_at"),
    filters={"statuses": any_text(collaborators.c.status, "statuses")},
)

find_collaborator = find("Collaborator")


@batch()
async def list_collaborators(_parents: Rows, call: Call) -> Pages:
    return await list_rows(COLLABORATORS, call)

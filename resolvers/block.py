"""Blocks: which there are, and what one would close."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Select, Table, bindparam, select

from gateway.execution.rows import Grouped, Layout, Names, Pages, Rows
from gateway.execution.sources import Batch, Call, batch
from gateway.models.block import partner_blocks
from gateway.models.collaborator import collaborators
from gateway.models.conversation import conversations
from gateway.models.invoice import invoices
from gateway.models.job import jobs, proposals
from gateway.models.partner import partners
from gateway.statements import any_id
from gateway.viewer import ViewerKind
from resolvers.closing import OPEN, Pair, opened
from resolvers.gid import parse_as
from resolvers.listing import Listing, list_rows
from resolvers.loaders import layout_of, projected, reference
from resolvers.page import newest_first

BLOCKS = Listing(table=partner_blocks, order=newest_first("bloc", "created_at"), filters={})

_LISTED = (conversations, proposals, jobs, invoices)
_PREVIEW = Layout(
    ("organization_id", "partner_id", "confirmation", *(table.name for table in _LISTED), "collaborator_id"),
    nullable=("collaborator_id",),
)


@batch()
async def list_blocks(_parents: Rows, call: Call) -> Pages:
    return await list_rows(BLOCKS, call)


@batch()
async def preview(_parents: Rows, call: Call) -> Rows:
    """What the merchant's block of the partner would close now; None where it has no such partner to block."""
    context, partner_id = call.context, parse_as(call.arguments["partner_id"], {"Partner"})
    shop_id = context.viewer.shop_id
    if context.viewer.kind is not ViewerKind.MERCHANT:
        return Rows([None], _PREVIEW)
    row = await context.loaders.visible(partners).load(partner_id)
    if row is None:
        return Rows([None], _PREVIEW)
    pair = Pair(row[layout_of(partners).index["organization_id"]], partner_id, shop_id)
    found = opened(pair, await context.fetch(OPEN, pair.bound))
    collaborator_id = next(iter(found.ids("collaborators")), None)
    listed = (found.ids("conversations"), found.ids("proposals"), found.ids("jobs"), found.ids("invoices"))
    return Rows([(pair.organization_id, partner_id, found.confirmation, *listed, collaborator_id)], _PREVIEW)


def _listed(table: Table, order: str) -> Batch:
    """The rows that the preview names, newest first. They are shown in every phase, and nothing below them is."""

    async def load(parents: Rows, call: Call) -> Grouped:
        columns = projected(table, call.columns)
        rows: list[Any] = []
        lengths = []
        for organization_id, row_ids in parents.columns("organization_id", table.name):
            bound = {"of_organization": organization_id, "ids": row_ids}
            found = await call.context.fetch(_listed_statement(table, columns, order), bound) if row_ids else []
            rows += found
            lengths.append(len(found))
        return Grouped(Rows(rows, layout_of(table, columns)), lengths)

    return Batch(load, ("organization_id", table.name))


@lru_cache(maxsize=64)
def _listed_statement(table: Table, columns: Names, order: str) -> Select[Any]:
    here = (table.c.organization_id == bindparam("of_organization"), any_id(table.c.id, "ids"))
    statement = select(*map(table.c.__getitem__, columns)).where(*here)
    return statement.order_by(table.c[order].desc(), table.c.id.desc())


closing_conversations = _listed(conversations, "created_at")
closing_proposals = _listed(proposals, "created_at")
closing_jobs = _listed(jobs, "created_at")
closing_invoices = _listed(invoices, "issued_at")
closing_collaborator = reference(collaborators, "organization_id", "collaborator_id")

"""Leads: merchants who asked a partner for help."""

from sqlalchemy import bindparam

from gateway.execution.rows import Pages, Rows
from gateway.execution.sources import Call, batch
from gateway.models.base import UtcDateTime
from gateway.models.lead import leads
from gateway.statements import any_text
from resolvers.listing import Listing, list_rows
from resolvers.node import find
from resolvers.page import newest_first

LEADS = Listing(
    table=leads,
    order=newest_first("lead", "created_at"),
    filters={
        "statuses": any_text(leads.c.status, "statuses"),
        "service_handle": leads.c.service_handle == bindparam("service_handle"),
        "created_at_min": leads.c.created_at >= bindparam("created_at_min", type_=UtcDateTime),
        "created_at_max": leads.c.created_at <= bindparam("created_at_max", type_=UtcDateTime),
    },
)

find_lead = find("Lead")


@batch()
async def list_leads(_parents: Rows, call: Call) -> Pages:
    return await list_rows(LEADS, call)

"""Jobs of the marketplace, with what was asked, for which services, and what the partner offered."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from gateway.execution.rows import Grouped, Names, Pages, Rows
from gateway.execution.sources import Call, batch
from gateway.models.base import UtcDateTime
from gateway.models.conversation import conversations
from gateway.models.invoice import invoices
from gateway.models.job import job_requirements, job_services, jobs, proposals
from gateway.models.service import services
from gateway.statements import any_text, key_parameters, key_table
from resolvers import visibility
from resolvers.arguments import with_ids
from resolvers.children import children, in_lists, placed
from resolvers.listing import Listing, list_rows
from resolvers.loaders import layout_of, projected, reference
from resolvers.node import find
from resolvers.page import newest_first
from resolvers.scope import Scope

JOBS = Listing(
    table=jobs,
    order=newest_first("jobs", "created_at"),
    filters={
        "statuses": any_text(jobs.c.status, "statuses"),
        "shop_id": jobs.c.shop_id == bindparam("shop_id"),
        "created_at_min": jobs.c.created_at >= bindparam("created_at_min", type_=UtcDateTime),
        "created_at_max": jobs.c.created_at <= bindparam("created_at_max", type_=UtcDateTime),
        "last_event_at_min": jobs.c.last_event_at >= bindparam("last_event_at_min", type_=UtcDateTime),
        "last_event_at_max": jobs.c.last_event_at <= bindparam("last_event_at_max", type_=UtcDateTime),
    },
)


find_job = find("Job")
# Who is shown a proposal or an invoice is shown its job; a merchant who previews a block has no other way to it.
parent_job = reference(jobs, "organization_id", "job_id", whole=True)
conversation = reference(conversations, "organization_id", "conversation_id")


@batch()
async def list_jobs(_parents: Rows, call: Call) -> Pages:
    return await list_rows(JOBS, with_ids(call, shop_id={"Shop"}))


@batch("organization_id", "id")
async def list_requirements(parents: Rows, call: Call) -> Grouped:
    return await children(job_requirements, "job_id", "position", parents, call)


@batch("organization_id", "id")
async def list_proposals(parents: Rows, call: Call) -> Grouped:
    return await children(proposals, "job_id", "created_at", parents, call, newest_first=True)


@batch("organization_id", "id")
async def list_invoices(parents: Rows, call: Call) -> Grouped:
    return await children(invoices, "job_id", "issued_at", parents, call, newest_first=True)


@batch("organization_id", "id")
async def list_services(parents: Rows, call: Call) -> Grouped:
    """The services in the order in which the merchant named them."""
    postgresql = call.context.database.is_postgresql
    keys = parents.columns("organization_id", "id")
    columns = projected(services, call.columns)
    statement = _services_statement(call.context.scope, columns, postgresql=postgresql)
    fetched = await call.context.fetch(statement, key_parameters(keys, postgresql))
    return in_lists(fetched, placed(layout_of(services, columns)), len(keys))


@lru_cache(maxsize=64)
def _services_statement(scope: Scope, columns: Names, *, postgresql: bool) -> Select[Any]:
    keys = key_table(postgresql)
    asked = (job_services.c.organization_id == keys.c.organization_id) & (job_services.c.job_id == keys.c.id)
    source = keys.join(job_services, asked).join(services, services.c.id == job_services.c.service_id)
    statement = select(keys.c.place, *map(services.c.__getitem__, columns)).select_from(source)
    return statement.where(visibility.held(job_services, scope)).order_by(keys.c.place, job_services.c.position)

"""Moving over to the directory: a partner's checklist, and what its records say about each task."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, exists, func, select

from gateway.errors import Busy, Reason, UserErrorCode, UserErrors
from gateway.execution.rows import Grouped, Layout, Names, Rows
from gateway.execution.sources import Call, batch
from gateway.models.job import JobStatus, jobs
from gateway.models.migration_task import MigrationTaskHandle, export_receipts, migration_task_completions
from gateway.models.offering import service_offerings
from gateway.models.partner import partner_locations, partner_social_links, partners
from gateway.statements import any_text, insert_new
from gateway.viewer import ViewerKind
from resolvers import visibility
from resolvers.context import Context
from resolvers.gid import gid
from resolvers.loaders import layout_of, projected
from resolvers.mutation import mutation
from resolvers.scope import Scope
from resolvers.visibility.directory import profiles_of

# What each task is called and by when it was to be done, as the page on moving over tells it.
_TASKS = {
    MigrationTaskHandle.REVIEW_PROFILE: ("Review your profile in the Partner Directory", "2023-09-30"),
    MigrationTaskHandle.CHOOSE_TOOLS: ("Choose tools for talking to clients and for invoices", "2023-09-30"),
    MigrationTaskHandle.CONTACT_CLIENTS: ("Contact clients whose jobs run past November 2023", "2023-11-30"),
    MigrationTaskHandle.DOWNLOAD_RECORDS: ("Download your records of the Experts Marketplace", "2023-11-30"),
}
_LAYOUT = Layout(("organization_id", "handle", "title", "due_on", "completed_at"), nullable=("completed_at",))

# No column tells when a job ends: one that has not ended runs on, when the marketplace closes too. INACTIVE ones stand
# still, and COMPLETED ones are done, whether or not the merchant has confirmed it.
_RUNNING = [JobStatus.NEW, JobStatus.OPENED, JobStatus.RESPONDED, JobStatus.AWAITING_RESPONSE]


@batch()
async def list_tasks(_parents: Rows, call: Call) -> Grouped:
    """All tasks, done or not, in the order of the page. Nobody but partners has any."""
    context: Context = call.context
    if context.viewer.kind is not ViewerKind.PARTNER:
        return Grouped(Rows([], _LAYOUT), [0])
    completed = await _completed(context)
    rows = [_row(context, handle, completed) for handle in _TASKS]
    return Grouped(Rows(rows, _LAYOUT), [len(rows)])


@batch("handle")
async def find_task(parents: Rows, call: Call) -> Rows:
    """The task that a payload names; None where it was refused."""
    handles = parents.column("handle")
    completed = await _completed(call.context) if any(handles) else {}
    rows = [handle and _row(call.context, MigrationTaskHandle(handle), completed) for handle in handles]
    return Rows(rows, _LAYOUT)


def _row(context: Context, handle: MigrationTaskHandle, completed: Mapping[str, Any]) -> tuple[Any, ...]:
    return (context.viewer.organization_id, handle, *_TASKS[handle], completed.get(handle))


async def _completed(context: Context) -> dict[str, Any]:
    """When each task was done, by its handle; of tasks that are done."""
    return dict(map(tuple, await context.fetch(_completed_statement(context.scope))))


@lru_cache(maxsize=64)
def _completed_statement(scope: Scope) -> Select[Any]:
    done = migration_task_completions
    return select(done.c.handle, done.c.completed_at).where(visibility.VISIBLE[done](scope))


@batch("handle")
async def missing_fields(parents: Rows, call: Call) -> list[list[str]]:
    """The fields of the profile that are empty, for the task that is about it; none for others."""
    handles = parents.column("handle")
    missing: list[str] = []
    if MigrationTaskHandle.REVIEW_PROFILE in handles:
        rows = await call.context.fetch(_filled_statement(call.context.scope))
        filled = rows[0] if rows else [False] * len(_FIELDS)
        missing = [name for name, there in zip(_FIELDS, filled, strict=True) if not there]
    return [missing if handle == MigrationTaskHandle.REVIEW_PROFILE else [] for handle in handles]


# As the type Partner spells them.
_FIELDS = ("contactPhone", "contactEmail", "additionalLocations", "serviceOfferings", "socialLinks")


@lru_cache(maxsize=64)
def _filled_statement(scope: Scope) -> Select[Any]:
    """Whether there is something in each of the fields."""
    texts = [func.coalesce(column, "") != "" for column in (partners.c.contact_phone, partners.c.contact_email)]
    lists = [
        exists().where(table.c.organization_id == partners.c.organization_id, table.c.partner_id == partners.c.id)
        for table in (partner_locations, service_offerings, partner_social_links)
    ]
    filled: list[Any] = [*texts, *lists]
    return select(*filled).where(profiles_of(scope))


@batch("handle")
async def list_ongoing_jobs(parents: Rows, call: Call) -> Grouped:
    """The jobs that have not ended, newest first, for the task that is about them; none for others."""
    handles = parents.column("handle")
    context: Context = call.context
    columns = projected(jobs, call.columns)
    found: Any = []
    if MigrationTaskHandle.CONTACT_CLIENTS in handles and not visibility.sees_none(jobs, context.scope):
        found = await context.fetch(_ongoing_statement(context.scope, columns), {"statuses": _RUNNING})
    # Under graphql-core a task comes once for each place of the document that asks for its jobs.
    lists = [found if handle == MigrationTaskHandle.CONTACT_CLIENTS else () for handle in handles]
    rows = [row for each in lists for row in each]
    return Grouped(Rows(rows, layout_of(jobs, columns)), [len(each) for each in lists])


@lru_cache(maxsize=64)
def _ongoing_statement(scope: Scope, columns: Names) -> Select[Any]:
    statement = select(*map(jobs.c.__getitem__, columns))
    statement = statement.where(visibility.VISIBLE[jobs](scope), any_text(jobs.c.status, "statuses"))
    return statement.order_by(jobs.c.created_at.desc(), jobs.c.id.desc())


@batch("handle")
async def last_export(parents: Rows, call: Call) -> Rows:
    """The receipt of the export that was finished last, for the task that is about it; None for others."""
    handles = parents.column("handle")
    receipt = None
    if MigrationTaskHandle.DOWNLOAD_RECORDS in handles:
        found = await call.context.fetch(_last_export_statement(call.context.scope))
        receipt = found[0] if found else None
    rows = [receipt if handle == MigrationTaskHandle.DOWNLOAD_RECORDS else None for handle in handles]
    return Rows(rows, layout_of(export_receipts))


@lru_cache(maxsize=64)
def _last_export_statement(scope: Scope) -> Select[Any]:
    newest = (export_receipts.c.completed_at.desc(), export_receipts.c.id.desc())
    return select(export_receipts).where(visibility.reached(export_receipts, scope)).order_by(*newest).limit(1)


@mutation("handle")
async def complete(call: Call) -> tuple[Any, ...]:
    """Notes that a task is done. One that was done before stays as it was, and nothing is written."""
    context: Context = call.context
    organization_id, handle = context.viewer.organization_id, MigrationTaskHandle(call.arguments["handle"])
    if context.viewer.kind is not ViewerKind.PARTNER:
        message = "You have no tasks to complete: send the token of a partner"
        raise UserErrors(Reason(UserErrorCode.NOT_FOUND, ("handle",), message))
    if handle in await _completed(context):
        return (handle,)
    async with context.write() as write:
        row = {"organization_id": organization_id, "handle": handle, "completed_at": context.now}
        done = await write.execute(insert_new(migration_task_completions, write.is_postgresql), row)
        if not done.rowcount:
            # Somebody else did it a moment ago: called again, this function finds it done.
            raise Busy
        write.audit(
            "migrationTaskComplete",
            gid("Organization", organization_id),  # type: ignore[arg-type] # a partner's token always has one
            organization_id=organization_id,
            after={"handle": handle, "completed_at": context.now},
        )
        return write.answers(handle)

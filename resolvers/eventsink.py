"""Event sinks: where an app wants a topic's events delivered."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, delete, select
from sqlalchemy.exc import IntegrityError

from gateway.errors import Reason, UserErrorCode, UserErrors
from gateway.execution.rows import Grouped, Rows
from gateway.execution.sources import Call, batch
from gateway.ids import new_id
from gateway.models.app import apps
from gateway.models.eventsink import eventsink_queues, eventsinks
from gateway.statements import is_duplicate
from resolvers import visibility
from resolvers.arguments import with_ids
from resolvers.children import children
from resolvers.context import Context
from resolvers.gid import gid, parse_as
from resolvers.loaders import layout_of, reference
from resolvers.mutation import mutation
from resolvers.scope import Scope

_ARN = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:(?:user|role)/[\w+=,.@/-]{1,512}", re.ASCII)

created = reference(eventsinks, "organization_id", "eventsink_id")


@batch()
async def list_eventsinks(_parents: Rows, call: Call) -> Grouped:
    """Those of one app and topic, oldest first."""
    call = with_ids(call, app_id={"App"})
    rows = await call.context.fetch(_eventsinks_statement(call.context.scope), call.arguments)
    return Grouped(Rows(rows, layout_of(eventsinks)), [len(rows)])


@lru_cache(maxsize=64)
def _eventsinks_statement(scope: Scope) -> Select[Any]:
    of_app = (eventsinks.c.app_id == bindparam("app_id"), eventsinks.c.topic == bindparam("topic"))
    statement = select(eventsinks).where(visibility.eventsinks_of(scope), *of_app)
    return statement.order_by(eventsinks.c.created_at, eventsinks.c.id)


@batch("organization_id", "id")
async def list_queues(parents: Rows, call: Call) -> Grouped:
    return await children(eventsink_queues, "eventsink_id", "position", parents, call)


@mutation("organization_id", "eventsink_id")
async def create(call: Call) -> tuple[Any, ...]:
    given = call.arguments["input"]
    context: Context = call.context
    app_id = parse_as(given["app_id"], {"App"})
    if visibility.sees_none(apps, context.scope):
        # Refused in any case: no transaction is begun for it.
        raise UserErrors(*check_create(app_exists=False, aws_user_arn=given["aws_user_arn"]))
    app = select(apps.c.organization_id).where(visibility.apps_of(context.scope), apps.c.id == app_id)
    try:
        async with context.write() as write:
            organization_id = (await write.execute(app)).scalar()
            exists = organization_id is not None
            if reasons := list(check_create(app_exists=exists, aws_user_arn=given["aws_user_arn"])):
                raise UserErrors(*reasons)
            row = {
                "organization_id": organization_id,
                "id": new_id(),
                "app_id": app_id,
                "topic": given["topic"],
                "aws_user_arn": given["aws_user_arn"],
                "created_at": context.now,
            }
            await write.insert(eventsinks, row)
            write.audit("eventsinkCreate", gid("Eventsink", row["id"]), organization_id=organization_id, after=row)
            return write.answers(organization_id, row["id"])
    except IntegrityError as error:
        if not is_duplicate(error, eventsinks):
            raise
        message = "The app has an event sink of this topic and user already"
        raise UserErrors(Reason(UserErrorCode.ALREADY_EXISTS, ("input",), message)) from None


def check_create(*, app_exists: bool, aws_user_arn: str) -> Iterator[Reason]:
    if not app_exists:
        yield Reason(UserErrorCode.NOT_FOUND, ("input", "appId"), "There is no app with this id")
    if not _ARN.fullmatch(aws_user_arn):
        message = "An ARN looks like arn:aws:iam::123456789012:user/name"
        yield Reason(UserErrorCode.INVALID, ("input", "awsUserArn"), message)


@mutation("deleted_id")
async def remove(call: Call) -> tuple[Any, ...]:
    """Deletes the sink with its queues, if app and topic are those of the sink."""
    call = with_ids(call, id={"Eventsink"}, app_id={"App"})
    context: Context = call.context
    unknown = Reason(UserErrorCode.NOT_FOUND, ("id",), "There is no event sink with this id, app and topic")
    if visibility.sees_none(eventsinks, context.scope):
        raise UserErrors(unknown)
    async with context.write() as write:
        found = (await write.execute(_wanted(call.arguments, context.scope))).mappings().first()
        if found is None:
            raise UserErrors(unknown)
        for table, column in ((eventsink_queues, "eventsink_id"), (eventsinks, "id")):
            own = table.c.organization_id == found["organization_id"]
            await write.execute(delete(table).where(own, table.c[column] == found["id"]))
        subject = gid("Eventsink", found["id"])
        write.audit("eventsinkDelete", subject, organization_id=found["organization_id"], before=dict(found))
        return write.answers(subject)


def _wanted(given: Mapping[str, Any], scope: Scope) -> Select[Any]:
    here = (eventsinks.c[name] == given[name] for name in ("id", "app_id", "topic"))
    # Locked, so that of two deletions at once the second finds nothing.
    return select(eventsinks).where(visibility.eventsinks_of(scope), *here).with_for_update()

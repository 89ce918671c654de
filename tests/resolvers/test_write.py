"""The transaction of a mutation."""

from datetime import UTC, datetime

import pytest
from records import added, counts

from gateway.models.eventsink import eventsinks
from gateway.viewer import Viewer, ViewerKind
from resolvers.context import Context
from resolvers.write import actor

ROW = {
    "organization_id": 1,
    "id": 99,
    "app_id": 1,
    "topic": "CUSTOMERS_REDACT",
    "aws_user_arn": "arn:aws:iam::123456789012:user/other",
    "created_at": datetime(2026, 1, 1, tzinfo=UTC),
}


def context_of(gateway) -> Context:
    viewer = Viewer(ViewerKind.PARTNER, client_id=7, organization_id=1)
    return Context(viewer, gateway.database, gateway.settings, datetime(2026, 1, 2, tzinfo=UTC), "the-request")


def test_a_write_that_leaves_no_audit_is_our_bug_and_is_undone(fresh):
    before = counts(fresh)

    async def write_in_silence() -> None:
        async with context_of(fresh).write() as write:
            await write.insert(eventsinks, ROW)

    with pytest.raises(RuntimeError, match="A write must say what it did"):
        fresh.runner.run(write_in_silence())
    assert added(fresh, before) == {}


def test_what_was_written_before_a_failure_is_undone_with_its_audit(fresh):
    before = counts(fresh)

    async def write_and_fail() -> None:
        async with context_of(fresh).write() as write:
            await write.insert(eventsinks, ROW)
            write.audit("eventsinkCreate", "gid://partners/Eventsink/99", organization_id=1, after=ROW)
            raise LookupError

    with pytest.raises(LookupError):
        fresh.runner.run(write_and_fail())
    assert added(fresh, before) == {}


def test_what_was_read_before_a_write_is_read_again_after_it(fresh):
    context = context_of(fresh)

    async def write() -> None:
        async with context.write() as write:
            await write.insert(eventsinks, ROW)
            write.audit("eventsinkCreate", "gid://partners/Eventsink/99", organization_id=1, after=ROW)

    loaders, context.field_loaders["some"] = context.loaders, "loader"
    fresh.runner.run(write())
    assert context.loaders is not loaders
    assert context.field_loaders == {}
    assert context.statements == 2


def test_the_audit_names_the_token_that_was_used():
    assert actor(Viewer(ViewerKind.EMPLOYEE, client_id=7, employee_id=1)) == "gid://partners/ApiClient/7"
    assert actor(Viewer(ViewerKind.ANONYMOUS)) == "anonymous"

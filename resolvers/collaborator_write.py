"""What becomes of a partner's request for access, and of the access: each step once, and none back."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select, update

from gateway.errors import Reason, UserErrorCode, UserErrors
from gateway.execution.sources import Call
from gateway.models.collaborator import CollaboratorStatus, StorePermission, collaborators
from gateway.viewer import ViewerKind
from resolvers import visibility
from resolvers.arguments import with_ids
from resolvers.collaborator_expiry import LASTS, standing
from resolvers.collaborator_request import check_permissions
from resolvers.context import Context
from resolvers.gid import gid
from resolvers.loaders import reference
from resolvers.mutation import mutation
from resolvers.scope import Scope
from resolvers.visibility.rules import Condition, of_support

_PERMISSIONS = ("permissions",)


@dataclass(frozen=True, slots=True)
class Step:
    """`action` as the audit has it, who may take it, and the state that it starts from."""

    action: str
    by: frozenset[ViewerKind]
    needs: CollaboratorStatus


_MERCHANT, _PARTNER = frozenset({ViewerKind.MERCHANT}), frozenset({ViewerKind.PARTNER})
ACCEPT = Step("collaboratorRequestAccept", _MERCHANT, CollaboratorStatus.REQUESTED)
DECLINE = Step("collaboratorRequestDecline", _MERCHANT, CollaboratorStatus.REQUESTED)
CANCEL = Step("collaboratorRequestCancel", _PARTNER, CollaboratorStatus.REQUESTED)
UPDATE = Step("collaboratorPermissionsUpdate", _MERCHANT, CollaboratorStatus.ACTIVE)
REMOVE = Step("collaboratorRemove", _MERCHANT | _PARTNER, CollaboratorStatus.ACTIVE)
RECORD = Step("collaboratorLoginRecord", frozenset({ViewerKind.EMPLOYEE}), CollaboratorStatus.ACTIVE)

# What the row holds then, of what it holds now.
Change = Callable[[Row[Any]], Mapping[str, Any]]

written = reference(collaborators, "organization_id", "collaborator_id")
# Support sees no collaborators, but is answered with the one whose login it has just recorded.
recorded = reference(collaborators, "organization_id", "collaborator_id", whole=True)


@mutation("organization_id", "collaborator_id")
async def accept(call: Call) -> tuple[Any, ...]:
    """With all permissions that were asked for, or with those that are named."""
    now, given = call.context.now, _named(call)

    def activate(found: Row[Any]) -> Mapping[str, Any]:
        permissions = found.permissions if given is None else given
        became = {"status": CollaboratorStatus.ACTIVE, "activated_at": now, "expires_at": now + LASTS}
        return became | {"permissions": permissions}

    return await _take(call, ACCEPT, activate, given)


@mutation("organization_id", "collaborator_id")
async def decline(call: Call) -> tuple[Any, ...]:
    return await _take(call, DECLINE, _ended(call, CollaboratorStatus.DECLINED))


@mutation("organization_id", "collaborator_id")
async def cancel(call: Call) -> tuple[Any, ...]:
    return await _take(call, CANCEL, _ended(call, CollaboratorStatus.CANCELLED))


@mutation("organization_id", "collaborator_id")
async def update_permissions(call: Call) -> tuple[Any, ...]:
    given = _named(call)
    return await _take(call, UPDATE, lambda _: {"permissions": given}, given)


@mutation("organization_id", "collaborator_id")
async def remove(call: Call) -> tuple[Any, ...]:
    return await _take(call, REMOVE, _ended(call, CollaboratorStatus.REMOVED))


@mutation("organization_id", "collaborator_id")
async def record_login(call: Call) -> tuple[Any, ...]:
    """Access lasts anew from now on."""
    now = call.context.now

    def log_in(found: Row[Any]) -> Mapping[str, Any]:
        # Of two logins at once the later one counts, whichever is written last.
        at = now if found.last_login_at is None else max(now, found.last_login_at)
        return {"last_login_at": at, "expires_at": at + LASTS}

    return await _take(call, RECORD, log_in)


async def _take(call: Call, step: Step, change: Change, permissions: list[str] | None = None) -> tuple[Any, ...]:
    call = with_ids(call, id={"Collaborator"})
    context: Context = call.context
    here = (_seen(step, context.scope), collaborators.c.id == call.arguments["id"])
    # Locked, so that of two steps at once the second starts from where the first one led.
    statement = select(collaborators).where(*here).order_by(collaborators.c.organization_id).limit(1).with_for_update()
    async with context.write() as write:
        found = (await write.execute(statement)).first()
        status = None if found is None else standing(found.status, found.expires_at, context.now)
        reasons = list(check_step(step, context.viewer.kind, status))
        if permissions is not None:
            asked_for = found.permissions if found is not None and step is ACCEPT else None
            reasons += check_given(permissions, asked_for)
        if reasons:
            raise UserErrors(*reasons)
        after = dict(change(found))
        before = {name: found._mapping[name] for name in after}
        own = (collaborators.c.organization_id == found.organization_id, collaborators.c.id == found.id)
        await write.execute(update(collaborators).where(*own).values(after))
        subject, organization_id = gid("Collaborator", found.id), found.organization_id
        write.audit(step.action, subject, organization_id=organization_id, before=before, after=after)
        return write.answers(organization_id, found.id)


def _seen(step: Step, scope: Scope) -> Condition:
    """Support looks a collaborator up by its id, to record a login, and sees none otherwise."""
    is_support = scope.kind is ViewerKind.EMPLOYEE and scope.kind in step.by
    return of_support(scope) if is_support else visibility.VISIBLE[collaborators](scope)


def _named(call: Call) -> list[str] | None:
    given = call.arguments.get("permissions")
    return None if given is None else [StorePermission(each).value for each in given]


def _ended(call: Call, status: CollaboratorStatus) -> Change:
    return lambda _: {"status": status, "ended_at": call.context.now}


def check_step(step: Step, kind: ViewerKind, status: str | None) -> Iterator[Reason]:
    """`status` is None where the viewer sees no such collaborator."""
    if status is None:
        yield Reason(UserErrorCode.NOT_FOUND, ("id",), "There is no collaborator with this id")
    elif kind not in step.by:
        message = "This is not yours to do: send the token of another caller, {callers}"
        told = {"callers": ", ".join(sorted(each.value for each in step.by))}
        yield Reason(UserErrorCode.NOT_ELIGIBLE, ("id",), message, told)
    elif status != step.needs:
        message = "This takes a collaborator that is {needed}, and this one is {status}"
        told = {"needed": str(step.needs), "status": str(status)}
        yield Reason(UserErrorCode.WRONG_STATE, ("id",), message, told)


def check_given(given: list[str], asked_for: list[str] | None) -> Iterator[Reason]:
    """`asked_for` is what the partner asked for, where no more may be given; else None."""
    yield from check_permissions(given, _PERMISSIONS)
    if asked_for is not None and (more := [each for each in given if each not in asked_for]):
        message = "The partner did not ask for {more}: give what it asked for, or less"
        yield Reason(UserErrorCode.INVALID, _PERMISSIONS, message, {"more": ", ".join(dict.fromkeys(more))})

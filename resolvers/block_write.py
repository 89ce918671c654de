"""A merchant blocks a partner, for good: all that is open between the two is closed in the transaction of the block."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Table, bindparam, case, update

from gateway.errors import Busy, Reason, UserErrorCode, UserErrors
from gateway.execution.sources import Call
from gateway.ids import new_id
from gateway.models.block import partner_blocks
from gateway.models.collaborator import CollaboratorStatus, collaborators
from gateway.models.conversation import ConversationStatus, conversations
from gateway.models.invoice import InvoiceStatus, invoices
from gateway.models.job import JobStatus, ProposalStatus, jobs, proposals
from gateway.statements import any_id
from gateway.viewer import ViewerKind
from resolvers import rules
from resolvers.arguments import with_ids
from resolvers.closing import OPEN, Opened, Pair, opened
from resolvers.context import Context
from resolvers.gid import gid
from resolvers.loaders import reference
from resolvers.mutation import mutation
from resolvers.pair import lock_pair, organization_of
from resolvers.write import Write

LONGEST_NOTE = 5_000

# What becomes of a row of each table, in the order in which they are locked; a collaborator's state tells what of it.
_BECOMES: Mapping[Table, tuple[str, Mapping[str, str]]] = {
    conversations: ("Conversation", {ConversationStatus.ACTIVE: ConversationStatus.BLOCKED}),
    proposals: ("Proposal", {ProposalStatus.SENT: ProposalStatus.CLOSED}),
    jobs: ("Job", dict.fromkeys(JobStatus, JobStatus.CLOSED)),
    invoices: ("Invoice", {InvoiceStatus.OPEN: InvoiceStatus.CLOSED}),
    collaborators: (
        "Collaborator",
        {
            CollaboratorStatus.ACTIVE: CollaboratorStatus.REMOVED,
            CollaboratorStatus.REQUESTED: CollaboratorStatus.CANCELLED,
        },
    ),
}
_MOMENTS = {conversations: "last_event_at", jobs: "last_event_at", collaborators: "ended_at"}

written = reference(partner_blocks, "organization_id", "partner_block_id")


@mutation("organization_id", "partner_block_id")
async def block(call: Call) -> tuple[Any, ...]:
    """Blocks the partner, if what the merchant confirmed is what the block closes now."""
    call = with_ids(call, partner_id={"Partner"})
    context: Context = call.context
    if context.viewer.kind is not ViewerKind.MERCHANT:
        message = "Only merchants block partners: send the token of a merchant"
        raise UserErrors(Reason(UserErrorCode.NOT_ELIGIBLE, (), message))
    async with context.write() as write:
        partner_id, shop_id = call.arguments["partner_id"], context.viewer.shop_id
        organization_id = await organization_of(write, context.scope, partner_id)
        found = None
        if organization_id is not None:
            assert shop_id is not None  # noqa: S101 - a merchant's token always has one
            pair = Pair(organization_id, partner_id, shop_id)
            # From here on nobody sends anything from one to the other before this has ended.
            await lock_pair(write, organization_id, shop_id)
            found = opened(pair, (await write.execute(OPEN, pair.bound)).all())
        if reasons := list(check_block(call.arguments, found)):
            raise UserErrors(*reasons)
        assert found is not None  # noqa: S101 - an unknown partner was refused
        await _close(write, context, found)
        row = _row(context, call.arguments, found) | {"id": new_id()}
        await write.insert(partner_blocks, row)
        write.audit("partnerBlock", gid("PartnerBlock", row["id"]), organization_id=organization_id, after=row)
        return write.answers(organization_id, row["id"])


def check_block(given: Mapping[str, Any], found: Opened | None) -> Iterator[Reason]:
    """`found` is None where the merchant has no such partner."""
    if found is None:
        yield Reason(UserErrorCode.NOT_FOUND, ("partnerId",), "There is no partner with this id")
    elif found.is_blocked:
        yield Reason(UserErrorCode.ALREADY_EXISTS, ("partnerId",), "The store has blocked this partner already")
    elif given["confirmation"] != found.confirmation:
        message = "This is not the confirmation of what would be closed now: look at partnerBlockPreview once more"
        yield Reason(UserErrorCode.CONFIRMATION_MISMATCH, ("confirmation",), message)
    yield from rules.text(given.get("note"), ("note",), longest=LONGEST_NOTE)


async def _close(write: Write, context: Context, found: Opened) -> None:
    """One statement a table. Raises Busy where a row was changed since it was looked at, so that all begins anew."""
    organization_id = found.pair.organization_id
    for table, (typename, becomes) in _BECOMES.items():
        statuses = found.statuses.get(table.name)
        if not statuses:
            continue
        here = (
            table.c.organization_id == bindparam("of_organization"),
            any_id(table.c.id, "ids"),
            table.c.status.in_(sorted(set(statuses.values()))),
        )
        values: dict[str, Any] = {"status": case(becomes, value=table.c.status)}
        if table in _MOMENTS:
            values[_MOMENTS[table]] = context.now
        bound = {"of_organization": organization_id, "ids": list(statuses)}
        changed = await write.execute(update(table).where(*here).values(values), bound)
        if changed.rowcount != len(statuses):
            raise Busy
        for row_id, status in statuses.items():
            before, after = {"status": status}, {"status": str(becomes[status])}
            write.audit(
                "partnerBlock", gid(typename, row_id), organization_id=organization_id, before=before, after=after
            )


def _row(context: Context, given: Mapping[str, Any], found: Opened) -> dict[str, Any]:
    note = given.get("note")
    return {
        "organization_id": found.pair.organization_id,
        "partner_id": found.pair.partner_id,
        "shop_id": found.pair.shop_id,
        "merchant_user_id": context.viewer.merchant_user_id,
        "reason": given["reason"],
        "note": None if note is None or rules.is_blank(note) else note.strip(),
        "created_at": context.now,
        "closed_proposal_count": len(found.ids("proposals")),
        "closed_job_count": len(found.ids("jobs")),
        "closed_invoice_count": len(found.ids("invoices")),
    }

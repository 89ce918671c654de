"""Objects by their id alone: `node`, `nodes`, and the fields that take the id of one type."""

import asyncio
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table

from gateway.errors import InvalidArgument
from gateway.execution.rows import Record, Rows
from gateway.execution.sources import Batch, Call, batch
from gateway.models.actor import employees, merchant_users, organizations, shops, team_members
from gateway.models.app import AppChargeKind, app_charges, app_credits, apps
from gateway.models.audit import audit_entries
from gateway.models.block import partner_blocks
from gateway.models.collaborator import collaborators
from gateway.models.conversation import conversations, messages
from gateway.models.invoice import invoices
from gateway.models.job import jobs, proposals
from gateway.models.lead import leads
from gateway.models.migration_task import export_receipts
from gateway.models.offering import service_offerings
from gateway.models.partner import partners
from gateway.models.refund_request import refund_requests
from gateway.models.report import partner_reports
from gateway.models.review import reviews
from gateway.models.transaction import TransactionType, transactions
from resolvers.gid import NO_ROW, parse, parse_as
from resolvers.loaders import layout_of
from resolvers.page import LARGEST_PAGE

_IRREGULAR = {TransactionType.REFERRAL: "ReferralTransaction", TransactionType.TAX: "TaxTransaction"}
_IRREGULAR[TransactionType.LEGACY] = "LegacyTransaction"

# SERVICE_SALE is a ServiceSale, and so on for all but three of them.
TRANSACTION_TYPENAMES = {
    kind: _IRREGULAR.get(kind) or "".join(word.title() for word in kind.split("_")) for kind in TransactionType
}


@dataclass(frozen=True, slots=True)
class Kind:
    """Where the rows of a type are; of a table with several types, the column and the value that tell this one."""

    table: Table
    column: str | None = None
    value: str | None = None


KINDS: dict[str, Kind] = {
    "App": Kind(apps),
    "AppCredit": Kind(app_credits),
    "AuditEntry": Kind(audit_entries),
    "Collaborator": Kind(collaborators),
    "Conversation": Kind(conversations),
    "ExportReceipt": Kind(export_receipts),
    "Invoice": Kind(invoices),
    "Job": Kind(jobs),
    "Lead": Kind(leads),
    "MerchantUser": Kind(merchant_users),
    "Message": Kind(messages),
    "Organization": Kind(organizations),
    "Partner": Kind(partners),
    "PartnerBlock": Kind(partner_blocks),
    "PartnerReport": Kind(partner_reports),
    "Proposal": Kind(proposals),
    "RefundRequest": Kind(refund_requests),
    "Review": Kind(reviews),
    "ServiceOffering": Kind(service_offerings),
    "Shop": Kind(shops),
    "ShopifyEmployee": Kind(employees),
    "TeamMember": Kind(team_members),
    **{kind.value: Kind(app_charges, "kind", kind.value) for kind in AppChargeKind},
    **{typename: Kind(transactions, "type", kind.value) for kind, typename in TRANSACTION_TYPENAMES.items()},
}


async def _load(call: Call, typename: str, row_id: int, *, alone: bool) -> Record | None:
    """The object, or None where no such row is there to be seen."""
    if row_id == NO_ROW:
        return None
    kind = KINDS[typename]
    row = await call.context.loaders.visible(kind.table).load(row_id, alone=alone)
    if row is None:
        return None
    record = Record(row, layout_of(kind.table), typename)
    return record if kind.column is None or record[kind.column] == kind.value else None


def find(*typenames: str) -> Batch:
    """The object with the id that is asked for; INVALID_ID for an id of another type, null for one that is unknown."""

    async def load(_parents: Rows, call: Call) -> list[Any]:
        row_id = parse_as(call.arguments["id"], typenames)
        return [await _load(call, parse(call.arguments["id"])[0], row_id, alone=call.alone)]

    return Batch(load)


async def _any_kind(call: Call, text: str, *, alone: bool = False) -> Record | None:
    typename, row_id = parse(text)
    if typename not in KINDS:
        raise InvalidArgument("No object has an id of type {typename}", {"typename": typename}, code="INVALID_ID")
    return await _load(call, typename, row_id, alone=alone)


@batch()
async def find_node(_parents: Rows, call: Call) -> list[Any]:
    return [await _any_kind(call, call.arguments["id"], alone=call.alone)]


@batch()
async def find_nodes(_parents: Rows, call: Call) -> list[Any]:
    """One place for each id, in their order; an id that can't be read fails its place alone."""
    wanted = call.arguments["ids"]
    if len(wanted) > LARGEST_PAGE:
        message, params = (
            "nodes takes at most {most} ids; {given} were given",
            {"most": LARGEST_PAGE, "given": len(wanted)},
        )
        raise InvalidArgument(message, params, code="TOO_MANY_IDS")
    found = await asyncio.gather(*(_any_kind(call, text) for text in wanted), return_exceptions=True)
    for failure in found:
        if isinstance(failure, BaseException) and not isinstance(failure, InvalidArgument):
            raise failure
    return [found]

"""Receipts of exports: what a partner downloaded, and when it was done with it."""

import re
from collections.abc import Iterator
from typing import Any

from gateway.errors import Reason, UserErrorCode, UserErrors
from gateway.execution.rows import Pages, Rows
from gateway.execution.sources import Call, batch
from gateway.ids import new_id
from gateway.models.migration_task import export_receipts
from gateway.viewer import ViewerKind
from resolvers.context import Context
from resolvers.gid import gid
from resolvers.listing import Listing, list_rows
from resolvers.loaders import reference
from resolvers.mutation import mutation
from resolvers.page import newest_first

_SHA256 = re.compile(r"[0-9a-fA-F]{64}")

RECEIPTS = Listing(table=export_receipts, order=newest_first("rcpt", "completed_at"), filters={})

created = reference(export_receipts, "organization_id", "export_receipt_id")


@batch()
async def list_receipts(_parents: Rows, call: Call) -> Pages:
    return await list_rows(RECEIPTS, call)


@mutation("organization_id", "export_receipt_id")
async def create(call: Call) -> tuple[Any, ...]:
    """What was downloaded is taken on trust: the receipt tells it back to nobody but the partner itself."""
    given = call.arguments["input"]
    context: Context = call.context
    organization_id = context.viewer.organization_id
    is_partner = context.viewer.kind is ViewerKind.PARTNER
    record_count, sha256 = given["record_count"], given["manifest_sha256"]
    if reasons := list(check_create(is_partner=is_partner, record_count=record_count, manifest_sha256=sha256)):
        raise UserErrors(*reasons)
    row = {
        "organization_id": organization_id,
        "id": new_id(),
        "completed_at": context.now,
        "record_count": record_count,
        "manifest_sha256": sha256.lower(),
        "api_version": context.version,
    }
    async with context.write() as write:
        await write.insert(export_receipts, row)
        write.audit("exportReceiptCreate", gid("ExportReceipt", row["id"]), organization_id=organization_id, after=row)
        return write.answers(organization_id, row["id"])


def check_create(*, is_partner: bool, record_count: int, manifest_sha256: str) -> Iterator[Reason]:
    if not is_partner:
        message = "You have no records to export: send the token of a partner"
        yield Reason(UserErrorCode.NOT_FOUND, ("input",), message)
    if record_count < 0:
        yield Reason(UserErrorCode.INVALID, ("input", "recordCount"), "This is not negative")
    if not _SHA256.fullmatch(manifest_sha256):
        message = "A SHA-256 is 64 hexadecimal digits"
        yield Reason(UserErrorCode.INVALID, ("input", "manifestSha256"), message)

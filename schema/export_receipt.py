"""Receipts of exports."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from gateway.viewer import ApiPermission
from resolvers import export_receipt as receipt_rows
from schema.base import Node, column, relation
from schema.connection import After, Before, Connection, First, Last
from schema.mutation import UserError, user_errors
from schema.scalars import DateTime


@strawberry.type(description="What a finished export of records leaves behind.")
class ExportReceipt(Node):
    completed_at: DateTime = column("completed_at", "When the export was finished.")
    record_count: int = column("record_count", "How many records were downloaded.")
    manifest_sha256: str = column(
        "manifest_sha256", "The SHA-256 of the archive's `manifest.json`, 64 hexadecimal digits in small letters."
    )
    api_version: str = column("api_version", "The version of the API that the receipt was left in.")


@strawberry.input(description="What was downloaded.")
class ExportReceiptCreateInput:
    record_count: int = strawberry.field(description="How many records; at least 0.")
    manifest_sha256: str = strawberry.field(
        description="The SHA-256 of the archive's `manifest.json`: 64 hexadecimal digits."
    )


@strawberry.type(description="The answer to `exportReceiptCreate`.")
class ExportReceiptCreatePayload:
    export_receipt: ExportReceipt | None = relation(receipt_rows.created, "The receipt; null where it was refused.")
    user_errors: list[UserError] = user_errors()


@strawberry.type
class ExportReceiptQuery:
    @relation(
        receipt_rows.list_receipts,
        "The organization's exports that were finished, newest first.",
        permission=ApiPermission.EXPORT_RECORDS,
    )
    def export_receipts(
        self, after: After = UNSET, before: Before = UNSET, first: First = UNSET, last: Last = UNSET
    ) -> Connection[ExportReceipt]: ...


@strawberry.type
class ExportReceiptMutation:
    @relation(
        receipt_rows.create,
        "Notes that an export of the organization's records was finished.",
        permission=ApiPermission.EXPORT_RECORDS,
    )
    def export_receipt_create(
        self,
        input: Annotated[ExportReceiptCreateInput, strawberry.argument(description="What was downloaded.")],
    ) -> ExportReceiptCreatePayload | None: ...

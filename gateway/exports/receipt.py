"""The receipt that a whole export leaves on a server which takes one, once for each archive."""

from collections.abc import Callable

from graphql import parse

from gateway.exports.archive import Archive
from gateway.exports.client import Api
from gateway.exports.errors import FieldForbiddenError, KindForbiddenError, RefusedError
from gateway.exports.kinds import Plan

_CREATE = parse("""
mutation LeaveReceipt($input: ExportReceiptCreateInput!) {
  exportReceiptCreate(input: $input) {
    exportReceipt { id }
    userErrors { message }
  }
}
""")


async def leave_receipt(api: Api, plan: Plan, archive: Archive, say: Callable[[str], None]) -> None:
    """The archive is whole without it as well: what the server refuses is said, and ends nothing.

    Raises ExportError where the server does not answer: the same command tries again.
    """
    if not plan.takes_receipts:
        return
    report = archive.report()
    if not report.complete:
        say("No receipt was left, since the archive is not complete.")
        return
    given = {"recordCount": sum(report.counts.values()), "manifestSha256": archive.manifest_sha256()}
    try:
        # The server may have left it already, and the answer got lost.
        answer = (await api.ask(_CREATE, {"input": given}, idempotency_key=archive.run))["exportReceiptCreate"]
    except (KindForbiddenError, FieldForbiddenError) as error:
        say(f"No receipt was left, since the token may not ({str(error).rstrip('.')}).")
    except RefusedError as error:
        say(f"No receipt was left: {error}")
    else:
        if receipt := answer["exportReceipt"]:
            say(f"The server keeps a receipt of it: {receipt['id']}")
        else:
            told = "; ".join(each["message"] for each in answer["userErrors"])
            say(f"No receipt was left: {told}.")

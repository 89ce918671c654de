"""What support reads of every write."""

import re
from dataclasses import replace

from sqlalchemy import String, bindparam

from gateway.errors import InvalidArgument
from gateway.execution.rows import Pages, Rows
from gateway.execution.sources import Call, batch
from gateway.models.audit import audit_entries
from gateway.models.base import UtcDateTime
from resolvers.gid import gid, parse
from resolvers.listing import Listing, list_rows
from resolvers.page import newest_first

AUDIT_ENTRIES = Listing(
    table=audit_entries,
    order=newest_first("audi", "occurred_at"),
    filters={
        "subject_id": audit_entries.c.subject == bindparam("subject_id", type_=String),
        "occurred_at_min": audit_entries.c.occurred_at >= bindparam("occurred_at_min", type_=UtcDateTime),
        "occurred_at_max": audit_entries.c.occurred_at <= bindparam("occurred_at_max", type_=UtcDateTime),
    },
)

# Of what has no number: a table that was filled.
_NAMED = re.compile(r"gid://partners/[A-Za-z]{1,64}/[A-Za-z_]{1,64}")


@batch()
async def list_audit_entries(_parents: Rows, call: Call) -> Pages:
    subject = call.arguments.get("subject_id")
    if subject is not None:
        call = replace(call, arguments={**call.arguments, "subject_id": _as_kept(subject)})
    return await list_rows(AUDIT_ENTRIES, call)


def _as_kept(subject: str) -> str:
    """The id as the audit has it, whichever of its hosts the client writes. Raises INVALID_ID."""
    try:
        return gid(*parse(subject))
    except InvalidArgument:
        if _NAMED.fullmatch(subject):
            return subject
        raise

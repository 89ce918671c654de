"""The audit, which support reads."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from gateway import audit
from resolvers import audit_entry as audit_entry_rows
from schema.base import Node, column, computed, relation
from schema.connection import After, Before, Connection, First, Last
from schema.scalars import JSON, DateTime


@strawberry.type(description="One write: who did what to which object, and when. Entries are never changed.")
class AuditEntry(Node):
    occurred_at: DateTime = column("occurred_at", "When it was done.")
    actor: str = column("actor", "Who did it: the id of an API client, or the name of a command or timer.")
    action: str = column("action", "What was done: the name of the mutation, or of what a command or timer did.")
    subject_id: strawberry.ID = column("subject", "The id of what it was done to.")
    before: JSON | None = computed(
        audit.told,
        "before",
        description="What was changed, as it was before; null where it was made. Whole numbers beyond 2⁵³ are texts.",
    )
    after: JSON | None = computed(
        audit.told, "after", description="What was changed, as it was afterwards; null where it was deleted."
    )
    request_id: str = column("request_id", "The request in which it was done, as its answer named it.")


@strawberry.type
class AuditEntryQuery:
    @relation(
        audit_entry_rows.list_audit_entries,
        "All writes, newest first; support alone sees any.",
    )
    def audit_entries(
        self,
        after: After = UNSET,
        before: Before = UNSET,
        first: First = UNSET,
        last: Last = UNSET,
        subject_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only what was done to this object.")
        ] = UNSET,
        occurred_at_min: Annotated[DateTime | None, strawberry.argument(description="Done then or later.")] = UNSET,
        occurred_at_max: Annotated[DateTime | None, strawberry.argument(description="Done then or earlier.")] = UNSET,
    ) -> Connection[AuditEntry]: ...

"""Changes of what the schema may not have yet: each counts as soon as what it speaks of is there.

A deprecation waits for its replacement as well, and a removal for the deprecation. When all of it is there these rows
move to CHANGES, where a coordinate that does not exist is an error.
"""

from schema.history.change import Change, added

_BULK_OPERATIONS = """
QueryRoot.bulkOperation MutationRoot.bulkOperationRunQuery MutationRoot.bulkOperationCancel BulkOperation
BulkOperationEdge BulkOperationConnection BulkOperationStatus BulkOperationErrorCode BulkOperationCancelPayload
BulkOperationRunQueryPayload
"""

AWAITED: tuple[Change, ...] = (
    added("2023-10", "QueryRoot.bulkOperations", "Whole lists as one file."),
    *(added("2023-10", coordinate) for coordinate in _BULK_OPERATIONS.split()),
    added("2023-10", "MutationRoot.appCreditCreate(idempotencyKey:)"),
)

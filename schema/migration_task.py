"""What partners do to move over to the directory."""

from typing import Annotated

import strawberry

from gateway.models.migration_task import MigrationTaskHandle
from gateway.viewer import ApiPermission
from resolvers import migration_task as task_rows
from schema.base import column, enum, relation
from schema.export_receipt import ExportReceipt
from schema.job import Job
from schema.mutation import UserError, user_errors
from schema.scalars import DateTime

enum(
    MigrationTaskHandle,
    "What is to be done to move over to the directory.",
    {
        "REVIEW_PROFILE": "Look through the profile, and fill in what is missing.",
        "CHOOSE_TOOLS": "Choose tools for talking to clients, and for invoices.",
        "CONTACT_CLIENTS": "Tell clients whose jobs go on how to reach you.",
        "DOWNLOAD_RECORDS": "Download what the marketplace holds.",
    },
)


@strawberry.type(description="One thing to do to move over to the directory, and what the records say about it.")
class MigrationTask:
    handle: MigrationTaskHandle = column("handle", "Which task it is.")
    title: str = column("title", "What is to be done.")
    due_on: str = column("due_on", "The last day on which it was to be done: `2023-09-30`.")
    completed_at: DateTime | None = column("completed_at", "When it was first said to be done; null before.")
    missing_fields: list[str] = relation(
        task_rows.missing_fields,
        "The fields of `Partner` that are still empty, of those that a profile should have; REVIEW_PROFILE alone.",
    )
    ongoing_jobs: list[Job] = relation(
        task_rows.list_ongoing_jobs,
        "The jobs that have not ended, newest first; CONTACT_CLIENTS alone. Empty without MANAGE_JOBS.",
    )
    last_export: ExportReceipt | None = relation(
        task_rows.last_export,
        "The receipt of the last export; null where there was none. DOWNLOAD_RECORDS alone.",
    )


@strawberry.type(description="The answer to `migrationTaskComplete`.")
class MigrationTaskCompletePayload:
    migration_task: MigrationTask | None = relation(task_rows.find_task, "The task; null where it was refused.")
    user_errors: list[UserError] = user_errors()


@strawberry.type
class MigrationTaskQuery:
    migration_tasks: list[MigrationTask] = relation(
        task_rows.list_tasks,
        "What the organization does to move over, done or not; empty for all but partners.",
        permission=ApiPermission.MANAGE_PROFILE,
    )


@strawberry.type
class MigrationTaskMutation:
    @relation(
        task_rows.complete,
        "Says that a task is done. Said again it changes nothing.",
        permission=ApiPermission.MANAGE_PROFILE,
    )
    def migration_task_complete(
        self, handle: Annotated[MigrationTaskHandle, strawberry.argument(description="The task.")]
    ) -> MigrationTaskCompletePayload | None: ...

"""Moving over: the tasks of a partner, what its records say about each, and completing them."""

import asyncio
from pathlib import Path

import pytest
from harness import NEWEST, Gateway
from holders import partner_without, token_of
from races import at_once
from records import added, audited, counts, partner_actor
from sqlalchemy import delete, insert, select, update

from gateway.models.actor import shops
from gateway.models.job import jobs
from gateway.models.migration_task import migration_task_completions as completions
from gateway.models.offering import service_offerings
from gateway.models.partner import partner_locations, partner_social_links, partners
from gateway.viewer import ApiPermission, ViewerKind

DOCUMENT = (Path(__file__).parents[2] / "fixtures/documents/moving_over.graphql").read_text(encoding="utf-8")
COMPLETE = """mutation ($handle: MigrationTaskHandle!) {
  migrationTaskComplete(handle: $handle) { migrationTask { handle completedAt } userErrors { field code message } }
}"""
MISSING = "{ migrationTasks { handle missingFields } }"
ONGOING = "{ migrationTasks { handle ongoingJobs { id status services { handle } shop { name } } } }"
ALL_FIELDS = ["contactPhone", "contactEmail", "additionalLocations", "serviceOfferings", "socialLinks"]
NOTHING = {"missingFields": [], "ongoingJobs": [], "lastExport": None}


def write(gateway: Gateway, *statements) -> None:
    for statement in statements:
        gateway.runner.run(gateway.database.run_sync(lambda connection, one=statement: connection.execute(one)))


def by_handle(answer, field: str) -> dict:
    return {task["handle"]: task[field] for task in answer.data["migrationTasks"]}


def job(number: int, status: str, shop: str) -> dict:
    return {"id": f"gid://partners/Job/{number}", "status": status, "shop": {"name": shop}}


def test_the_tasks_tell_what_is_left_to_do(shared):
    answer = shared.ask(DOCUMENT)
    basket_shop = next(row.name for row in shared.rows(select(shops).where(shops.c.id == 7)))
    assert answer.data == {
        "marketplace": {
            "phase": "CLOSED",
            "newJobsUntil": "2023-10-01T00:00:00.000000Z",
            "merchantAccessUntil": "2023-12-01T00:00:00.000000Z",
        },
        "migrationTasks": [
            {
                "handle": "REVIEW_PROFILE",
                "title": "Review your profile in the Partner Directory",
                "dueOn": "2023-09-30",
                "completedAt": "2023-09-12T10:00:00.000000Z",
                **NOTHING,
            },
            {
                "handle": "CHOOSE_TOOLS",
                "title": "Choose tools for talking to clients and for invoices",
                "dueOn": "2023-09-30",
                "completedAt": None,
                **NOTHING,
            },
            {
                "handle": "CONTACT_CLIENTS",
                "title": "Contact clients whose jobs run past November 2023",
                "dueOn": "2023-11-30",
                "completedAt": None,
                **NOTHING,
                "ongoingJobs": [
                    job(11, "NEW", "山茶花茶舖 🍵"),
                    job(4, "OPENED", "Two Rivers Outfitters"),
                    job(12, "AWAITING_RESPONSE", basket_shop),
                    job(8, "RESPONDED", basket_shop),
                    job(7, "NEW", "=SUM(A1:A9) Outlet"),
                ],
            },
            {
                "handle": "DOWNLOAD_RECORDS",
                "title": "Download your records of the Experts Marketplace",
                "dueOn": "2023-11-30",
                "completedAt": "2023-11-30T10:00:00.000000Z",
                **NOTHING,
                "lastExport": {
                    "id": "gid://partners/ExportReceipt/2",
                    "completedAt": "2026-10-31T22:00:00.000000Z",
                    "recordCount": 131,
                    "manifestSha256": "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
                    "apiVersion": "2026-10",
                },
            },
        ],
    }
    # What is done, what is missing, the jobs with their shops, the last receipt; none for each task.
    assert answer.statements == 5


@pytest.mark.parametrize(
    ("organization_id", "missing"),
    [
        (1, []),
        (2, []),
        (3, ALL_FIELDS),
        (4, ["contactPhone", "additionalLocations", "socialLinks"]),
        (5, ["socialLinks"]),
    ],
)
def test_the_fields_of_the_profile_that_are_empty_are_told(fresh, organization_id, missing):
    token = token_of(fresh, ViewerKind.PARTNER, ApiPermission.MANAGE_PROFILE, organization_id=organization_id)
    answer = fresh.ask(MISSING, token=token)
    assert by_handle(answer, "missingFields") == {
        "REVIEW_PROFILE": missing,
        "CHOOSE_TOOLS": [],
        "CONTACT_CLIENTS": [],
        "DOWNLOAD_RECORDS": [],
    }
    assert answer.statements == 2


@pytest.mark.parametrize(
    ("emptied", "missing"),
    [
        (update(partners).values(contact_phone=None), "contactPhone"),
        (update(partners).values(contact_phone=""), "contactPhone"),
        (update(partners).values(contact_email=None), "contactEmail"),
        (delete(partner_locations), "additionalLocations"),
        (delete(service_offerings), "serviceOfferings"),
        (delete(partner_social_links), "socialLinks"),
    ],
)
def test_each_field_is_looked_at_by_itself(fresh, emptied, missing):
    write(fresh, emptied)
    assert by_handle(fresh.ask(MISSING), "missingFields")["REVIEW_PROFILE"] == [missing]


def test_ongoing_jobs_are_those_that_have_not_ended_whatever_their_number(fresh):
    answer = fresh.ask(ONGOING)
    few = answer.statements
    row = dict(fresh.rows(select(jobs).where(jobs.c.organization_id == 1, jobs.c.id == 7))[0]._mapping)
    statuses = ["NEW", "OPENED", "RESPONDED", "AWAITING_RESPONSE", "COMPLETED", "DECLINED", "CLOSED", "EXPIRED"]
    statuses.append("INACTIVE")
    write(fresh, *(insert(jobs).values(row | {"id": 900 + n, "status": each}) for n, each in enumerate(statuses)))
    answer = fresh.ask(ONGOING)
    assert answer.statements == few == 4
    found = by_handle(answer, "ongoingJobs")["CONTACT_CLIENTS"]
    assert [each["status"] for each in found if "/90" in each["id"]] == statuses[3::-1]
    assert len(found) == 9


def test_ongoing_jobs_can_be_counted_alone(shared):
    found = by_handle(shared.ask("{ migrationTasks { handle ongoingJobs { __typename } } }"), "ongoingJobs")
    whole = by_handle(shared.ask(ONGOING), "ongoingJobs")
    assert len(whole["CONTACT_CLIENTS"]) > 0
    assert {handle: len(jobs) for handle, jobs in found.items()} == {
        handle: len(jobs) for handle, jobs in whole.items()
    }


def test_without_the_permission_for_jobs_none_are_told(fresh):
    token = token_of(fresh, ViewerKind.PARTNER, ApiPermission.MANAGE_PROFILE, organization_id=1)
    answer = fresh.ask(ONGOING, token=token)
    assert set(map(len, by_handle(answer, "ongoingJobs").values())) == {0}
    assert answer.statements == 1


@pytest.mark.parametrize("caller", ["merchant", "employee", "anonymous"])
def test_others_have_no_tasks_and_complete_none(shared, caller):
    token = {"merchant": shared.merchant, "employee": shared.tokens.employee, "anonymous": None}[caller]
    before = counts(shared)
    assert shared.ask("{ migrationTasks { handle } }", token=token).data == {"migrationTasks": []}
    reason = {
        "field": ["handle"],
        "code": "NOT_FOUND",
        "message": "You have no tasks to complete: send the token of a partner",
    }
    refused = {"migrationTask": None, "userErrors": [reason]}
    answer = shared.ask(COMPLETE, {"handle": "CHOOSE_TOOLS"}, token=token)
    assert answer.data["migrationTaskComplete"] == refused
    assert added(shared, before) == {}


def test_a_token_without_the_permission_is_refused_and_nothing_is_written(fresh):
    token = partner_without(fresh, ApiPermission.MANAGE_PROFILE)
    before = counts(fresh)
    for document in ("{ migrationTasks { handle } }", COMPLETE):
        answer = fresh.ask(document, {"handle": "CHOOSE_TOOLS"}, token=token)
        assert (answer.status, answer.codes) == (403, [(None, "403")])
    assert added(fresh, before) == {}


def test_a_task_is_completed_once_and_keeps_its_moment(fresh):
    before = counts(fresh)
    first = fresh.ask(COMPLETE, {"handle": "CHOOSE_TOOLS"}, headers={"X-Request-Id": "the-request"})
    moment = first.data["migrationTaskComplete"]["migrationTask"]["completedAt"]
    assert first.data["migrationTaskComplete"] == {
        "migrationTask": {"handle": "CHOOSE_TOOLS", "completedAt": moment},
        "userErrors": [],
    }
    # What is done, the row, its audit; then what is done is read again.
    assert first.statements == 4
    assert added(fresh, before) == {"migration_task_completions": 1, "audit_entries": 1}
    of_task = (completions.c.organization_id == 1, completions.c.handle == "CHOOSE_TOOLS")
    (row,) = fresh.rows(select(completions).where(*of_task))
    assert moment == row.completed_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert audited(fresh, "the-request") == [
        {
            "action": "migrationTaskComplete",
            "actor": partner_actor(fresh),
            "subject": "gid://partners/Organization/1",
            "organization_id": 1,
            "before": None,
            "after": {"handle": "CHOOSE_TOOLS", "completed_at": row.completed_at.isoformat()},
        }
    ]
    again = fresh.ask(COMPLETE, {"handle": "CHOOSE_TOOLS"})
    assert again.data == first.data
    assert again.statements == 2
    assert added(fresh, before) == {"migration_task_completions": 1, "audit_entries": 1}
    # Organization 2 did it long before, at its own moment.
    theirs = fresh.ask(COMPLETE, {"handle": "CHOOSE_TOOLS"}, token=fresh.other_partner)
    completed = theirs.data["migrationTaskComplete"]["migrationTask"]["completedAt"]
    assert completed == "2023-09-30T23:59:59.999999Z"
    assert added(fresh, before) == {"migration_task_completions": 1, "audit_entries": 1}


def test_two_who_complete_a_task_at_once_do_it_once(fresh):
    before = counts(fresh)
    answers = at_once(fresh, COMPLETE, {"handle": "CONTACT_CLIENTS"})
    assert answers[0].data == answers[1].data
    assert answers[0].data["migrationTaskComplete"]["userErrors"] == []
    assert added(fresh, before) == {"migration_task_completions": 1, "audit_entries": 1}


def test_a_key_repeats_the_answer_and_other_arguments_are_refused(fresh):
    before = counts(fresh)
    key = {"Idempotency-Key": "k"}
    first = fresh.ask(COMPLETE, {"handle": "CHOOSE_TOOLS"}, headers=key)
    assert fresh.ask(COMPLETE, {"handle": "CHOOSE_TOOLS"}, headers=key).data == first.data
    other = fresh.ask(COMPLETE, {"handle": "CONTACT_CLIENTS"}, headers=key)
    assert other.data["migrationTaskComplete"]["userErrors"][0]["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert added(fresh, before) == {"migration_task_completions": 1, "audit_entries": 1, "idempotency_keys": 1}


def test_the_marketplace_is_told_to_everybody_and_costs_no_statement(shared, shared_open):
    asked = "{ marketplace { phase } }"
    for token in (shared.partner, shared.merchant, shared.tokens.employee, None):
        answer = shared.ask(asked, token=token)
        assert (answer.data, answer.statements) == ({"marketplace": {"phase": "CLOSED"}}, 0)
    open_until = shared_open.ask("{ marketplace { phase newJobsUntil merchantAccessUntil } }").data["marketplace"]
    never = "2999-01-01T00:00:00.000000Z"
    assert open_until == {"phase": "OPEN", "newJobsUntil": never, "merchantAccessUntil": never}


def test_what_leaves_with_the_release_candidate_is_served_until_then(shared):
    assert shared.ask("{ migrationTasks { handle } }", version="2026-10").status == 200
    for field in ("migrationTasks { handle }", "marketplace { phase }"):
        answer = shared.ask(f"{{ {field} }}", version="2027-01")
        assert "doesn't exist on type 'QueryRoot'" in answer.body["errors"][0]["message"]


def test_asking_at_once_for_all_of_it_is_as_asking_alone(shared):
    async def together():
        body = {"query": DOCUMENT, "variables": {}}
        headers = {"X-Shopify-Access-Token": shared.partner}
        return await asyncio.gather(*(shared._post(f"/api/{NEWEST}/graphql.json", body, headers) for _ in range(5)))

    alone = shared.ask(DOCUMENT).data
    assert [answer.data for answer in shared.runner.run(together())] == [alone] * 5

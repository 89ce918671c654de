"""Reports of partners, which merchants write and support reads. The partner never learns that there is one."""

import secrets
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from gateway.errors import Busy, Reason, UserErrorCode, UserErrors
from gateway.execution.rows import Pages, Rows
from gateway.execution.sources import Call, batch
from gateway.ids import new_id
from gateway.models.job import jobs
from gateway.models.report import partner_reports
from gateway.statements import insert_new
from gateway.viewer import ViewerKind
from resolvers import rules
from resolvers.context import Context
from resolvers.gid import gid, parse_as
from resolvers.listing import Listing, list_rows
from resolvers.loaders import reference
from resolvers.mutation import mutation
from resolvers.page import newest_first
from resolvers.pair import organization_of
from resolvers.write import Write

LONGEST_DESCRIPTION = 5_000
# Read out over the phone: without letters and digits that are taken for each other. Eight of them are 39 bits, so that
# nobody guesses a case, nor learns from numbers how many there are.
CASE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CASE_LENGTH = 8

REPORTS = Listing(table=partner_reports, order=newest_first("repo", "created_at"), filters={})

reported_job = reference(jobs, "organization_id", "job_id")
written = reference(partner_reports, "organization_id", "partner_report_id")


@batch()
async def list_reports(_parents: Rows, call: Call) -> Pages:
    return await list_rows(REPORTS, call)


@mutation("organization_id", "partner_report_id")
async def create(call: Call) -> tuple[Any, ...]:
    given = call.arguments["input"]
    context: Context = call.context
    partner_id = parse_as(given["partner_id"], {"Partner"})
    job_id = None if given.get("job_id") is None else parse_as(given["job_id"], {"Job"})
    if context.viewer.kind is not ViewerKind.MERCHANT:
        message = "Only merchants report partners: send the token of a merchant"
        raise UserErrors(Reason(UserErrorCode.NOT_ELIGIBLE, ("input",), message))
    async with context.write() as write:
        organization_id = await organization_of(write, context.scope, partner_id)
        has_job = job_id is None or await _has_job(write, context, organization_id, job_id)
        if reasons := list(check_create(given, is_partner=organization_id is not None, has_job=has_job)):
            raise UserErrors(*reasons)
        row = {
            "organization_id": organization_id,
            "id": new_id(),
            "case_number": case_number(context.now),
            "partner_id": partner_id,
            "shop_id": context.viewer.shop_id,
            "merchant_user_id": context.viewer.merchant_user_id,
            "kind": given["kind"],
            "description": given["description"].strip(),
            "job_id": job_id,
            "created_at": context.now,
        }
        if not (await write.execute(insert_new(partner_reports, write.is_postgresql), row)).rowcount:
            # Another report has the case number: all begins anew, with another one.
            raise Busy
        subject = gid("PartnerReport", row["id"])
        write.audit("partnerReportCreate", subject, organization_id=organization_id, after=row)
        return write.answers(organization_id, row["id"])


def check_create(given: Mapping[str, Any], *, is_partner: bool, has_job: bool) -> Iterator[Reason]:
    description = ("input", "description")
    if not is_partner:
        yield Reason(UserErrorCode.NOT_FOUND, ("input", "partnerId"), "There is no partner with this id")
    elif not has_job:
        yield Reason(UserErrorCode.NOT_FOUND, ("input", "jobId"), "The partner has no job of this id with the store")
    yield from rules.required(given["description"], description)
    yield from rules.text(given["description"], description, longest=LONGEST_DESCRIPTION)


def case_number(now: datetime) -> str:
    """`PR-2026-7KQ4M2ZD`."""
    return f"PR-{now.year}-{''.join(secrets.choice(CASE_LETTERS) for _ in range(CASE_LENGTH))}"


async def _has_job(write: Write, context: Context, organization_id: int | None, job_id: int) -> bool:
    """In every phase: the merchant may name its job after it can't be read any more."""
    if organization_id is None:
        return False
    own = (jobs.c.organization_id == organization_id, jobs.c.shop_id == context.viewer.shop_id, jobs.c.id == job_id)
    return (await write.execute(select(jobs.c.id).where(*own))).first() is not None

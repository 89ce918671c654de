"""Partners move leads on, and never back."""

import asyncio
from itertools import product

import pytest
from harness import NEWEST, Answer
from holders import partner_without, token_of
from leads import create, errors
from records import added, audited, counts, partner_actor
from sqlalchemy import select, update

from gateway.models.lead import LeadStatus, leads
from gateway.viewer import ApiPermission, ViewerKind
from resolvers.lead_write import check_move

UPDATE = """mutation ($id: ID!, $status: LeadStatus!) {
  leadUpdate(id: $id, status: $status) { lead { id status updatedAt } userErrors { code field message } }
}"""
ALLOWED = {
    ("NEW", "CONTACTED"),
    ("CONTACTED", "WON"),
    ("CONTACTED", "LOST"),
    ("NEW", "ARCHIVED"),
    ("CONTACTED", "ARCHIVED"),
    ("WON", "ARCHIVED"),
    ("LOST", "ARCHIVED"),
}


def move(gateway, number, status, token="", headers=None):
    return gateway.ask(UPDATE, {"id": f"gid://partners/Lead/{number}", "status": status}, token=token, headers=headers)


@pytest.mark.parametrize(("before", "after"), list(product(LeadStatus, LeadStatus)))
def test_leads_move_only_forward(before, after):
    codes = [(reason.code, reason.field) for reason in check_move(before, after)]
    assert codes == ([] if (before, after) in ALLOWED else [("WRONG_STATE", ("status",))])


def test_a_lead_moves_with_its_audit(fresh):
    before = counts(fresh)
    was = fresh.rows(select(leads).where(leads.c.id == 6))[0]
    answer = move(fresh, 6, "CONTACTED", headers={"X-Request-Id": "the-request"})
    lead = answer.data["leadUpdate"]["lead"]
    assert (lead["id"], lead["status"]) == ("gid://partners/Lead/6", "CONTACTED")
    # The lead, the change, the audit; then the lead is read back.
    assert answer.statements == 4
    assert added(fresh, before) == {"audit_entries": 1}
    now = fresh.rows(select(leads).where(leads.c.id == 6))[0]
    changed = {name for name in now._mapping if now._mapping[name] != was._mapping[name]}
    assert changed == {"status", "updated_at"}
    assert audited(fresh, "the-request") == [
        {
            "action": "leadUpdate",
            "actor": partner_actor(fresh),
            "subject": "gid://partners/Lead/6",
            "organization_id": 1,
            "before": {"status": "NEW"},
            "after": {"status": "CONTACTED"},
        }
    ]


def test_a_move_that_is_not_allowed_is_refused_and_nothing_is_written(shared):
    before, held = counts(shared), shared.rows(select(leads))
    answer = move(shared, 6, "WON")
    assert answer.data["leadUpdate"] == {
        "lead": None,
        "userErrors": [
            {"code": "WRONG_STATE", "field": ["status"], "message": "A lead that is NEW can't become WON"},
        ],
    }
    assert answer.statements == 1
    assert added(shared, before) == {}
    assert shared.rows(select(leads)) == held


def test_who_may_move_a_lead(fresh):
    """Lead 6 is organization 1's, sent by shop 7."""
    partner_2 = fresh.other_partner
    merchant = token_of(fresh, ViewerKind.MERCHANT, shop_id=7, merchant_user_id=8)
    forbidden = partner_without(fresh, ApiPermission.MANAGE_LEADS)
    allowed = token_of(fresh, ViewerKind.PARTNER, ApiPermission.MANAGE_LEADS, organization_id=1)
    before, held = counts(fresh), fresh.rows(select(leads))
    for token in (None, partner_2, merchant, fresh.merchant, fresh.tokens.employee):
        assert errors(move(fresh, 6, "CONTACTED", token), "leadUpdate") == [("NOT_FOUND", "id")]
    refused = move(fresh, 6, "CONTACTED", forbidden)
    assert (refused.status, refused.body["errors"][0]["extensions"]["code"]) == (403, "403")
    assert errors(move(fresh, 999, "CONTACTED"), "leadUpdate") == [("NOT_FOUND", "id")]
    assert (added(fresh, before), fresh.rows(select(leads))) == ({}, held)
    assert errors(move(fresh, 6, "CONTACTED", allowed), "leadUpdate") == []


def test_of_two_moves_at_once_one_is_refused(fresh):
    contacted = update(leads).where(leads.c.id == 6).values(status="CONTACTED")
    fresh.runner.run(fresh.database.run_sync(lambda connection: connection.execute(contacted)))
    before = counts(fresh)

    async def both() -> list[Answer]:
        headers = {"X-Shopify-Access-Token": fresh.partner}
        bodies = [
            {"query": UPDATE, "variables": {"id": "gid://partners/Lead/6", "status": status}}
            for status in ("WON", "LOST")
        ]
        return await asyncio.gather(*(fresh._post(f"/api/{NEWEST}/graphql.json", body, headers) for body in bodies))

    told = [errors(answer, "leadUpdate") for answer in fresh.runner.run(both())]
    assert sorted(told) == [[], [("WRONG_STATE", "status")]]
    assert added(fresh, before) == {"audit_entries": 1}


def test_a_lead_that_was_just_sent_goes_all_the_way(fresh):
    lead = create(fresh).data["leadCreate"]["lead"]
    number = lead["id"].rpartition("/")[2]
    states = [move(fresh, number, status).data["leadUpdate"]["lead"]["status"] for status in ("CONTACTED", "WON")]
    assert [*states, move(fresh, number, "ARCHIVED").data["leadUpdate"]["lead"]["status"]] == [
        "CONTACTED",
        "WON",
        "ARCHIVED",
    ]

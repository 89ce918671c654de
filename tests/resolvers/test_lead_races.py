"""Leads that are sent at the same time as other things happen."""

import asyncio
from datetime import UTC, datetime

import pytest
from harness import NEWEST, Answer
from leads import CREATE, GIVEN, errors
from records import added, counts

from gateway.ids import new_id
from gateway.models.block import partner_blocks
from gateway.viewer import Viewer, ViewerKind
from resolvers.context import Context
from resolvers.pair import lock_pair

NOW = datetime(2026, 1, 2, tzinfo=UTC)
URL = f"/api/{NEWEST}/graphql.json"
KEYED = {"query": CREATE, "variables": {"input": GIVEN, "key": "k"}}
BLOCK = {
    "organization_id": 1,
    "partner_id": 1,
    "shop_id": 1,
    "merchant_user_id": 1,
    "reason": "SPAM",
    "created_at": NOW,
    "closed_proposal_count": 0,
    "closed_job_count": 0,
    "closed_invoice_count": 0,
}


def test_a_hundred_equal_leads_with_one_key_are_one_lead_one_letter_and_one_answer(fresh):
    before = counts(fresh)

    async def all_at_once() -> list[Answer]:
        headers = {"X-Shopify-Access-Token": fresh.merchant}
        return await asyncio.gather(*(fresh._post(URL, KEYED, headers) for _ in range(100)))

    answers = fresh.runner.run(all_at_once())
    assert errors(answers[0]) == []
    assert [answer.body for answer in answers] == [answers[0].body] * 100
    assert added(fresh, before) == {"leads": 1, "deferred_jobs": 1, "audit_entries": 1, "idempotency_keys": 1}
    fresh.work()
    fresh.work()
    assert len(fresh.letters()) == 1


def test_two_merchants_with_one_key_write_two_leads(fresh):
    before = counts(fresh)

    async def both() -> list[Answer]:
        tokens = (fresh.merchant, fresh.tokens.merchants[3, 3])
        return await asyncio.gather(*(fresh._post(URL, KEYED, {"X-Shopify-Access-Token": each}) for each in tokens))

    leads = [answer.data["leadCreate"]["lead"] for answer in fresh.runner.run(both())]
    assert [lead["shop"]["id"] for lead in leads] == ["gid://partners/Shop/1", "gid://partners/Shop/3"]
    assert leads[0]["id"] != leads[1]["id"]
    assert added(fresh, before)["leads"] == 2
    fresh.work()
    assert len(fresh.letters()) == 2


def test_a_lead_waits_for_the_block_that_is_under_way_and_is_refused(fresh):
    viewer = Viewer(ViewerKind.MERCHANT, client_id=1, shop_id=1, merchant_user_id=1)
    context = Context(viewer, fresh.database, fresh.settings, NOW, "the-block")

    async def block_meanwhile() -> Answer:
        async with context.write() as write:
            await lock_pair(write, 1, 1)
            await write.insert(partner_blocks, BLOCK | {"id": new_id()})
            write.audit("partnerBlock", "gid://partners/PartnerBlock/1", organization_id=1)
            body = {"query": CREATE, "variables": {"input": GIVEN}}
            sending = asyncio.ensure_future(fresh._post(URL, body, {"X-Shopify-Access-Token": fresh.merchant}))
            await asyncio.sleep(0.3)
            assert not sending.done()
        return await sending

    before = counts(fresh)
    assert errors(fresh.runner.run(block_meanwhile())) == [("BLOCKED", "input.partnerId")]
    assert added(fresh, before) == {"partner_blocks": 1, "audit_entries": 1}


def test_leads_of_other_pairs_do_not_wait_for_a_block(fresh):
    if not fresh.database.is_postgresql:
        pytest.skip("SQLite has one writer at a time")
    viewer = Viewer(ViewerKind.MERCHANT, client_id=1, shop_id=1, merchant_user_id=1)
    context = Context(viewer, fresh.database, fresh.settings, NOW, "the-block")

    async def send_beside() -> Answer:
        async with context.write() as write:
            await lock_pair(write, 1, 1)
            body = {"query": CREATE, "variables": {"input": GIVEN}}
            answer = await fresh._post(URL, body, {"X-Shopify-Access-Token": fresh.tokens.merchants[3, 3]})
            write.audit("nothing", "gid://partners/PartnerBlock/1", organization_id=1)
            return answer

    assert errors(fresh.runner.run(send_beside())) == []

"""Blocks that run at the same time as others, and as what they forbid; and blocks that die half way."""

import asyncio
import random
from typing import Any

import pytest
from blocks import BLOCK, PARTNER, PREVIEW, SEND, codes, merchant, variables
from harness import NEWEST, Answer, Gateway
from holders import token_of
from leads import CREATE as WRITE_LEAD
from leads import GIVEN as LEAD
from records import added, counts
from sqlalchemy import select
from walking import held, walk

from gateway.models.audit import audit_entries
from gateway.models.collaborator import collaborators
from gateway.models.conversation import conversations, messages
from gateway.models.lead import leads
from gateway.viewer import ViewerKind

URL = f"/api/{NEWEST}/graphql.json"
CONVERSATION = "gid://partners/Conversation/2"
WRITTEN = {"partner_blocks": 1, "audit_entries": 5}

Request = tuple[str, dict[str, Any], str]


def together(gateway: Gateway, requests: list[Request]) -> list[Answer]:
    async def all_at_once() -> list[Answer]:
        return await asyncio.gather(
            *(
                gateway._post(URL, {"query": document, "variables": given}, {"X-Shopify-Access-Token": token})
                for document, given, token in requests
            )
        )

    return gateway.runner.run(all_at_once())


def test_of_fifty_blocks_at_once_one_has_an_effect(fresh):
    asked = variables(fresh)
    before = counts(fresh)
    answers = together(fresh, [(BLOCK, asked, merchant(fresh))] * 50)
    told = sorted(map(codes, answers))
    assert told == [[], *[["ALREADY_EXISTS"]] * 49]
    assert added(fresh, before) == WRITTEN


def test_a_hundred_blocks_with_one_key_are_one_block_and_one_answer(fresh):
    asked = variables(fresh, key="k")
    before = counts(fresh)
    answers = together(fresh, [(BLOCK, asked, merchant(fresh))] * 100)
    assert codes(answers[0]) == []
    assert [answer.body for answer in answers] == [answers[0].body] * 100
    assert added(fresh, before) == WRITTEN | {"idempotency_keys": 1}


def requests(gateway: Gateway) -> list[Request]:
    """What a block forbids, from both sides, and the block in the midst of it."""
    message = {"conversation": CONVERSATION, "body": "Hei"}
    sent = [
        (SEND, message, merchant(gateway)),
        (SEND, message, gateway.partner),
        (WRITE_LEAD, {"input": LEAD}, merchant(gateway)),
    ]
    asked = [each for each in sent for _ in range(10)]
    random.shuffle(asked)
    return [*asked[:15], (BLOCK, variables(gateway), merchant(gateway)), *asked[15:]]


@pytest.mark.parametrize("_round", range(3))
def test_nothing_is_sent_after_a_block_whatever_the_order_is(fresh_open, _round):
    asked = requests(fresh_open)
    before = counts(fresh_open)
    answers = together(fresh_open, asked)
    done = {"messages": 0, "leads": 0, "partner_blocks": 0}
    tables = {SEND: "messages", WRITE_LEAD: "leads", BLOCK: "partner_blocks"}
    for (document, _, _), answer in zip(asked, answers, strict=True):
        # Each succeeds or is refused for the block alone: no deadlock, no timeout surfaces.
        assert codes(answer) in ([], ["BLOCKED"])
        done[tables[document]] += codes(answer) == []
    assert done["partner_blocks"] == 1
    wrote = added(fresh_open, before)
    assert {name: wrote.get(name, 0) for name in done} == done
    assert order_of_audit(fresh_open)[-5:] == ["partnerBlock"] * 5
    [talk] = fresh_open.rows(select(conversations.c.status).where(conversations.c.id == 2))
    assert talk.status == "BLOCKED"
    after = counts(fresh_open)
    assert {code for answer in together(fresh_open, asked) for code in codes(answer)} == {"BLOCKED", "ALREADY_EXISTS"}
    assert added(fresh_open, after) == {}


ASK = """mutation ($input: CollaboratorRequestCreateInput!) {
  collaboratorRequestCreate(input: $input) { collaborator { id } userErrors { code } }
}"""


def test_no_request_for_access_is_open_after_a_block_whatever_the_order_is(fresh_open):
    """Between organization 1 and shop 7, which has given no access."""
    of_shop = token_of(fresh_open, ViewerKind.MERCHANT, shop_id=7, merchant_user_id=8)
    shop = fresh_open.ask("{ viewer { collaboratorRequestCode shop { myshopifyDomain } } }", token=of_shop).data[
        "viewer"
    ]
    given = {"shopDomain": shop["shop"]["myshopifyDomain"], "requestCode": shop["collaboratorRequestCode"]}
    request = (ASK, {"input": given | {"permissions": ["THEMES"]}}, fresh_open.partner)

    async def post(document: str, asked: dict[str, Any], token: str) -> Answer:
        body = {"query": document, "variables": asked}
        return await fresh_open._post(URL, body, {"X-Shopify-Access-Token": token})

    async def block_in_the_end() -> list[str]:
        """A request that came after the preview makes its confirmation stale: then the merchant looks once more."""
        told = ["CONFIRMATION_MISMATCH"]
        while told == ["CONFIRMATION_MISMATCH"]:
            seen = (await post(PREVIEW, {"partner": PARTNER}, of_shop)).data["partnerBlockPreview"]
            told = codes(await post(BLOCK, {"partner": PARTNER, "confirmation": seen["confirmation"]}, of_shop))
        return told

    async def all_at_once() -> list[Any]:
        asking = [post(*request) for _ in range(20)]
        return await asyncio.gather(*asking[:10], block_in_the_end(), *asking[10:])

    answers = fresh_open.runner.run(all_at_once())
    assert answers.pop(10) == []
    assert {tuple(codes(answer)) for answer in answers} <= {(), ("ALREADY_EXISTS",), ("BLOCKED",)}
    of_pair = (collaborators.c.organization_id == 1, collaborators.c.shop_id == 7, collaborators.c.ended_at.is_(None))
    assert fresh_open.rows(select(collaborators.c.id).where(*of_pair)) == []
    assert codes(fresh_open.ask(*request[:2])) == ["BLOCKED"]


def order_of_audit(gateway: Gateway) -> list[str]:
    """What was done, in the order in which transactions took the pair: their last statement is the audit's."""
    rows = gateway.rows(select(audit_entries.c.action).order_by(audit_entries.c.id))
    return [row.action for row in rows]


def test_the_pair_decides_between_a_block_and_what_waits_for_it(fresh_open):
    """Half of the messages are under way when the block comes: whoever is answered by BLOCKED left no row."""
    sent_before = len(fresh_open.rows(select(messages.c.id).where(messages.c.conversation_id == 2)))
    leads_before = len(fresh_open.rows(select(leads.c.id)))
    answers = together(fresh_open, requests(fresh_open))
    took = [answer for answer in answers if codes(answer) == []]
    now = len(fresh_open.rows(select(messages.c.id).where(messages.c.conversation_id == 2)))
    assert len(took) == 1 + now - sent_before + len(fresh_open.rows(select(leads.c.id))) - leads_before


@pytest.mark.slow
def test_killed_after_any_statement_all_of_a_block_is_there_or_nothing(fresh):
    asked = variables(fresh, key="k")
    before, counted = held(fresh), counts(fresh)
    data, statements = walk(fresh, BLOCK, asked, token=merchant(fresh))
    told = data["partnerBlock"]
    assert told["userErrors"] == []
    # The key, the partner, what is open, four tables, the block, the audit, the answer kept; the lock or BEGIN.
    assert statements == 11
    # Each preview also counts the deprecated fields that it asked for.
    assert {**added(fresh, counted), "deprecated_field_usage": 0} == {
        **WRITTEN,
        "idempotency_keys": 1,
        "deprecated_field_usage": 0,
    }
    changed = {name for name, rows in held(fresh).items() if rows != before[name]}
    closed = {"conversations", "proposals", "jobs", "collaborators"}
    assert changed == {"partner_blocks", "audit_entries", "idempotency_keys", *closed}
    # Whoever sent it hears of it when it is sent again.
    again = fresh.ask(BLOCK, asked, token=merchant(fresh))
    assert again.data == data

"""A merchant blocks a partner: what it is told before, and what is written then."""

from datetime import UTC, datetime

import pytest
from blocks import PARTNER, block, codes, merchant, preview, report, send, variables
from holders import token_of
from leads import create as write_lead
from records import added, audited, counts, newest
from sqlalchemy import insert, select, update

from gateway.ids import new_id
from gateway.models.block import partner_blocks
from gateway.models.collaborator import CollaboratorStatus, collaborators
from gateway.models.conversation import ConversationStatus, conversations
from gateway.models.invoice import InvoiceStatus, invoices
from gateway.models.job import JobStatus, ProposalStatus, jobs, proposals
from gateway.viewer import ApiPermission, ViewerKind

MOMENT = datetime(2023, 1, 1, tzinfo=UTC)
OPEN = {
    "partner": {"id": PARTNER},
    "conversations": [{"id": "gid://partners/Conversation/2", "status": "ACTIVE"}],
    "proposals": [{"id": "gid://partners/Proposal/5", "status": "SENT", "job": {"id": "gid://partners/Job/4"}}],
    "jobs": [{"id": "gid://partners/Job/4", "status": "OPENED"}],
    "invoices": [],
    "collaborator": {"id": "gid://partners/Collaborator/2", "status": "ACTIVE"},
}
BLOCKED = {
    "reason": "SPAM",
    "note": "Enough.",
    "closedProposalCount": 1,
    "closedJobCount": 1,
    "closedInvoiceCount": 0,
    "partner": {"id": PARTNER},
    "shop": {"id": "gid://partners/Shop/3"},
}


def test_the_preview_lists_what_would_be_closed_in_every_phase(shared, shared_open):
    for gateway in (shared, shared_open):
        told = preview(gateway)
        assert len(told.pop("confirmation")) == 64
        assert told == OPEN


def test_the_preview_shows_nothing_below_what_it_lists_once_the_marketplace_has_closed(shared):
    """Each of these jobs has requirements; nothing of shop 6 was ever refunded."""
    document = f"""{{ partnerBlockPreview(partnerId: "{PARTNER}") {{
      conversations {{ id messages {{ nodes {{ id }} }} }}
      jobs {{ id conversation {{ id }} requirements {{ question }} }}
      proposals {{ id job {{ id requirements {{ question }} proposals {{ id }} }} }}
    }} }}"""
    of_shop_6 = token_of(shared, ViewerKind.MERCHANT, shop_id=6, merchant_user_id=7)
    hidden = {"conversation": None, "requirements": []}
    assert shared.ask(document, token=of_shop_6).data["partnerBlockPreview"] == {
        "conversations": [{"id": "gid://partners/Conversation/5", "messages": {"nodes": []}}],
        "jobs": [{"id": "gid://partners/Job/7", **hidden}, {"id": "gid://partners/Job/13", **hidden}],
        "proposals": [],
    }
    job = {"id": "gid://partners/Job/4", "requirements": [], "proposals": []}
    told = shared.ask(document, token=merchant(shared)).data["partnerBlockPreview"]
    assert told["proposals"] == [{"id": "gid://partners/Proposal/5", "job": job}]
    # By themselves they are not there.
    alone = '{ node(id: "gid://partners/Job/4") { id } proposal: node(id: "gid://partners/Proposal/5") { id } }'
    assert shared.ask(alone, token=merchant(shared)).data == {"node": None, "proposal": None}


def test_a_preview_is_one_statement_for_what_is_open_and_one_for_each_list(shared_open):
    token = token_of(shared_open, ViewerKind.MERCHANT, shop_id=7, merchant_user_id=8)
    fields = "confirmation conversations { id } jobs { id } proposals { id job { id } } invoices { id job { id } }"
    answer = shared_open.ask(f'{{ partnerBlockPreview(partnerId: "{PARTNER}") {{ {fields} }} }}', token=token)
    assert len(answer.data["partnerBlockPreview"]["jobs"]) == 2
    # The partner, what is open, four lists; the jobs of proposals and invoices, together where both lists have come.
    assert answer.statements in (7, 8)


def test_the_objects_of_a_preview_can_be_counted_alone(shared_open):
    lists = " ".join(f"{name} {{ __typename }}" for name in ("conversations", "jobs", "proposals", "invoices"))
    document = f'{{ partnerBlockPreview(partnerId: "{PARTNER}") {{ {lists} }} }}'
    told = shared_open.ask(document, token=merchant(shared_open)).data["partnerBlockPreview"]
    assert {name: len(held) for name, held in told.items()} == {name: len(OPEN[name]) for name in told}


def test_there_is_no_preview_for_others_and_none_of_a_partner_that_is_not_there(shared):
    for token in (shared.partner, shared.tokens.employee, None):
        assert preview(shared, token=token) is None
    assert preview(shared, partner="gid://partners/Partner/999") is None
    # Listed once, and nothing is between it and shop 1.
    assert preview(shared, partner="gid://partners/Partner/6", token=shared.merchant) is None


def test_a_block_closes_all_that_is_open_and_tells_the_audit(fresh_open):
    before = counts(fresh_open)
    answer = block(fresh_open, note=" Enough. ")
    told = answer.data["partnerBlock"]
    row = newest(fresh_open, partner_blocks)
    assert told == {"partnerBlock": {"id": f"gid://partners/PartnerBlock/{row['id']}", **BLOCKED}, "userErrors": []}
    # The partner, on PostgreSQL the lock, what is open; four tables, the block, the audit. Then three are read back.
    assert answer.statements == 11 + fresh_open.database.is_postgresql
    assert added(fresh_open, before) == {"partner_blocks": 1, "audit_entries": 5}
    entries = {entry["subject"]: (entry["before"], entry["after"]) for entry in audited(fresh_open, "the-request")}
    assert {entry["action"] for entry in audited(fresh_open, "the-request")} == {"partnerBlock"}
    assert entries.pop(f"gid://partners/PartnerBlock/{row['id']}")[1]["note"] == "Enough."
    assert entries == {
        "gid://partners/Conversation/2": ({"status": "ACTIVE"}, {"status": "BLOCKED"}),
        "gid://partners/Proposal/5": ({"status": "SENT"}, {"status": "CLOSED"}),
        "gid://partners/Job/4": ({"status": "OPENED"}, {"status": "CLOSED"}),
        "gid://partners/Collaborator/2": ({"status": "ACTIVE"}, {"status": "REMOVED"}),
    }
    ended = fresh_open.rows(select(collaborators.c.ended_at).where(collaborators.c.id == 2))
    assert ended[0][0] == row["created_at"]
    nothing = {"conversations": [], "proposals": [], "jobs": [], "invoices": [], "collaborator": None}
    told = preview(fresh_open)
    assert told | nothing == told


EVERY_STATE = (
    (conversations, ConversationStatus, {"ACTIVE": "BLOCKED"}),
    (
        jobs,
        JobStatus,
        dict.fromkeys(("NEW", "OPENED", "RESPONDED", "AWAITING_RESPONSE", "INACTIVE"), "CLOSED"),
    ),
    (proposals, ProposalStatus, {"SENT": "CLOSED"}),
    (invoices, InvoiceStatus, {"OPEN": "CLOSED"}),
)


def fill(connection, shop_id):
    """A row in each state, between organization 1 and the shop."""
    row = {"organization_id": 1, "created_at": MOMENT, "last_event_at": MOMENT}
    money = {"organization_id": 1, "job_id": 900, "amount_cents": 100, "currency_code": "USD"}
    of_shop = {"shop_id": shop_id}
    for number, status in enumerate(ConversationStatus):
        own = of_shop | {"id": 900 + number, "status": status, "merchant_user_id": 6, "has_unread_messages": False}
        connection.execute(insert(conversations).values(row | own))
    for number, status in enumerate(JobStatus):
        own = of_shop | {"id": 900 + number, "status": status, "confirmed_completed": False}
        connection.execute(insert(jobs).values(row | own))
    for number, status in enumerate(ProposalStatus):
        connection.execute(
            insert(proposals).values(money | {"id": 900 + number, "status": status, "created_at": MOMENT})
        )
    for number, status in enumerate(InvoiceStatus):
        own = {"id": 900 + number, "status": status, "number": f"N{number}", "issued_at": MOMENT, "paid_at": MOMENT}
        connection.execute(insert(invoices).values(money | own))


def test_what_is_in_each_state_becomes_what_the_domain_says(fresh):
    fresh.runner.run(fresh.database.run_sync(lambda connection: fill(connection, 5)))
    token = token_of(fresh, ViewerKind.MERCHANT, shop_id=5, merchant_user_id=6)
    assert codes(block(fresh, token=token)) == []
    for table, states, becomes in EVERY_STATE:
        held = fresh.rows(select(table.c.status).where(table.c.id >= 900, table.c.id < 990).order_by(table.c.id))
        assert [row.status for row in held] == [becomes.get(state, state) for state in states], table.name
    row = newest(fresh, partner_blocks)
    assert [row[f"closed_{name}_count"] for name in ("proposal", "job", "invoice")] == [1, 5, 1]


@pytest.mark.parametrize("status", CollaboratorStatus)
def test_access_ends_and_a_request_is_cancelled(fresh, status):
    """Collaborator 2 of shop 3, in each state."""
    is_open = status in ("REQUESTED", "ACTIVE")
    given = {
        "status": status,
        "ended_at": None if is_open else MOMENT,
        "activated_at": MOMENT if status in ("ACTIVE", "REMOVED", "EXPIRED") else None,
    }
    changed = update(collaborators).where(collaborators.c.id == 2).values(given)
    fresh.runner.run(fresh.database.run_sync(lambda connection: connection.execute(changed)))
    assert codes(block(fresh)) == []
    [held] = fresh.rows(select(collaborators.c.status, collaborators.c.ended_at).where(collaborators.c.id == 2))
    assert held.status == {"REQUESTED": "CANCELLED", "ACTIVE": "REMOVED"}.get(status, status)
    assert (held.ended_at == MOMENT) is not is_open


CHANGED = {
    "a job came": insert(jobs).values(
        organization_id=1,
        id=900,
        shop_id=3,
        status="NEW",
        confirmed_completed=False,
        created_at=MOMENT,
        last_event_at=MOMENT,
    ),
    "a job went on": update(jobs).where(jobs.c.id == 4).values(status="RESPONDED"),
    "a proposal was taken": update(proposals).where(proposals.c.id == 5).values(status="ACCEPTED"),
    "access ended": update(collaborators).where(collaborators.c.id == 2).values(status="REMOVED", ended_at=MOMENT),
    "an invoice came": insert(invoices).values(
        organization_id=1,
        id=900,
        job_id=4,
        number="900",
        amount_cents=1,
        currency_code="USD",
        status="OPEN",
        issued_at=MOMENT,
    ),
}


@pytest.mark.parametrize("name", CHANGED)
def test_what_changed_since_the_preview_makes_the_confirmation_stale(fresh, name):
    asked = variables(fresh)
    fresh.runner.run(fresh.database.run_sync(lambda connection: connection.execute(CHANGED[name])))
    before = counts(fresh)
    assert codes(block(fresh, **asked)) == ["CONFIRMATION_MISMATCH"]
    assert added(fresh, before) == {}
    assert codes(block(fresh)) == []


def test_a_confirmation_is_of_one_partner_and_one_store(fresh):
    other = preview(fresh, partner="gid://partners/Partner/4")["confirmation"]
    assert codes(block(fresh, confirmation=other)) == ["CONFIRMATION_MISMATCH"]
    other = preview(fresh, token=fresh.merchant)["confirmation"]
    assert codes(block(fresh, confirmation=other)) == ["CONFIRMATION_MISMATCH"]


def test_a_second_block_is_refused_whatever_it_confirms(fresh):
    assert codes(block(fresh)) == []
    before = counts(fresh)
    assert codes(block(fresh)) == ["ALREADY_EXISTS"]
    assert codes(block(fresh, confirmation="x")) == ["ALREADY_EXISTS"]
    assert added(fresh, before) == {}


def test_every_reason_is_told_at_once(fresh):
    assert codes(block(fresh, confirmation="x", note="x" * 5_001)) == ["CONFIRMATION_MISMATCH", "TOO_LONG"]
    answer = block(fresh, confirmation="x", partner="gid://partners/Partner/999", note="\x07")
    assert codes(answer) == ["NOT_FOUND", "INVALID"]
    assert codes(block(fresh, note="   ")) == []
    assert newest(fresh, partner_blocks)["note"] is None


def test_neither_side_writes_to_the_other_afterwards(fresh_open):
    assert codes(block(fresh_open)) == []
    before = counts(fresh_open)
    assert codes(write_lead(fresh_open, merchant(fresh_open))) == ["BLOCKED"]
    assert codes(send(fresh_open)) == ["BLOCKED"]
    assert codes(send(fresh_open, token=fresh_open.partner)) == ["BLOCKED"]
    assert added(fresh_open, before) == {}
    # Reports and other stores go on.
    assert codes(report(fresh_open)) == []
    assert codes(write_lead(fresh_open)) == []
    assert codes(send(fresh_open, conversation=1, token=fresh_open.merchant)) == []


def test_the_partner_sees_that_the_conversation_is_blocked_and_nothing_else(fresh):
    block_id = block(fresh).data["partnerBlock"]["partnerBlock"]["id"]
    document = """query ($id: ID!) {
      conversation(id: "gid://partners/Conversation/2") { status }
      partnerBlocks { nodes { id } }
      node(id: $id) { id }
    }"""
    assert fresh.ask(document, {"id": block_id}).data == {
        "conversation": {"status": "BLOCKED"},
        "partnerBlocks": {"nodes": []},
        "node": None,
    }


LIST = "{ partnerBlocks { nodes { id note } pageInfo { hasNextPage } } }"


def test_the_store_lists_its_blocks_and_support_those_of_all(shared):
    listed = {
        name: [node["id"].rpartition("/")[2] for node in shared.ask(LIST, token=token).data["partnerBlocks"]["nodes"]]
        for name, token in {
            "shop 1": shared.merchant,
            "shop 3": merchant(shared),
            "support": shared.tokens.employee,
            "partner": shared.partner,
            "nobody": None,
        }.items()
    }
    assert listed == {"shop 1": ["4"], "shop 3": ["3"], "support": ["4", "3", "1", "2"], "partner": [], "nobody": []}
    assert shared.ask(LIST, token=merchant(shared)).statements == 1


def test_a_pair_that_was_blocked_before_there_was_anything_between_the_two(fresh_open):
    """Organization 1 was blocked by shop 2; a conversation that is still ACTIVE does not help."""
    row = {"organization_id": 1, "id": new_id(), "shop_id": 2, "merchant_user_id": 2, "status": "ACTIVE"}
    row |= {"has_unread_messages": False, "created_at": MOMENT, "last_event_at": MOMENT}
    fresh_open.runner.run(
        fresh_open.database.run_sync(lambda connection: connection.execute(insert(conversations), row))
    )
    token = token_of(fresh_open, ViewerKind.MERCHANT, shop_id=2, merchant_user_id=2)
    assert codes(send(fresh_open, conversation=row["id"], token=token)) == ["BLOCKED"]
    assert codes(send(fresh_open, conversation=row["id"], token=fresh_open.partner)) == ["BLOCKED"]


def test_a_partner_whose_token_may_everything_can_not_undo_a_block(fresh):
    """There is no call for it, in any version."""
    fields = fresh.ask('{ __type(name: "MutationRoot") { fields { name } } }').data["__type"]["fields"]
    assert [each["name"] for each in fields if "block" in each["name"].lower()] == ["partnerBlock"]
    assert not any("block" in permission.lower() for permission in ApiPermission)

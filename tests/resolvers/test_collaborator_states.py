"""Every state of a collaborator, every mutation, every caller: what is answered, and that a refusal writes nothing."""

import pytest
from collaborators import ID, STATES, bring_to, outcome, take
from holders import partner_without, token_of
from records import added, counts
from walking import held

from gateway.viewer import ApiPermission, ViewerKind

MUTATIONS = ("accept", "decline", "cancel", "update", "remove", "login")
OVER = {
    "merchant": "WRONG_STATE WRONG_STATE NOT_ELIGIBLE WRONG_STATE WRONG_STATE NOT_ELIGIBLE",
    "partner": "NOT_ELIGIBLE NOT_ELIGIBLE WRONG_STATE NOT_ELIGIBLE WRONG_STATE NOT_ELIGIBLE",
    "support": "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND WRONG_STATE",
}
# By caller, in the order of MUTATIONS: the state that follows, or the code of the refusal.
TABLE = {
    "REQUESTED": {
        "merchant": "ACTIVE DECLINED NOT_ELIGIBLE WRONG_STATE WRONG_STATE NOT_ELIGIBLE",
        "partner": "NOT_ELIGIBLE NOT_ELIGIBLE CANCELLED NOT_ELIGIBLE WRONG_STATE NOT_ELIGIBLE",
        "support": "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND WRONG_STATE",
    },
    "ACTIVE": {
        "merchant": "WRONG_STATE WRONG_STATE NOT_ELIGIBLE ACTIVE REMOVED NOT_ELIGIBLE",
        "partner": "NOT_ELIGIBLE NOT_ELIGIBLE WRONG_STATE NOT_ELIGIBLE REMOVED NOT_ELIGIBLE",
        "support": "NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND NOT_FOUND ACTIVE",
    },
    "ACTIVE, and due to end": OVER,
    "DECLINED": OVER,
    "CANCELLED": OVER,
    "REMOVED": OVER,
    "EXPIRED": OVER,
}
STRANGERS = ("another merchant", "another partner", "nobody")


@pytest.mark.parametrize("state", STATES)
def test_what_each_caller_can_do(fresh, state):
    bring_to(fresh, state)
    alone = ApiPermission.MANAGE_COLLABORATORS
    callers = {
        "merchant": fresh.merchant,
        "partner": fresh.partner,
        "support": fresh.tokens.employee,
        "a partner without the permission": partner_without(fresh, alone),
        "a partner with this permission alone": token_of(fresh, ViewerKind.PARTNER, alone, organization_id=1),
        "another merchant": fresh.tokens.merchants[3, 3],
        "another partner": fresh.other_partner,
        "nobody": None,
    }
    expected = {caller: row.split() for caller, row in TABLE[state].items()}
    expected["a partner with this permission alone"] = expected["partner"]
    # What only others do is not guarded by the permission; without it there is no collaborator.
    expected["a partner without the permission"] = ["NOT_FOUND", "NOT_FOUND", "403", "NOT_FOUND", "403", "NOT_FOUND"]
    expected |= {caller: ["NOT_FOUND"] * len(MUTATIONS) for caller in STRANGERS}
    cells = [
        (caller, mutation, told)
        for caller, row in expected.items()
        for mutation, told in zip(MUTATIONS, row, strict=True)
    ]
    before = held(fresh)
    for caller, mutation, told in cells:
        if told not in STATES:
            answer = take(fresh, mutation, callers[caller])
            assert (caller, mutation, outcome(answer)) == (caller, mutation, told)
            assert answer.statements <= 1
    assert held(fresh) == before
    for caller, mutation, told in cells:
        if told in STATES:
            bring_to(fresh, state)
            rows = counts(fresh)
            answer = take(fresh, mutation, callers[caller])
            assert (caller, mutation, outcome(answer)) == (caller, mutation, told)
            # The collaborator is looked for and locked, changed, audited; then it is read back.
            assert answer.statements == 4
            assert added(fresh, rows) == {"audit_entries": 1}


def test_every_mutation_refuses_what_is_no_collaborator(shared):
    before = counts(shared)
    for mutation in MUTATIONS:
        for token in (shared.partner, shared.merchant, shared.tokens.employee):
            assert outcome(take(shared, mutation, token, 999_999)) == "NOT_FOUND"
        other = take(shared, mutation, shared.partner, id="gid://partners/Invoice/1")
        assert outcome(other) == "INVALID_ID"
        assert outcome(take(shared, mutation, None, 1)) == "NOT_FOUND"
    assert added(shared, before) == {}


def test_support_is_answered_with_what_it_recorded_and_sees_no_collaborator_otherwise(fresh):
    bring_to(fresh, "ACTIVE")
    everything = """mutation ($id: ID!) { collaboratorLoginRecord(id: $id) {
      collaborator { id status permissions message partner { name } organization { id } shop { myshopifyDomain } }
    } }"""
    told = fresh.ask(everything, {"id": ID}, token=fresh.tokens.employee).data["collaboratorLoginRecord"]
    assert told["collaborator"] == {
        "id": ID,
        "status": "ACTIVE",
        "permissions": ["HOME", "THEMES"],
        "message": "Hello.",
        "partner": {"name": fresh.ask('{ partner(id: "gid://partners/Partner/1") { name } }').data["partner"]["name"]},
        "organization": {"id": "gid://partners/Organization/1"},
        "shop": {"myshopifyDomain": "fjellbutikken.myshopify.com"},
    }
    reads = """query ($id: ID!) {
      node(id: $id) { id } collaborator(id: $id) { id } collaborators(first: 5) { edges { node { id } } }
    }"""
    seen = fresh.ask(reads, {"id": ID}, token=fresh.tokens.employee).data
    assert seen == {"node": None, "collaborator": None, "collaborators": {"edges": []}}
    # A login that was refused shows nothing.
    bring_to(fresh, "REMOVED")
    assert fresh.ask(everything, {"id": ID}, token=fresh.tokens.employee).data == {
        "collaboratorLoginRecord": {"collaborator": None}
    }

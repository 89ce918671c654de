"""Each state of a refund request, each mutation, each caller: what is answered, and that refusals write nothing."""

import pytest
from holders import partner_without, token_of
from records import added, counts
from refunds import REQUEST, STATES, bring_to, move, outcome
from walking import held

from gateway.viewer import ApiPermission, ViewerKind

MUTATIONS = ("agree", "submit", "withdraw", "approve", "decline")
OVER = {
    "merchant": "WRONG_STATE NOT_ELIGIBLE WRONG_STATE NOT_ELIGIBLE NOT_ELIGIBLE",
    "partner": "WRONG_STATE WRONG_STATE WRONG_STATE NOT_ELIGIBLE NOT_ELIGIBLE",
    "support": "NOT_ELIGIBLE NOT_ELIGIBLE NOT_ELIGIBLE WRONG_STATE WRONG_STATE",
}
# By caller, in the order of MUTATIONS: the state that follows, or the code of the refusal.
TABLE = {
    "DISCUSSING, opened by the merchant": {
        "merchant": "WRONG_STATE NOT_ELIGIBLE WITHDRAWN NOT_ELIGIBLE NOT_ELIGIBLE",
        "partner": "AGREED NOT_AGREED WITHDRAWN NOT_ELIGIBLE NOT_ELIGIBLE",
        "support": "NOT_ELIGIBLE NOT_ELIGIBLE NOT_ELIGIBLE WRONG_STATE WRONG_STATE",
    },
    "DISCUSSING, opened by the partner": {
        "merchant": "AGREED NOT_ELIGIBLE WITHDRAWN NOT_ELIGIBLE NOT_ELIGIBLE",
        "partner": "WRONG_STATE NOT_AGREED WITHDRAWN NOT_ELIGIBLE NOT_ELIGIBLE",
        "support": "NOT_ELIGIBLE NOT_ELIGIBLE NOT_ELIGIBLE WRONG_STATE WRONG_STATE",
    },
    "AGREED": {
        "merchant": "WRONG_STATE NOT_ELIGIBLE WITHDRAWN NOT_ELIGIBLE NOT_ELIGIBLE",
        "partner": "WRONG_STATE SUBMITTED WITHDRAWN NOT_ELIGIBLE NOT_ELIGIBLE",
        "support": "NOT_ELIGIBLE NOT_ELIGIBLE NOT_ELIGIBLE WRONG_STATE WRONG_STATE",
    },
    "SUBMITTED": {
        "merchant": "WRONG_STATE NOT_ELIGIBLE WITHDRAWN NOT_ELIGIBLE NOT_ELIGIBLE",
        "partner": "WRONG_STATE WRONG_STATE WITHDRAWN NOT_ELIGIBLE NOT_ELIGIBLE",
        "support": "NOT_ELIGIBLE NOT_ELIGIBLE NOT_ELIGIBLE APPROVED DECLINED",
    },
    "APPROVED": OVER,
    "DECLINED": OVER,
    "WITHDRAWN": OVER,
}
STRANGERS = ("another merchant", "another partner", "nobody")
# The request is looked for, moved, audited; then it is read back.
STATEMENTS = {"agree": 4, "submit": 4, "withdraw": 4}
# The invoice is locked before, and what was paid is read; the adjustment is booked.
STATEMENTS |= {"decline": 5, "approve": 7}


@pytest.mark.parametrize("state", STATES)
def test_what_each_caller_can_do(fresh, state):
    bring_to(fresh, state)
    callers = {
        "merchant": fresh.merchant,
        "partner": fresh.partner,
        "support": fresh.tokens.employee,
        "a partner without the permission": partner_without(fresh, ApiPermission.MANAGE_DISPUTES),
        "a partner with this permission alone": token_of(
            fresh, ViewerKind.PARTNER, ApiPermission.MANAGE_DISPUTES, organization_id=1
        ),
        "another merchant": fresh.tokens.merchants[3, 3],
        "another partner": fresh.other_partner,
        "nobody": None,
    }
    expected = {caller: row.split() for caller, row in TABLE[state].items()}
    expected["a partner with this permission alone"] = expected["partner"]
    expected["a partner without the permission"] = ["403"] * len(MUTATIONS)
    expected |= {caller: ["NOT_FOUND"] * len(MUTATIONS) for caller in STRANGERS}
    cells = [
        (caller, mutation, told)
        for caller, row in expected.items()
        for mutation, told in zip(MUTATIONS, row, strict=True)
    ]
    before = held(fresh)
    for caller, mutation, told in cells:
        if told not in STATES and told != "DISCUSSING":
            answer = move(fresh, mutation, callers[caller])
            assert (caller, mutation, outcome(answer)) == (caller, mutation, told)
            # The request is looked for; of one who decides the invoice is locked before.
            assert answer.statements <= 2
    assert held(fresh) == before
    for caller, mutation, told in cells:
        if told in STATES:
            bring_to(fresh, state)
            rows = counts(fresh)
            answer = move(fresh, mutation, callers[caller])
            assert (caller, mutation, outcome(answer)) == (caller, mutation, told)
            assert answer.statements == STATEMENTS[mutation]
            booked = {"transactions": 1, "audit_entries": 2}
            assert added(fresh, rows) == (booked if mutation == "approve" else {"audit_entries": 1})


def test_every_mutation_refuses_what_is_no_refund_request(shared):
    before = counts(shared)
    for mutation in MUTATIONS:
        for token in (shared.partner, shared.tokens.employee):
            unknown = move(shared, mutation, token, "gid://partners/RefundRequest/999999")
            assert outcome(unknown) == "NOT_FOUND"
            assert outcome(move(shared, mutation, token, "gid://partners/Invoice/1")) == "INVALID_ID"
        assert move(shared, mutation, None, REQUEST).statements == 0
    assert added(shared, before) == {}

"""Access as merchants give, change and end it: what is written, what may be given, and what happens at once."""

import asyncio
from datetime import timedelta

import pytest
from collaborators import AHEAD, DOCUMENTS, ID, NUMBER, PAST, bring_to, outcome, take
from harness import NEWEST, Answer
from records import added, audited, counts, partner_actor
from sqlalchemy import select

from gateway.models.collaborator import collaborators
from resolvers.collaborator_write import check_given

OF_101 = select(collaborators).where(collaborators.c.id == NUMBER)


def row(gateway) -> dict:
    return dict(gateway.rows(OF_101)[0]._mapping)


def changed(before: dict, after: dict) -> set[str]:
    return {name for name in after if after[name] != before[name]}


def together(gateway, *calls: tuple[str, str]) -> list[Answer]:
    """Steps with their tokens, at once."""

    async def all_at_once() -> list[Answer]:
        url = f"/api/{NEWEST}/graphql.json"
        posts = [
            gateway._post(url, {"query": DOCUMENTS[step], "variables": {"id": ID}}, {"X-Shopify-Access-Token": token})
            for step, token in calls
        ]
        return await asyncio.gather(*posts)

    return gateway.runner.run(all_at_once())


@pytest.mark.parametrize(("given", "got"), [(None, ["HOME", "THEMES"]), (["THEMES"], ["THEMES"])])
def test_a_request_is_accepted_with_all_or_fewer_permissions(fresh, given, got):
    bring_to(fresh, "REQUESTED")
    before = row(fresh)
    assert outcome(take(fresh, "accept", fresh.merchant, permissions=given)) == "ACTIVE"
    after = row(fresh)
    assert changed(before, after) == {"status", "activated_at", "expires_at"} | ({"permissions"} if given else set())
    assert (after["permissions"], after["last_login_at"]) == (got, None)
    # That the merchant accepted counts as the first login.
    assert after["expires_at"] == after["activated_at"] + timedelta(days=90)
    [entry] = audited(fresh, "the-request")
    assert (entry["action"], entry["subject"], entry["organization_id"]) == ("collaboratorRequestAccept", ID, 1)
    nothing = {"activated_at": None, "expires_at": None}
    assert entry["before"] == {"status": "REQUESTED", "permissions": ["HOME", "THEMES"]} | nothing
    assert entry["after"] == {
        "status": "ACTIVE",
        "permissions": got,
        "activated_at": after["activated_at"].isoformat(),
        "expires_at": after["expires_at"].isoformat(),
    }


@pytest.mark.parametrize(
    ("given", "asked_for", "code"),
    [
        (["HOME"], ["HOME", "THEMES"], None),
        (["THEMES", "HOME"], ["HOME", "THEMES"], None),
        (["HOME", "ORDERS"], ["HOME", "THEMES"], "INVALID"),
        (["ORDERS"], ["HOME", "THEMES"], "INVALID"),
        (["HOME", "HOME"], ["HOME", "THEMES"], "INVALID"),
        ([], ["HOME", "THEMES"], "BLANK"),
        # Once it is given, the merchant may add to it.
        (["ORDERS"], None, None),
        (["ORDERS", "ORDERS"], None, "INVALID"),
        ([], None, "BLANK"),
    ],
)
def test_which_permissions_may_be_given(given, asked_for, code):
    told = [(reason.code, reason.field) for reason in check_given(given, asked_for)]
    assert told == ([(code, ("permissions",))] if code else [])


def test_more_than_was_asked_for_is_refused_and_nothing_is_written(fresh):
    bring_to(fresh, "REQUESTED")
    before, held = counts(fresh), row(fresh)
    answer = take(fresh, "accept", fresh.merchant, permissions=["HOME", "ORDERS", "APPS"])
    assert answer.data["collaboratorRequestAccept"] == {
        "collaborator": None,
        "userErrors": [
            {
                "code": "INVALID",
                "field": ["permissions"],
                "message": "The partner did not ask for ORDERS, APPS: give what it asked for, or less",
            }
        ],
    }
    assert (added(fresh, before), row(fresh)) == ({}, held)


def test_permissions_are_changed_to_what_the_merchant_names(fresh):
    bring_to(fresh, "ACTIVE")
    before = row(fresh)
    assert outcome(take(fresh, "update", fresh.merchant, permissions=["ORDERS", "HOME"])) == "ACTIVE"
    assert changed(before, row(fresh)) == {"permissions"}
    [entry] = audited(fresh, "the-request")
    assert (entry["before"], entry["after"]) == (
        {"permissions": ["HOME", "THEMES"]},
        {"permissions": ["ORDERS", "HOME"]},
    )
    for given, code in (([], "BLANK"), (["HOME", "HOME"], "INVALID")):
        assert outcome(take(fresh, "update", fresh.merchant, permissions=given)) == code


def test_what_ends_says_when(fresh):
    for state, step, told in (
        ("REQUESTED", "decline", "DECLINED"),
        ("REQUESTED", "cancel", "CANCELLED"),
        ("ACTIVE", "remove", "REMOVED"),
    ):
        bring_to(fresh, state)
        before = row(fresh)
        token = fresh.partner if step == "cancel" else fresh.merchant
        assert outcome(take(fresh, step, token)) == told
        after = row(fresh)
        assert changed(before, after) == {"status", "ended_at"}
        assert after["ended_at"] > PAST
    entry = audited(fresh, "the-request")[1]
    assert (entry["action"], entry["actor"]) == ("collaboratorRequestCancel", partner_actor(fresh))
    assert (entry["before"], entry["after"]["status"]) == ({"status": "REQUESTED", "ended_at": None}, "CANCELLED")


def test_of_two_steps_at_once_one_is_taken(fresh):
    merchant, partner = fresh.merchant, fresh.partner
    for state, calls, ways in (
        ("REQUESTED", (("accept", merchant), ("cancel", partner)), {"ACTIVE", "CANCELLED"}),
        ("REQUESTED", (("accept", merchant), ("decline", merchant)), {"ACTIVE", "DECLINED"}),
        ("REQUESTED", (("accept", merchant), ("accept", merchant)), {"ACTIVE"}),
        ("ACTIVE", (("remove", merchant), ("remove", partner)), {"REMOVED"}),
    ):
        for _ in range(3):
            bring_to(fresh, state)
            before = counts(fresh)
            told = sorted(outcome(answer) for answer in together(fresh, *calls))
            assert [told[1]] == ["WRONG_STATE"]
            assert told[0] == row(fresh)["status"]
            assert told[0] in ways
            assert added(fresh, before) == {"audit_entries": 1}


def test_access_that_was_removed_lets_nobody_log_in_and_may_be_asked_for_anew(fresh):
    bring_to(fresh, "ACTIVE", expires_at=AHEAD)
    told = sorted(
        outcome(answer) for answer in together(fresh, ("remove", fresh.partner), ("login", fresh.tokens.employee))
    )
    assert told in (["ACTIVE", "REMOVED"], ["REMOVED", "WRONG_STATE"])
    assert row(fresh)["status"] == "REMOVED"
    assert outcome(take(fresh, "login", fresh.tokens.employee)) == "WRONG_STATE"

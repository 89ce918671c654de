"""Requests for access: what a partner may send, what is written, and how many codes it may guess."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from collaborators import AHEAD, CREATE, GIVEN, STATES, bring_to, create, create_at, run
from harness import NEWEST, Answer
from holders import partner_without
from records import added, audited, counts, newest, partner_actor
from sqlalchemy import insert, select, update

from gateway.models.actor import shops
from gateway.models.collaborator import collaborators
from gateway.models.collaborator_attempt import collaborator_attempts
from gateway.viewer import ApiPermission
from resolvers.collaborator_attempt import domain_of, is_code
from resolvers.collaborator_request import check_input

NOW = datetime(2030, 1, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MICROSECOND = timedelta(microseconds=1)
WRITTEN = {"collaborators": 1, "audit_entries": 1}
COUNTED = {"collaborator_attempts": 1, "audit_entries": 1}
WRONG = [("INVALID", "input.requestCode")]
TOO_MANY = [("TOO_MANY_ATTEMPTS", "input.requestCode")]
NOWHERE = "no-such-shop.myshopify.com"


def errors_in(data) -> list[tuple[str, str]]:
    payload = data["collaboratorRequestCreate"]
    assert (payload["collaborator"] is None) == bool(payload["userErrors"])
    return [(each["code"], ".".join(each["field"])) for each in payload["userErrors"]]


def errors(answer: Answer) -> list[tuple[str, str]]:
    return errors_in(answer.data)


def test_a_request_is_written_with_its_audit(fresh):
    before = counts(fresh)
    answer = create(fresh)
    row = newest(fresh, collaborators)
    told = answer.data["collaboratorRequestCreate"]
    requested_at = told["collaborator"].pop("requestedAt")
    assert told == {
        "collaborator": {
            "id": f"gid://partners/Collaborator/{row['id']}",
            "status": "REQUESTED",
            "permissions": ["THEMES", "PRODUCTS"],
            "message": "To repair your theme.",
            "activatedAt": None,
            "lastLoginAt": None,
            "expiresAt": None,
            "endedAt": None,
            "organization": {"id": "gid://partners/Organization/1"},
            "partner": {"id": "gid://partners/Partner/1"},
            "shop": {"id": "gid://partners/Shop/5"},
        },
        "userErrors": [],
    }
    assert datetime.fromisoformat(requested_at) == row["requested_at"]
    # The shop, on PostgreSQL the lock, the facts, what is open; the request, the audit. Then four are read back.
    assert answer.statements == 9 + fresh.database.is_postgresql
    assert added(fresh, before) == WRITTEN
    # What the partner wrote is not told to support, which sees no collaborators.
    assert audited(fresh, "the-request") == [
        {
            "action": "collaboratorRequestCreate",
            "actor": partner_actor(fresh),
            "subject": f"gid://partners/Collaborator/{row['id']}",
            "organization_id": 1,
            "before": None,
            "after": {"shop_id": 5, "status": "REQUESTED", "permissions": ["THEMES", "PRODUCTS"]},
        }
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, []),
        ({"permissions": []}, [("BLANK", "permissions")]),
        ({"permissions": ["HOME", "THEMES", "HOME"]}, [("INVALID", "permissions")]),
        ({"message": None}, []),
        ({"message": "𝒦" * 5_000}, []),
        ({"message": "𝒦" * 5_001}, [("TOO_LONG", "message")]),
        ({"message": "\x1b[2J"}, [("INVALID", "message")]),
        ({"permissions": [], "message": "x" * 5_001}, [("BLANK", "permissions"), ("TOO_LONG", "message")]),
    ],
)
def test_what_a_request_may_hold(given, expected):
    told = check_input({"permissions": ["HOME"], "message": "Hello."} | given)
    assert [(reason.code, ".".join(reason.field)) for reason in told] == [
        (code, f"input.{field}") for code, field in expected
    ]


def test_what_is_wrong_whatever_the_shop_spends_no_code(shared):
    before = counts(shared)
    answer = create(shared, permissions=[], requestCode="0000")
    assert errors(answer) == [("BLANK", "input.permissions")]
    assert answer.statements == 0
    assert added(shared, before) == {}


def test_who_may_ask(fresh):
    without = partner_without(fresh, ApiPermission.MANAGE_COLLABORATORS)
    before = counts(fresh)
    for token in (None, fresh.merchant, fresh.tokens.employee):
        answer = create(fresh, token)
        assert errors(answer) == [("NOT_ELIGIBLE", "input")]
        assert answer.statements == 0
    forbidden = create(fresh, without)
    assert (forbidden.status, forbidden.body["errors"][0]["extensions"]["code"]) == (403, "403")
    assert added(fresh, before) == {}


@pytest.mark.parametrize("state", STATES)
def test_one_request_or_access_at_a_time(fresh, state):
    """Organization 1 and shop 1. What is due to end makes room, and is ended by it."""
    bring_to(fresh, state)
    before, held = counts(fresh), fresh.rows(select(collaborators))
    answer = create(fresh, shopDomain="fjellbutikken.myshopify.com", requestCode="4071")
    if state in ("REQUESTED", "ACTIVE"):
        assert errors(answer) == [("ALREADY_EXISTS", "input.shopDomain")]
        assert answer.statements == 3 + fresh.database.is_postgresql
        assert (added(fresh, before), fresh.rows(select(collaborators))) == ({}, held)
        return
    assert errors(answer) == []
    is_due = state == "ACTIVE, and due to end"
    assert added(fresh, before) == WRITTEN | {"audit_entries": 1 + is_due}
    statuses = select(collaborators.c.status).where(collaborators.c.organization_id == 1, collaborators.c.shop_id == 1)
    was = "EXPIRED" if is_due else state
    assert sorted(row.status for row in fresh.rows(statuses)) == sorted([was, "REQUESTED"])


def test_who_is_blocked_asks_in_vain(fresh):
    """Shop 2 has blocked organization 1; who does not know its code does not learn that either."""
    before = counts(fresh)
    answer = create(fresh, shopDomain="saigon-coffee-roasters.myshopify.com", requestCode="0093")
    assert errors(answer) == [("BLOCKED", "input.shopDomain")]
    assert added(fresh, before) == {}
    assert errors(create(fresh, shopDomain="saigon-coffee-roasters.myshopify.com", requestCode="0094")) == WRONG


@pytest.mark.parametrize(
    "address",
    [
        "quiet-harbour.myshopify.com",
        "Quiet-Harbour.MyShopify.com",
        "https://quiet-harbour.myshopify.com",
        "HTTPS://quiet-harbour.myshopify.com:443/admin?x=1",
        "http://someone@quiet-harbour.myshopify.com./",
    ],
)
def test_spellings_of_a_domain_are_one_domain(address):
    assert domain_of(address) == "quiet-harbour.myshopify.com"


@pytest.mark.parametrize("code", ["8343", "8342 ", " 8342", "342", "", "８３４２", "----"])
def test_only_the_code_itself_is_the_code(code):
    assert not is_code(code, "8342")
    assert not is_code(code, None)
    assert is_code("8342", "8342")


def guesses(gateway, count: int, now: datetime = NOW, **given) -> None:
    for place in range(count):
        told = create_at(gateway, now, **{"requestCode": f"{place:04d}"} | given)
        assert errors_in(told.data) == WRONG


@pytest.mark.parametrize("domain", [GIVEN["shopDomain"], NOWHERE])
def test_a_shop_that_there_is_not_is_not_told_from_a_wrong_code(fresh, domain):
    before = counts(fresh)
    answers = [create(fresh, shopDomain=domain, requestCode="0000") for _ in range(6)]
    [payload] = {str(answer.data) for answer in answers[:5]}
    assert payload == str(
        {
            "collaboratorRequestCreate": {
                "collaborator": None,
                "userErrors": [
                    {
                        "code": "INVALID",
                        "field": ["input", "requestCode"],
                        "message": "No store has this domain and this code: ask the merchant for both",
                    }
                ],
            }
        }
    )
    # The shop, on PostgreSQL the lock, the facts; what counts the code, the audit.
    assert {answer.statements for answer in answers[:5]} == {4 + fresh.database.is_postgresql}
    assert errors(answers[5]) == TOO_MANY
    assert answers[5].statements == 2 + fresh.database.is_postgresql
    assert added(fresh, before) == {name: 5 * rows for name, rows in COUNTED.items()}
    entry = audited(fresh, "the-request")[0]
    assert (entry["action"], entry["subject"]) == ("collaboratorRequestAttempt", "gid://partners/Organization/1")
    assert entry["after"].pop("attempted_at")
    assert entry["after"] == {"shop_domain": domain}


def test_a_shop_without_a_code_is_asked_in_vain(fresh):
    run(fresh, update(shops).where(shops.c.id == 5).values(request_code=None))
    for code in ("8342", "----", "", "None"):
        assert errors(create(fresh, requestCode=code)) == WRONG


def test_after_five_wrong_codes_the_right_one_is_refused_for_an_hour_and_not_longer(fresh):
    guesses(fresh, 4)
    assert errors_in(create_at(fresh, NOW + MICROSECOND, requestCode="0005").data) == WRONG
    before = counts(fresh)
    for now in (NOW + MICROSECOND, NOW + HOUR - MICROSECOND):
        assert errors_in(create_at(fresh, now).data) == TOO_MANY
    assert added(fresh, before) == {}
    # Four of them count no more at this moment; the fifth does for one more microsecond.
    assert errors_in(create_at(fresh, NOW + HOUR, requestCode="0006").data) == WRONG
    assert errors_in(create_at(fresh, NOW + HOUR).data) == []


def test_four_wrong_codes_are_forgiven(fresh):
    guesses(fresh, 4)
    assert errors_in(create_at(fresh, NOW).data) == []


def test_each_organization_and_each_shop_is_counted_by_itself(fresh):
    for _ in range(5):
        assert errors(create(fresh, requestCode="0000", shopDomain="https://Quiet-Harbour.myshopify.com/")) == WRONG
    assert errors(create(fresh)) == TOO_MANY
    assert errors(create(fresh, fresh.other_partner)) == []
    assert errors(create(fresh, shopDomain="camellia-tea.myshopify.com", requestCode="2716")) == []


def test_the_same_call_again_is_the_same_guess(fresh):
    before = counts(fresh)
    answers = [create(fresh, key="k", requestCode="0000") for _ in range(7)]
    assert [errors(answer) for answer in answers] == [WRONG] * 7
    assert added(fresh, before) == COUNTED | {"idempotency_keys": 1}


def test_what_counts_no_more_is_forgotten(fresh):
    row = {"organization_id": 1, "shop_domain": NOWHERE}
    moments = {1: NOW - HOUR - MICROSECOND, 2: NOW - HOUR, 3: NOW - HOUR + MICROSECOND, 4: NOW}
    run(
        fresh, *(insert(collaborator_attempts).values(row | {"id": n, "attempted_at": at}) for n, at in moments.items())
    )
    fresh.work(NOW - 2 * HOUR)
    assert len(fresh.rows(select(collaborator_attempts))) == 4
    assert "pruneCollaboratorAttempts" in fresh.work(NOW)
    assert [row.id for row in fresh.rows(select(collaborator_attempts).order_by(collaborator_attempts.c.id))] == [3, 4]


@pytest.mark.parametrize("domain", [GIVEN["shopDomain"], NOWHERE])
def test_fifty_guesses_at_once_are_five(fresh, domain):
    before = counts(fresh)
    codes = [f"{place:04d}" for place in range(49)] + ["8342"]
    answers = together(fresh, [{"input": GIVEN | {"shopDomain": domain, "requestCode": code}} for code in codes])
    told = [errors(answer) for answer in answers]
    # The right one is tried before the fifth wrong one, or not at all.
    done = told.count([])
    assert done <= (domain != NOWHERE)
    assert (told.count(WRONG), told.count(TOO_MANY)) == (5, 45 - done)
    assert added(fresh, before) == {
        name: rows
        for name, rows in {"collaborators": done, "collaborator_attempts": 5, "audit_entries": 5 + done}.items()
        if rows
    }


def test_of_twenty_requests_at_once_one_is_written(fresh):
    before = counts(fresh)
    told = [errors(answer) for answer in together(fresh, [{"input": GIVEN}] * 20)]
    assert (told.count([]), told.count([("ALREADY_EXISTS", "input.shopDomain")])) == (1, 19)
    assert added(fresh, before) == WRITTEN


def together(gateway, variables: list[dict]) -> list[Answer]:
    async def all_at_once() -> list[Answer]:
        headers = {"X-Shopify-Access-Token": gateway.partner}
        bodies = [{"query": CREATE, "variables": each} for each in variables]
        return await asyncio.gather(*(gateway._post(f"/api/{NEWEST}/graphql.json", body, headers) for body in bodies))

    return gateway.runner.run(all_at_once())


def test_access_that_lasts_is_no_reason_for_others(fresh):
    bring_to(fresh, "ACTIVE", expires_at=AHEAD)
    given = {"shopDomain": "fjellbutikken.myshopify.com", "requestCode": "4071"}
    assert errors(create(fresh, fresh.other_partner, **given)) == []

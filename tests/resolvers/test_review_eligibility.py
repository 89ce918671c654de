"""Who may review whom: every reason against it, and the moment from which it is allowed."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from moments import NOW, ask_at, at, viewer

from resolvers.review_eligibility import Facts, ineligibilities

DOCUMENT = (Path(__file__).parents[2] / "fixtures/documents/review_eligibility.graphql").read_text(encoding="utf-8")
ALL_WELL = Facts(
    paid_plan_eligible=True,
    organization_id=1,
    listed=True,
    is_offered=True,
    activated_at=at("2026-11-20T09:00:00Z"),
)
A_WEEK_LATER = at("2026-11-27T09:00:00Z")
TOO_SHORT = {"eligible": False, "eligibleAt": "2026-11-27T09:00:00.000000Z", "reasons": ["COLLABORATION_TOO_SHORT"]}
ELIGIBLE = {"eligible": True, "eligibleAt": None, "reasons": []}


def refused(*reasons: str) -> dict:
    return {"eligible": False, "eligibleAt": None, "reasons": list(reasons)}


def variables(partner_id: int, service: str) -> dict:
    return {"partnerId": f"gid://partners/Partner/{partner_id}", "serviceHandle": service}


@pytest.mark.parametrize(
    ("facts", "now", "reasons"),
    [
        (ALL_WELL, A_WEEK_LATER, []),
        (ALL_WELL, A_WEEK_LATER - timedelta(microseconds=1), ["COLLABORATION_TOO_SHORT"]),
        (ALL_WELL, A_WEEK_LATER - timedelta(seconds=1), ["COLLABORATION_TOO_SHORT"]),
        (replace(ALL_WELL, activated_at=None), A_WEEK_LATER, ["NOT_A_COLLABORATOR"]),
        (replace(ALL_WELL, listed=False), A_WEEK_LATER, ["PARTNER_NOT_LISTED"]),
        (replace(ALL_WELL, is_reviewed=True), A_WEEK_LATER, ["ALREADY_REVIEWED"]),
        (replace(ALL_WELL, paid_plan_eligible=False), A_WEEK_LATER, ["PLAN_NOT_ELIGIBLE"]),
        (replace(ALL_WELL, is_blocked=True), A_WEEK_LATER, ["BLOCKED"]),
        # What the partner offers is a matter of the review, not of who writes it.
        (replace(ALL_WELL, is_offered=False), A_WEEK_LATER, []),
        (
            replace(ALL_WELL, listed=False, is_reviewed=True, paid_plan_eligible=False, is_blocked=True),
            NOW,
            ["COLLABORATION_TOO_SHORT", "PARTNER_NOT_LISTED", "ALREADY_REVIEWED", "PLAN_NOT_ELIGIBLE", "BLOCKED"],
        ),
    ],
)
def test_each_rule_is_a_reason_of_its_own(facts, now, reasons):
    assert list(ineligibilities(facts, now)) == reasons


@pytest.mark.parametrize(
    ("shop_id", "partner_id", "service", "expected"),
    [
        (1, 1, "CUSTOMIZE_THEME", ELIGIBLE),
        (1, 1, "CUSTOMIZE_DESIGN", refused("ALREADY_REVIEWED")),
        (2, 1, "CUSTOMIZE_THEME", refused("NOT_A_COLLABORATOR", "BLOCKED")),
        (3, 1, "CUSTOMIZE_DESIGN", TOO_SHORT),
        # Time alone would not help.
        (3, 1, "CUSTOMIZE_THEME", refused("COLLABORATION_TOO_SHORT", "ALREADY_REVIEWED")),
        # Access that was removed, was asked for and has expired, was declined and cancelled.
        (4, 1, "CUSTOMIZE_THEME", refused("NOT_A_COLLABORATOR")),
        (6, 1, "CUSTOMIZE_DESIGN", refused("NOT_A_COLLABORATOR")),
        (7, 1, "CUSTOMIZE_THEME", refused("NOT_A_COLLABORATOR")),
        # A review that was rejected is one, too.
        (7, 1, "CUSTOMIZE_DESIGN", refused("NOT_A_COLLABORATOR", "ALREADY_REVIEWED")),
        (5, 1, "CUSTOMIZE_THEME", refused("NOT_A_COLLABORATOR", "PLAN_NOT_ELIGIBLE")),
        (8, 2, "CUSTOM_APPS_INTEGRATIONS", refused("NOT_A_COLLABORATOR", "PLAN_NOT_ELIGIBLE", "BLOCKED")),
        (4, 6, "EMAIL_MARKETING", refused("NOT_A_COLLABORATOR", "PARTNER_NOT_LISTED")),
        # An unlisted partner that the shop has nothing to do with is as one that does not exist.
        (1, 3, "CUSTOMIZE_THEME", refused("NOT_A_COLLABORATOR", "PARTNER_NOT_LISTED")),
        (1, 999, "CUSTOMIZE_THEME", refused("NOT_A_COLLABORATOR", "PARTNER_NOT_LISTED")),
    ],
)
def test_a_merchant_is_told_every_reason_in_one_statement(shared, shop_id, partner_id, service, expected):
    merchant = viewer(shared, "MERCHANT", shop_id=shop_id)
    told = ask_at(shared, NOW, merchant, DOCUMENT, variables(partner_id, service))
    assert told.data == {"reviewEligibility": expected}
    assert told.statements == 1


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-20T09:00:00Z", TOO_SHORT),
        ("2026-11-27T08:59:59Z", TOO_SHORT),
        ("2026-11-27T08:59:59.999999Z", TOO_SHORT),
        ("2026-11-27T09:00:00Z", ELIGIBLE),
        ("2027-02-18T08:59:59.999999Z", ELIGIBLE),
        # The access has ended by itself, whether or not anybody has noted it yet.
        ("2027-02-18T09:00:00Z", refused("NOT_A_COLLABORATOR")),
    ],
)
def test_a_partner_is_reviewed_from_a_week_of_access_on_and_until_it_ends(shared, moment, expected):
    merchant = viewer(shared, "MERCHANT", shop_id=3)
    told = ask_at(shared, at(moment), merchant, DOCUMENT, variables(1, "CUSTOMIZE_DESIGN"))
    assert told.data == {"reviewEligibility": expected}


@pytest.mark.parametrize(
    ("kind", "ids"), [("PARTNER", {"organization_id": 1}), ("EMPLOYEE", {"employee_id": 1}), ("ANONYMOUS", {})]
)
def test_others_than_merchants_never_may(shared, kind, ids):
    told = ask_at(shared, NOW, viewer(shared, kind, **ids), DOCUMENT, variables(1, "CUSTOMIZE_THEME"))
    assert told.data == {"reviewEligibility": refused("NOT_A_COLLABORATOR", "PLAN_NOT_ELIGIBLE")}


def test_a_service_that_does_not_exist_is_an_error_that_names_it(shared):
    answer = shared.ask(DOCUMENT, variables(1, "TIME_TRAVEL"), token=shared.merchant)
    assert answer.codes == [(["reviewEligibility"], "INVALID_ARGUMENT")]
    assert answer.body["errors"][0]["message"] == "The directory has no service TIME_TRAVEL"
    other = shared.ask(DOCUMENT, variables(1, "CUSTOMIZE_THEME") | {"partnerId": "gid://partners/Shop/1"})
    assert other.codes == [(["reviewEligibility"], "INVALID_ID")]

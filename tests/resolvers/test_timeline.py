"""The marketplace winds down and closes by the clock: what each kind of caller reaches a moment before, and at it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from moments import ask_at, at, executed, viewer

from gateway.settings import Settings, SettingsError
from resolvers.context import Context
from resolvers.scope import phase_at

PHASE = "{ marketplace { phase } }"
RECORDS = """{
  jobs(first: 250) { nodes { id requirements { question } proposals { id } invoices { id } } }
  conversations(first: 250) { nodes { id messages(first: 1) { nodes { id } } } }
  job(id: "gid://partners/Job/1") { id }
  conversation(id: "gid://partners/Conversation/1") { id }
  nodes(ids: ["gid://partners/Job/1", "gid://partners/Proposal/1", "gid://partners/Invoice/1", "gid://partners/Message/1"])
    { id }
}"""
NOTHING = {
    "jobs": {"nodes": []},
    "conversations": {"nodes": []},
    "job": None,
    "conversation": None,
    "nodes": [None] * 4,
}
BOUNDARIES = [
    ("2000-01-01T00:00:00Z", "OPEN"),
    ("2023-09-30T23:59:59.999999Z", "OPEN"),
    ("2023-10-01T00:00:00Z", "WINDING_DOWN"),
    ("2023-11-30T23:59:59.999999Z", "WINDING_DOWN"),
    ("2023-12-01T00:00:00Z", "CLOSED"),
    ("2999-01-01T00:00:00Z", "CLOSED"),
]


@pytest.mark.parametrize(("moment", "phase"), BOUNDARIES)
def test_the_phase_follows_from_the_clock(shared, moment, phase):
    assert phase_at(at(moment), Settings()) == phase
    for kind, ids in (("ANONYMOUS", {}), ("MERCHANT", {"shop_id": 1}), ("PARTNER", {"organization_id": 1})):
        assert ask_at(shared, at(moment), viewer(shared, kind, **ids), PHASE).data == {"marketplace": {"phase": phase}}


@pytest.mark.parametrize(("moment", "phase"), BOUNDARIES)
def test_merchants_reach_the_marketplace_until_it_is_closed_and_partners_always(shared, moment, phase):
    merchant = ask_at(shared, at(moment), viewer(shared, "MERCHANT", shop_id=1, merchant_user_id=1), RECORDS).data
    partner = ask_at(shared, at(moment), viewer(shared, "PARTNER", organization_id=1), RECORDS).data
    assert all(partner["nodes"])
    assert (len(partner["jobs"]["nodes"]), len(partner["conversations"]["nodes"])) == (14, 6)
    if phase == "CLOSED":
        assert merchant == NOTHING
    else:
        assert all(merchant["nodes"])
        assert (len(merchant["jobs"]["nodes"]), len(merchant["conversations"]["nodes"])) == (4, 1)
        assert merchant["job"] == {"id": "gid://partners/Job/1"}
        assert merchant["jobs"]["nodes"][-1]["requirements"]


@pytest.mark.parametrize("kind", ["ANONYMOUS", "EMPLOYEE"])
def test_nobody_else_reaches_it_in_any_phase(shared, kind):
    ids = {"employee_id": 1} if kind == "EMPLOYEE" else {}
    for moment, _ in BOUNDARIES:
        assert ask_at(shared, at(moment), viewer(shared, kind, **ids), RECORDS).data == NOTHING


def test_the_two_dates_are_settings(shared):
    dates = {
        "GATEWAY_MARKETPLACE_WINDING_DOWN_FROM": "2030-01-01",
        "GATEWAY_MARKETPLACE_CLOSED_FROM": "2030-02-01T12:00:00+02:00",
    }
    read = Settings.from_env(dates)
    settings = replace(
        shared.settings,
        marketplace_winding_down_from=read.marketplace_winding_down_from,
        marketplace_closed_from=read.marketplace_closed_from,
    )
    asked = "{ marketplace { phase newJobsUntil merchantAccessUntil } jobs(first: 1) { nodes { id } } }"
    merchant = viewer(shared, "MERCHANT", shop_id=1)
    told = []
    for moment in (
        datetime(2030, 2, 1, 10, tzinfo=UTC) - timedelta(microseconds=1),
        datetime(2030, 2, 1, 10, tzinfo=UTC),
    ):
        context = Context(merchant, shared.database, settings, moment, "the-request")
        data = shared.runner.run(executed(context, asked)).data
        told.append((data["marketplace"]["phase"], len(data["jobs"]["nodes"])))
    assert told == [("WINDING_DOWN", 1), ("CLOSED", 0)]
    assert data["marketplace"] == {
        "phase": "CLOSED",
        "newJobsUntil": "2030-01-01T00:00:00.000000Z",
        "merchantAccessUntil": "2030-02-01T10:00:00.000000Z",
    }


@pytest.mark.parametrize("seconds", ["172801", "inf", "nan", "0", "-1", "soon"])
def test_a_review_waits_for_two_days_at_most(seconds):
    with pytest.raises(SettingsError, match="GATEWAY_REVIEW_PUBLISHED_AFTER"):
        Settings.from_env({"GATEWAY_REVIEW_PUBLISHED_AFTER": seconds})


def test_a_review_may_wait_for_two_days():
    read = Settings.from_env({"GATEWAY_REVIEW_PUBLISHED_AFTER": "172800"})
    assert (read.review_published_after, Settings().review_published_after) == (172_800, 86_400)

"""Both engines answer the client documents of 2026-07 alike, field by field."""

from pathlib import Path

import pytest
from stream_model import between

DOCUMENTS = Path(__file__).parents[2] / "fixtures" / "documents"


@pytest.fixture
def walked(template, tmp_path):
    """The same gateway, whose documents graphql-core executes."""
    with template.copy(tmp_path, engine="graphql-core") as gateway:
        yield gateway


def ask(gateway, name, variables):
    return gateway.ask((DOCUMENTS / name).read_text(encoding="utf-8"), variables, version="2026-07").data


def test_the_documents_of_2026_07_answer_the_same_under_both_engines(shared, walked):
    for year in range(2022, 2027):
        wanted = {"filter": {"occurredAtMin": f"{year}-01-01", "occurredAtMax": f"{year}-12-31"}, "first": 250}
        answer = ask(shared, "events.graphql", wanted)
        assert answer == ask(walked, "events.graphql", wanted)
        assert len(answer["events"]["edges"]) == len(between(f"{year}-01-01", f"{year}-12-31"))
    for app, shop in ((2, 3), (1, 3), (1, 6), (1, 1)):
        wanted = {"appId": f"gid://shopify/App/{app}", "shopId": f"gid://shopify/Shop/{shop}"}
        assert ask(shared, "active_subscription.graphql", wanted) == ask(walked, "active_subscription.graphql", wanted)


def test_a_charge_tells_what_was_used_of_its_plan(shared):
    wanted = {"filter": {"occurredAtMin": "2023-05-01", "occurredAtMax": "2023-05-01"}}
    (edge,) = ask(shared, "events.graphql", wanted)["events"]["edges"]
    charge = edge["node"]
    assert (charge["chargeType"], charge["usageQuantity"], charge["planHandle"]) == ("USAGE", "128", "pay-as-you-go")
    assert (charge["amount"]["amount"], charge["cappedAmount"], charge["balanceUsed"]) == ("6.40", "100.00", "6.40")
    assert charge["chargedId"] == charge["metadata"]["legacyChargeId"] == "gid://shopify/AppUsageRecord/3"


def test_an_earning_tells_its_amounts_and_its_day(shared):
    wanted = {"filter": {"occurredAtMin": "2024-01-31", "occurredAtMax": "2024-02-01"}}
    (edge,) = ask(shared, "events.graphql", wanted)["events"]["edges"]
    earning = edge["node"]
    names = ("grossAmount", "netAmount", "shopifyFee")
    assert [earning[name]["amount"] for name in names] == ["299.00", "288.84", "0.00"]
    assert (earning["earningType"], earning["settlementDate"]) == ("CHARGE", "2024-01-31")
    assert earning["description"] == "Growth, billed each year"


def test_a_subscription_s_change_tells_its_plan_and_the_trial_that_was_left(shared):
    wanted = {"filter": {"occurredAtMin": "2024-01-20T15:31:12Z", "occurredAtMax": "2024-01-21"}}
    (edge,) = ask(shared, "events.graphql", wanted)["events"]["edges"]
    change = edge["node"]
    assert (change["subscriptionState"], change["cancelEffectiveOn"]) == ("CREATED", None)
    assert (change["plan"]["handle"], change["plan"]["trialDays"], change["plan"]["trialDaysRemaining"]) == (
        "growth-annual",
        7,
        7,
    )
    assert [price["__typename"] for price in change["plan"]["prices"]] == ["FlatRatePlanPrice", "TieredPlanPrice"]

"""Partners say what their services cost, and their least price follows."""

import asyncio
from decimal import Decimal

import pytest
from harness import NEWEST, Answer, Gateway
from holders import partner_without
from leads import errors
from records import added, audited, counts, partner_actor
from sqlalchemy import select, text

from gateway.models.offering import Pricing, service_offerings
from gateway.models.partner import partners
from gateway.viewer import ApiPermission
from resolvers.offering_write import check_prices

SET = """mutation ($input: ServiceOfferingSetInput!) {
  serviceOfferingSet(input: $input) {
    serviceOffering {
      id pricing description featured minPrice { amount currencyCode } maxPrice { amount } service { handle }
    }
    userErrors { code field message }
  }
}"""
DELETE = "mutation ($id: ID!) { serviceOfferingDelete(id: $id) { deletedId userErrors { code field } } }"


def set_offering(gateway: Gateway, token: str | None = "", **given) -> Answer:
    asked = {"serviceHandle": "EMAIL_MARKETING", "pricing": "STARTING_AT", "minPrice": "10.50"} | given
    return gateway.ask(SET, {"input": asked}, token=token, headers={"X-Request-Id": "the-request"})


def delete(gateway: Gateway, number: int, token: str | None = "") -> Answer:
    return gateway.ask(DELETE, {"id": f"gid://partners/ServiceOffering/{number}"}, token=token)


def least(gateway: Gateway, organization_id: int = 1) -> int | None:
    of_partner = partners.c.organization_id == organization_id
    return gateway.rows(select(partners.c.starting_price_cents).where(of_partner))[0][0]


def test_an_offering_is_made_and_the_least_price_follows(fresh):
    before = counts(fresh)
    answer = set_offering(fresh, description=" Letters. ", featured=True)
    offering = answer.data["serviceOfferingSet"]["serviceOffering"]
    made_id = offering.pop("id")
    assert offering == {
        "pricing": "STARTING_AT",
        "description": "Letters.",
        "featured": True,
        "minPrice": {"amount": "10.50", "currencyCode": "USD"},
        "maxPrice": None,
        "service": {"handle": "EMAIL_MARKETING"},
    }
    # The partner, the service with the offering; the offering, the least price, the audit. Then two are read back.
    assert answer.statements == 7
    assert added(fresh, before) == {"service_offerings": 1, "audit_entries": 1}
    assert least(fresh) == 1050
    [entry] = audited(fresh, "the-request")
    assert (entry["action"], entry["actor"], entry["subject"], entry["before"]) == (
        "serviceOfferingSet",
        partner_actor(fresh),
        made_id,
        None,
    )


def test_it_is_replaced_as_a_whole_and_keeps_its_id(fresh):
    before = counts(fresh)
    answer = set_offering(fresh, serviceHandle="CUSTOMIZE_THEME", pricing="RANGE", minPrice="40", maxPrice="40")
    offering = answer.data["serviceOfferingSet"]["serviceOffering"]
    assert offering == {
        "id": "gid://partners/ServiceOffering/2",
        "pricing": "RANGE",
        "description": None,
        "featured": False,
        "minPrice": {"amount": "40.00", "currencyCode": "USD"},
        "maxPrice": {"amount": "40.00"},
        "service": {"handle": "CUSTOMIZE_THEME"},
    }
    assert answer.statements == 7
    assert added(fresh, before) == {"audit_entries": 1}
    assert least(fresh) == 4000
    [entry] = audited(fresh, "the-request")
    assert entry["before"] == {
        "service_handle": "CUSTOMIZE_THEME",
        "pricing": "RANGE",
        "min_price_cents": 100000,
        "max_price_cents": 300000,
        "description": "Small changes within a week.",
        "featured": True,
    }


def test_a_price_on_request_counts_for_nothing(fresh):
    set_offering(fresh, serviceHandle="TROUBLESHOOTING_AND_PROBLEM_RESOLUTION", pricing="CONTACT", minPrice=None)
    assert least(fresh) == 25050


@pytest.mark.parametrize(
    ("pricing", "lowest", "highest", "expected"),
    [
        ("STARTING_AT", "0", None, []),
        ("STARTING_AT", "10000000", None, []),
        ("STARTING_AT", "10000000.01", None, [("INVALID", "minPrice")]),
        ("STARTING_AT", "-0.01", None, [("INVALID", "minPrice")]),
        ("STARTING_AT", "0.001", None, [("INVALID", "minPrice")]),
        ("STARTING_AT", None, None, [("BLANK", "minPrice")]),
        ("STARTING_AT", "1", "2", [("INVALID", "maxPrice")]),
        ("STARTING_AT", None, "2", [("BLANK", "minPrice"), ("INVALID", "maxPrice")]),
        ("RANGE", "1", "1", []),
        ("RANGE", "1", "1.01", []),
        ("RANGE", "1.01", "1", [("INVALID", "maxPrice")]),
        ("RANGE", "1", None, [("BLANK", "maxPrice")]),
        ("RANGE", None, None, [("BLANK", "minPrice"), ("BLANK", "maxPrice")]),
        ("CONTACT", None, None, []),
        ("CONTACT", "0", None, [("INVALID", "minPrice")]),
        ("CONTACT", "1", "2", [("INVALID", "minPrice"), ("INVALID", "maxPrice")]),
    ],
)
def test_which_prices_go_with_which_pricing(pricing, lowest, highest, expected):
    given = [None if price is None else Decimal(price) for price in (lowest, highest)]
    told = [(reason.code.value, reason.field[1]) for reason in check_prices(Pricing(pricing), *given)]
    assert told == expected


def test_every_broken_rule_is_told_and_nothing_is_written(shared):
    before = counts(shared)
    answer = set_offering(
        shared, serviceHandle="?", pricing="RANGE", minPrice="2", maxPrice="1", description="x" * 2001
    )
    assert errors(answer, "serviceOfferingSet") == [
        ("NOT_FOUND", "input.serviceHandle"),
        ("INVALID", "input.maxPrice"),
        ("TOO_LONG", "input.description"),
    ]
    assert answer.statements == 2
    assert errors(set_offering(shared, description=" "), "serviceOfferingSet") == [("BLANK", "input.description")]
    assert added(shared, before) == {}


def test_an_offering_is_taken_back(fresh):
    before = counts(fresh)
    answer = delete(fresh, 5)
    deleted = {"deletedId": "gid://partners/ServiceOffering/5", "userErrors": []}
    assert answer.data == {"serviceOfferingDelete": deleted}
    # The partner, its offerings; the offering, the least price, the audit.
    assert answer.statements == 5
    assert added(fresh, before) == {"service_offerings": -1, "audit_entries": 1}
    assert least(fresh) == 25050
    assert errors(delete(fresh, 5), "serviceOfferingDelete") == [("NOT_FOUND", "id")]


def test_of_a_listed_partner_the_last_one_stays_even_of_two_deletions_at_once(fresh):
    for number in (1, 2, 3):
        delete(fresh, number)

    async def both() -> list[Answer]:
        headers = {"X-Shopify-Access-Token": fresh.partner}
        bodies = [
            {"query": DELETE, "variables": {"id": f"gid://partners/ServiceOffering/{number}"}} for number in (4, 5)
        ]
        return await asyncio.gather(*(fresh._post(f"/api/{NEWEST}/graphql.json", body, headers) for body in bodies))

    told = [errors(answer, "serviceOfferingDelete") for answer in fresh.runner.run(both())]
    assert sorted(told) == [[], [("WRONG_STATE", "id")]]
    [left] = fresh.rows(select(service_offerings).where(service_offerings.c.organization_id == 1))
    assert least(fresh) == left.min_price_cents


def test_many_prices_at_once_leave_the_least_one(fresh):
    handles = ["EMAIL_MARKETING", "HEADLESS_COMMERCE", "WHOLESALE_OR_B2B", "CUSTOM_APPS_INTEGRATIONS"]

    async def all_at_once() -> list[Answer]:
        headers = {"X-Shopify-Access-Token": fresh.partner}
        given = [
            {"serviceHandle": handle, "pricing": "STARTING_AT", "minPrice": str(price)}
            for price, handle in enumerate(handles * 3, start=1)
        ]
        bodies = [{"query": SET, "variables": {"input": each}} for each in given]
        return await asyncio.gather(*(fresh._post(f"/api/{NEWEST}/graphql.json", body, headers) for body in bodies))

    assert [errors(answer, "serviceOfferingSet") for answer in fresh.runner.run(all_at_once())] == [[]] * 12
    prices = select(service_offerings.c.min_price_cents).where(service_offerings.c.organization_id == 1)
    held = [price for (price,) in fresh.rows(prices) if price is not None]
    assert len(held) == 8
    assert least(fresh) == min(held)


def test_the_search_finds_what_is_offered(fresh):
    found = {
        True: "SELECT organization_id FROM partner_search WHERE document @@ to_tsquery('simple', 'wholesale')",
        False: "SELECT rowid FROM partner_search WHERE partner_search MATCH 'wholesale'",
    }
    statement = text(found[fresh.database.is_postgresql])
    assert (1,) not in fresh.rows(statement)
    set_offering(fresh, serviceHandle="WHOLESALE_OR_B2B")
    assert (1,) in fresh.rows(statement)


def test_who_may_change_offerings(fresh):
    forbidden = partner_without(fresh, ApiPermission.MANAGE_PROFILE)
    held = fresh.rows(select(service_offerings).order_by(service_offerings.c.id))
    before = counts(fresh)
    for token in (None, fresh.merchant, fresh.tokens.employee):
        assert errors(set_offering(fresh, token), "serviceOfferingSet") == [("NOT_FOUND", "input")]
        assert errors(delete(fresh, 5, token), "serviceOfferingDelete") == [("NOT_FOUND", "id")]
    assert errors(delete(fresh, 5, fresh.other_partner), "serviceOfferingDelete") == [("NOT_FOUND", "id")]
    assert [set_offering(fresh, forbidden).status, delete(fresh, 5, forbidden).status] == [403, 403]
    assert (added(fresh, before), fresh.rows(select(service_offerings).order_by(service_offerings.c.id))) == ({}, held)

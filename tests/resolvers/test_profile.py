"""Partners change their profiles: what is given changes, the rest stays."""

from datetime import UTC, datetime

import pytest
from harness import Answer, Gateway
from holders import partner_without, token_of
from leads import errors
from records import added, audited, counts, partner_actor
from sqlalchemy import select, text

from gateway.models.partner import partner_locations, partners
from gateway.viewer import ApiPermission, ViewerKind

PARTNER = """
  name slug description acceptsNewClients contactEmail contactPhone websiteUrl listed
  location { city countryCode } additionalLocations { city countryCode }
  languages { code } industries { handle } socialLinks { network url }
"""
UPDATE = f"""mutation ($input: PartnerProfileUpdateInput!) {{
  partnerProfileUpdate(input: $input) {{ partner {{ {PARTNER} }} userErrors {{ code field message }} }}
}}"""
READ = f'{{ partner(id: "gid://partners/Partner/1") {{ {PARTNER} }} }}'


def change(gateway: Gateway, given: dict, token: str | None = "") -> Answer:
    return gateway.ask(UPDATE, {"input": given}, token=token, headers={"X-Request-Id": "the-request"})


def told(gateway: Gateway, given: dict, token: str | None = "") -> list[tuple[str, str]]:
    return errors(change(gateway, given, token), "partnerProfileUpdate")


def row(gateway: Gateway, organization_id: int = 1):
    return gateway.rows(select(partners).where(partners.c.organization_id == organization_id))[0]


def test_everything_can_be_changed_at_once(fresh):
    before = counts(fresh)
    wanted = {
        "name": "Nordlys & Co.",
        "description": "Stores.\nAnd more.",
        "acceptsNewClients": False,
        "contactEmail": "post@example.com",
        "contactPhone": "+47 22 12 34 56",
        "websiteUrl": "https://example.com/blå",
        "listed": False,
        "location": {"city": "Ålesund", "countryCode": "NO"},
        "additionalLocations": [{"city": None, "countryCode": "SE"}, {"city": "Århus", "countryCode": "DK"}],
        "socialLinks": [
            {"network": "youtube", "url": "https://youtube.example.com/@a"},
            {"network": "youtube", "url": "https://youtube.example.com/@b"},
        ],
    }
    answer = change(fresh, wanted | {"languageCodes": ["sv", "ja"], "industryHandles": ["LIFESTYLE"]})
    assert answer.data["partnerProfileUpdate"] == {
        "partner": wanted
        | {
            "slug": "nordlys-commerce",
            "languages": [{"code": "ja"}, {"code": "sv"}],
            "industries": [{"handle": "LIFESTYLE"}],
        },
        "userErrors": [],
    }
    # The partner, the words; the partner, four lists taken and given, the audit. Then five are read back.
    assert answer.statements == 17
    assert added(fresh, before) == {
        "audit_entries": 1,
        "partner_languages": -1,
        "partner_industries": -1,
        "partner_locations": -1,
        "partner_social_links": -1,
    }
    assert (row(fresh).name_key, row(fresh).city_key) == ("nordlys & co.", "alesund")
    keys = fresh.rows(select(partner_locations.c.city_key).where(partner_locations.c.organization_id == 1))
    assert {key for (key,) in keys} == {None, "arhus"}


def test_what_is_not_given_stays_and_null_takes_away(fresh):
    before = fresh.ask(READ).data["partner"]
    answer = change(fresh, {"description": None, "location": None, "socialLinks": None, "languageCodes": []})
    gone = {"description": None, "location": None, "socialLinks": [], "languages": []}
    assert answer.data["partnerProfileUpdate"] == {"partner": before | gone, "userErrors": []}
    assert row(fresh).city_key is None


def test_the_audit_tells_what_was_and_what_is(fresh):
    change(fresh, {"name": " Nordlys ", "additionalLocations": [{"city": "Bodø", "countryCode": "NO"}]})
    [entry] = audited(fresh, "the-request")
    assert entry == {
        "action": "partnerProfileUpdate",
        "actor": partner_actor(fresh),
        "subject": "gid://partners/Partner/1",
        "organization_id": 1,
        "before": {
            "name": "Nordlys Commerce",
            "name_key": "nordlys commerce",
            "additional_locations": [
                {"city": "Bodø", "country_code": "NO"},
                {"city": "Malmö", "country_code": "SE"},
                {"city": None, "country_code": "DK"},
            ],
        },
        "after": {
            "name": "Nordlys",
            "name_key": "nordlys",
            "additional_locations": [{"city": "Bodø", "country_code": "NO"}],
        },
    }


def test_nothing_to_change_is_fine(fresh):
    before, held = counts(fresh), row(fresh)
    answer = fresh.ask("mutation { partnerProfileUpdate(input: {}) { partner { name } userErrors { code } } }")
    assert answer.data["partnerProfileUpdate"] == {"partner": {"name": "Nordlys Commerce"}, "userErrors": []}
    # The partner, the words, the audit, and the partner read back.
    assert answer.statements == 4
    assert (added(fresh, before), row(fresh)) == ({"audit_entries": 1}, held)


def test_every_broken_rule_is_told_with_its_path_and_nothing_is_written(shared):
    before, held = counts(shared), row(shared)
    answer = change(
        shared,
        {
            "name": "",
            "contactEmail": None,
            "location": {"city": "Oslo", "countryCode": "XX"},
            "languageCodes": ["en", "en"],
            "industryHandles": ["FOOD_DRINK", "?"],
            "socialLinks": [
                {"network": "a", "url": "https://example.com"},
                {"network": "b", "url": "https://user:secret@example.com"},
            ],
        },
    )
    assert errors(answer, "partnerProfileUpdate") == [
        ("BLANK", "input.name"),
        ("NOT_FOUND", "input.location.countryCode"),
        ("INVALID", "input.languageCodes.1"),
        ("NOT_FOUND", "input.industryHandles.1"),
        ("INVALID", "input.socialLinks.1.url"),
        ("BLANK", "input.contactEmail"),
    ]
    assert answer.statements == 2
    assert (added(shared, before), row(shared)) == ({}, held)


def test_a_listing_begins_once(fresh):
    token = token_of(fresh, ViewerKind.PARTNER, *ApiPermission, organization_id=3)
    assert told(fresh, {"listed": True}, token) == [
        ("BLANK", "input.contactEmail"),
        ("NOT_ELIGIBLE", "input.listed"),
    ]
    offering = """mutation { serviceOfferingSet(input: {serviceHandle: "EMAIL_MARKETING", pricing: CONTACT}) {
      userErrors { code }
    } }"""
    assert fresh.ask(offering, token=token).data == {"serviceOfferingSet": {"userErrors": []}}
    found = '{ partner(slug: "sora-no-mise-works") { name } }'
    assert fresh.ask(found, token=None).data == {"partner": None}
    since = datetime.now(UTC)
    assert told(fresh, {"listed": True, "contactEmail": "mail@example.com"}, token) == []
    assert fresh.ask(found, token=None).data == {"partner": {"name": "空の店 Works"}}
    listed_at = row(fresh, 3).listed_at
    assert since <= listed_at <= datetime.now(UTC)
    assert told(fresh, {"listed": False, "contactEmail": None}, token) == []
    assert told(fresh, {"listed": True, "contactEmail": "mail@example.com"}, token) == []
    assert row(fresh, 3).listed_at == listed_at


def test_the_new_name_is_found_by_the_search(fresh):
    change(fresh, {"name": "Kvitfjell"})
    found = {
        True: "SELECT organization_id FROM partner_search WHERE document @@ to_tsquery('simple', 'kvitfjell')",
        False: "SELECT rowid FROM partner_search WHERE partner_search MATCH 'kvitfjell'",
    }
    assert fresh.rows(text(found[fresh.database.is_postgresql])) == [(1,)]


@pytest.mark.parametrize("organization_id", [1, 2, 3])
def test_each_partner_changes_its_own_profile(fresh, organization_id):
    """Right after the fixtures, all rows of others are what they were."""
    token = token_of(fresh, ViewerKind.PARTNER, ApiPermission.MANAGE_PROFILE, organization_id=organization_id)
    others = select(partners).where(partners.c.organization_id != organization_id).order_by(partners.c.id)
    before = fresh.rows(others)
    assert told(fresh, {"name": "Another", "additionalLocations": []}, token) == []
    assert fresh.rows(others) == before
    assert row(fresh, organization_id).name == "Another"


def test_who_has_no_profile_changes_none(fresh):
    forbidden = partner_without(fresh, ApiPermission.MANAGE_PROFILE)
    before, held = counts(fresh), fresh.rows(select(partners).order_by(partners.c.id))
    for token in (None, fresh.merchant, fresh.tokens.employee):
        answer = change(fresh, {"name": "Another"}, token)
        assert errors(answer, "partnerProfileUpdate") == [("NOT_FOUND", "input")]
        assert answer.statements == 0
    assert change(fresh, {"name": "Another"}, forbidden).status == 403
    assert (added(fresh, before), fresh.rows(select(partners).order_by(partners.c.id))) == ({}, held)

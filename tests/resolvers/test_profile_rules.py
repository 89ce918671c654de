"""What a profile may hold, rule by rule."""

import pytest

from resolvers.profile_rules import Known, check_update

KNOWN = Known(countries={"NO", "SE"}, languages={"en", "no"}, industries={"FOOD_DRINK"}, has_offering=True)
LISTED = {"listed": True, "contact_email": "a@example.com"}
UNLISTED = {"listed": False, "contact_email": None}


def told(given, before=LISTED, known=KNOWN):
    return [(reason.code.value, ".".join(reason.field[1:])) for reason in check_update(given, known, before)]


def places(count):
    return [{"city": f"City {number}", "country_code": "NO"} for number in range(count)]


def links(count):
    return [{"network": "instagram", "url": f"https://example.com/{number}"} for number in range(count)]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, []),
        ({"name": "x" * 255}, []),
        ({"name": "x" * 256}, [("TOO_LONG", "name")]),
        ({"name": None}, [("BLANK", "name")]),
        ({"name": " "}, [("BLANK", "name")]),
        ({"name": "a\nb"}, [("INVALID", "name")]),
        ({"description": None}, []),
        ({"description": "x" * 5_000}, []),
        ({"description": "x" * 5_001}, [("TOO_LONG", "description")]),
        ({"description": ""}, [("BLANK", "description")]),
        ({"accepts_new_clients": False}, []),
        ({"accepts_new_clients": None}, [("BLANK", "acceptsNewClients")]),
        ({"listed": None}, [("BLANK", "listed")]),
        ({"contact_email": "a@example.com"}, []),
        ({"contact_email": "a"}, [("INVALID", "contactEmail")]),
        ({"contact_email": "pelé@example.com"}, [("INVALID", "contactEmail")]),
        ({"contact_email": "a@bücher.example.com"}, []),
        ({"contact_phone": None, "website_url": None}, []),
        ({"contact_phone": "12345"}, [("INVALID", "contactPhone")]),
        ({"contact_phone": "123456"}, []),
        ({"website_url": "nordlys.example.com"}, [("INVALID", "websiteUrl")]),
        ({"location": None}, []),
        ({"location": {"country_code": "NO"}}, []),
        ({"location": {"city": "x" * 100, "country_code": "NO"}}, []),
        ({"location": {"city": "x" * 101, "country_code": "NO"}}, [("TOO_LONG", "location.city")]),
        (
            {"location": {"city": "", "country_code": "no"}},
            [("BLANK", "location.city"), ("NOT_FOUND", "location.countryCode")],
        ),
        ({"additional_locations": None, "language_codes": None, "industry_handles": None, "social_links": None}, []),
        ({"additional_locations": places(20)}, []),
        ({"additional_locations": places(21)}, [("TOO_LONG", "additionalLocations")]),
        (
            {"additional_locations": [*places(1), {"city": " CITY 0", "country_code": "NO"}]},
            [("INVALID", "additionalLocations.1")],
        ),
        ({"additional_locations": [*places(1), {"city": "City 0", "country_code": "SE"}]}, []),
        (
            {"additional_locations": [*places(1), {"city": "Oulu", "country_code": "FI"}]},
            [("NOT_FOUND", "additionalLocations.1.countryCode")],
        ),
        ({"language_codes": ["no", "en"], "industry_handles": ["FOOD_DRINK"]}, []),
        (
            {"language_codes": ["no", "no", "xx"]},
            [("INVALID", "languageCodes.1"), ("NOT_FOUND", "languageCodes.2")],
        ),
        ({"industry_handles": ["FOOD_DRINK", "?"]}, [("NOT_FOUND", "industryHandles.1")]),
        ({"social_links": links(20)}, []),
        ({"social_links": links(21)}, [("TOO_LONG", "socialLinks")]),
        ({"social_links": links(1) * 2}, [("INVALID", "socialLinks.1")]),
        (
            {
                "social_links": [
                    *links(1),
                    {"network": "x" * 65, "url": "example.com"},
                    {"network": "", "url": "http://"},
                ]
            },
            [
                ("TOO_LONG", "socialLinks.1.network"),
                ("INVALID", "socialLinks.1.url"),
                ("BLANK", "socialLinks.2.network"),
                ("INVALID", "socialLinks.2.url"),
            ],
        ),
    ],
)
def test_what_a_profile_may_hold(given, expected):
    assert told(given) == expected


def test_a_list_that_is_far_too_long_is_not_told_entry_by_entry():
    assert told({"language_codes": ["no"] + ["xx"] * 1_000}).count(("TOO_LONG", "languageCodes")) == 1
    assert len(told({"language_codes": ["xx"] * 100_000})) < 300


@pytest.mark.parametrize(
    ("given", "before", "has_offering", "expected"),
    [
        ({"listed": True}, UNLISTED, True, [("BLANK", "contactEmail")]),
        ({"listed": True}, UNLISTED, False, [("BLANK", "contactEmail"), ("NOT_ELIGIBLE", "listed")]),
        ({"listed": True, "contact_email": "a@example.com"}, UNLISTED, True, []),
        ({"listed": True, "contact_email": "a@example.com"}, UNLISTED, False, [("NOT_ELIGIBLE", "listed")]),
        ({"contact_email": None}, LISTED, True, [("BLANK", "contactEmail")]),
        ({"contact_email": None, "listed": False}, LISTED, True, []),
        ({"contact_email": None}, UNLISTED, False, []),
        # It was listed without an address before that was a rule: what else it changes is not held up by that.
        ({"name": "x"}, {"listed": True, "contact_email": None}, False, []),
    ],
)
def test_what_a_listing_needs(given, before, has_offering, expected):
    known = Known(countries=(), languages=(), industries=(), has_offering=has_offering)
    assert told(given, before, known) == expected

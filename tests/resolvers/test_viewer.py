"""Who asks, as the API tells the caller."""

import pytest

DOCUMENT = """{
  viewer { __typename kind permissions organization { id name } shop { id name } merchantUser { id name } }
}"""
NOBODY = {"__typename": "Viewer", "permissions": [], "organization": None, "shop": None, "merchantUser": None}


def test_a_partner_is_its_organization_with_the_permissions_of_the_token(shared):
    answer = shared.ask(DOCUMENT)
    assert answer.data["viewer"] == NOBODY | {
        "kind": "PARTNER",
        "organization": {"id": "gid://partners/Organization/1", "name": "Nordlys Commerce AS"},
        "permissions": [
            "VIEW_FINANCIALS",
            "MANAGE_APPS",
            "MANAGE_THEMES",
            "MANAGE_JOBS",
            "MANAGE_PROFILE",
            "MANAGE_LEADS",
            "MANAGE_REVIEWS",
            "MANAGE_COLLABORATORS",
            "MANAGE_DISPUTES",
            "EXPORT_RECORDS",
        ],
    }
    assert answer.statements == 1


def test_a_merchant_is_a_person_in_a_shop(shared):
    answer = shared.ask(DOCUMENT, token=shared.merchant)
    assert answer.data["viewer"] == NOBODY | {
        "kind": "MERCHANT",
        "shop": {"id": "gid://partners/Shop/1", "name": "Fjellbutikken"},
        "merchantUser": {"id": "gid://partners/MerchantUser/1", "name": "Kari Nordmann"},
    }
    assert answer.statements == 2


@pytest.mark.parametrize("kind", ["EMPLOYEE", "ANONYMOUS"])
def test_others_are_nothing_but_a_kind(shared, kind):
    token = shared.tokens.employee if kind == "EMPLOYEE" else None
    answer = shared.ask(DOCUMENT, token=token)
    assert answer.data["viewer"] == NOBODY | {"kind": kind}
    assert answer.statements == 0


def test_the_versions_are_listed(shared):
    answer = shared.ask("{ publicApiVersions { displayName handle supported } }")
    told = answer.data["publicApiVersions"]
    assert {"displayName": "2025-07", "handle": "2025-07", "supported": True} in told
    assert told[-2:] == [
        {"displayName": "2027-01 (Release candidate)", "handle": "2027-01", "supported": False},
        {"displayName": "unstable", "handle": "unstable", "supported": False},
    ]
    assert [version["handle"] for version in told][:3] == ["2023-07", "2023-10", "2024-01"]
    assert len(told) == 16
    assert answer.statements == 0

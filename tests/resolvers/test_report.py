"""Reports: merchants write them, support reads them, and the partner never learns of them."""

import re

import pytest
from blocks import PARTNER, codes, merchant, report
from records import added, audited, counts, newest

from gateway.models.report import partner_reports
from gateway.viewer import ApiPermission
from resolvers.report import CASE_LENGTH, CASE_LETTERS

LIST = "{ partnerReports { nodes { caseNumber } } }"
CASE = re.compile(rf"PR-20[0-9]{{2}}-[{CASE_LETTERS}]{{{CASE_LENGTH}}}")


def test_a_report_is_written_with_a_case_number_and_its_audit(fresh):
    before = counts(fresh)
    answer = report(fresh, jobId="gid://partners/Job/4")
    row = newest(fresh, partner_reports)
    assert answer.data["partnerReportCreate"] == {
        "partnerReport": {
            "id": f"gid://partners/PartnerReport/{row['id']}",
            "caseNumber": row["case_number"],
            "kind": "BAD_EXPERIENCE",
            "description": "They shouted.",
            "partner": {"id": PARTNER},
            "shop": {"id": "gid://partners/Shop/3"},
            "merchantUser": {"id": "gid://partners/MerchantUser/3"},
            # The marketplace has closed: the job may be named, and not be read.
            "job": None,
        },
        "userErrors": [],
    }
    assert CASE.fullmatch(row["case_number"])
    assert row["job_id"] == 4
    # The partner, its job, the report, the audit. Then five are read back.
    assert answer.statements == 9
    assert added(fresh, before) == {"partner_reports": 1, "audit_entries": 1}
    [entry] = audited(fresh, "the-request")
    assert (entry["action"], entry["after"]["case_number"]) == ("partnerReportCreate", row["case_number"])


def test_case_numbers_differ_and_tell_nothing_of_each_other(fresh):
    numbers = {report(fresh).data["partnerReportCreate"]["partnerReport"]["caseNumber"] for _ in range(5)}
    assert len(numbers) == 5
    assert all(map(CASE.fullmatch, numbers))


REFUSED = {
    "no partner": ({"partnerId": "gid://partners/Partner/999"}, ["NOT_FOUND"]),
    "a job of another store": ({"jobId": "gid://partners/Job/1"}, ["NOT_FOUND"]),
    "a job with another partner": ({"jobId": "gid://partners/Job/16"}, ["NOT_FOUND"]),
    "no job": ({"jobId": "gid://partners/Job/999"}, ["NOT_FOUND"]),
    "no description": ({"description": " \n"}, ["BLANK"]),
    "a long description": ({"description": "x" * 5_001}, ["TOO_LONG"]),
    "two reasons": ({"partnerId": "gid://partners/Partner/999", "description": ""}, ["NOT_FOUND", "BLANK"]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_can_not_be_taken_is_refused_and_nothing_is_written(fresh, name):
    given, expected = REFUSED[name]
    before = counts(fresh)
    assert codes(report(fresh, **given)) == expected
    assert added(fresh, before) == {}


def test_a_description_of_the_longest_length_is_taken(fresh):
    assert codes(report(fresh, description="x" * 5_000)) == []


def test_the_same_key_is_one_report(fresh):
    before = counts(fresh)
    told = [report(fresh, key="k").data for _ in range(2)]
    assert told[0] == told[1]
    assert added(fresh, before) == {"partner_reports": 1, "audit_entries": 1, "idempotency_keys": 1}


def test_the_store_lists_its_reports_and_support_those_of_all(shared):
    listed = {
        name: [node["caseNumber"][-1] for node in shared.ask(LIST, token=token).data["partnerReports"]["nodes"]]
        for name, token in {
            "shop 1": shared.merchant,
            "shop 3": merchant(shared),
            "support": shared.tokens.employee,
            "partner": shared.partner,
            "other partner": shared.other_partner,
            "nobody": None,
        }.items()
    }
    assert listed == {
        "shop 1": ["2"],
        "shop 3": ["4", "1"],
        "support": ["4", "2", "1", "3"],
        "partner": [],
        "other partner": [],
        "nobody": [],
    }


def test_the_partner_never_sees_a_report(fresh):
    """With all permissions there are, by no node, list or page, and not by what else it may count."""
    asked = """query ($id: ID!) {
      node(id: $id) { id }
      nodes(ids: [$id]) { id }
      partnerReports(first: 1) { nodes { id } pageInfo { hasNextPage } }
    }"""
    whatever_it_counts = "{ partner(id: %s) { reviewCount } leads { nodes { id } } collaborators { nodes { id } } }"
    before = fresh.ask(whatever_it_counts % f'"{PARTNER}"').data
    made = report(fresh).data["partnerReportCreate"]["partnerReport"]["id"]
    assert fresh.ask(asked, {"id": made}).data == {
        "node": None,
        "nodes": [None],
        "partnerReports": {"nodes": [], "pageInfo": {"hasNextPage": False}},
    }
    assert fresh.ask(whatever_it_counts % f'"{PARTNER}"').data == before
    own = fresh.ask("{ viewer { permissions } }").data["viewer"]["permissions"]
    assert set(own) == {permission.value for permission in ApiPermission}

"""Jobs with everything that belongs to them, as clients ask for them."""

import pytest

EVERYTHING = """
query Jobs($first: Int!) {
  jobs(first: $first) {
    nodes {
      id
      shop { name myshopifyDomain }
      services { handle name }
      requirements { question responses }
      proposals { id amount { amount currencyCode } status job { id } }
      invoices { id number amount { amount currencyCode } status paidAt sale { id netAmount { amount } } }
      conversation { id merchantUser { name } messages(first: 10) { nodes { id body sentBy { __typename } } } }
    }
  }
}
"""


def test_a_job_tells_all_its_fields(shared):
    answer = shared.ask("""{
      job(id: "gid://partners/Job/4") {
        __typename id status confirmedCompleted createdAt lastEventAt dashboardUrl
        shop { id name myshopifyDomain avatarUrl }
        services { handle name }
        requirements { question responses }
        proposals { id amount { amount currencyCode } description status createdAt }
        invoices { id }
        conversation { id }
      }
    }""")
    assert answer.data["job"] == {
        "__typename": "Job",
        "id": "gid://partners/Job/4",
        "status": "OPENED",
        "confirmedCompleted": False,
        "createdAt": "2023-09-29T22:10:00.000000Z",
        "lastEventAt": "2023-11-30T23:59:59.999999Z",
        "dashboardUrl": "https://partners.shopify.com/1/jobs/4",
        "shop": {
            "id": "gid://partners/Shop/3",
            "name": "Two Rivers Outfitters",
            "myshopifyDomain": "two-rivers-outfitters.myshopify.com",
            "avatarUrl": None,
        },
        "services": [{"handle": "ongoing-website-management", "name": "Ongoing website management"}],
        "requirements": [{"question": "When should the work be finished?", "responses": ["March 2024"]}],
        "proposals": [
            {
                "id": "gid://partners/Proposal/5",
                "amount": {"amount": "200.00", "currencyCode": "USD"},
                "description": "200 each month, from January 2024, outside the marketplace",
                "status": "SENT",
                "createdAt": "2023-10-05T08:00:00.000000Z",
            }
        ],
        "invoices": [],
        "conversation": {"id": "gid://partners/Conversation/2"},
    }


@pytest.mark.parametrize(("first", "statements"), [(10, 14), (100, 14), (250, 14)])
def test_everything_about_a_page_of_jobs_costs_the_same_statements_whatever_its_size(shared, first, statements):
    answer = shared.ask(EVERYTHING, {"first": first})
    assert answer.statements == statements
    assert len(answer.data["jobs"]["nodes"]) > 5


def test_a_job_of_another_organization_does_not_exist(shared):
    document = "query ($id: ID!) { job(id: $id) { id } node(id: $id) { id } nodes(ids: [$id]) { id } }"
    answer = shared.ask(document, {"id": "gid://partners/Job/1"}, token=shared.other_partner)
    assert answer.data == {"job": None, "node": None, "nodes": [None]}

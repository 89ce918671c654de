"""Objects by their id alone."""

import pytest
from mirror import rows_of

from resolvers.node import TRANSACTION_TYPENAMES

# One row of organization 1 of each type that has ids.
ROWS = {
    "App": 1,
    "AppCredit": 1,
    "AppPurchaseOneTime": 1,
    "AppSubscription": 2,
    "AppUsageRecord": 3,
    "Conversation": 1,
    "Invoice": 1,
    "Job": 1,
    "MerchantUser": 1,
    "Message": 1,
    "Organization": 1,
    "Proposal": 1,
    "Shop": 1,
    "ShopifyEmployee": 1,
    "TeamMember": 1,
    **{TRANSACTION_TYPENAMES[row["type"]]: row["id"] for row in rows_of("transactions", organization_id=1)},
}
OF_SHOPIFY = {"AppCredit", "AppPurchaseOneTime", "AppSubscription", "AppUsageRecord"}
DOCUMENT = "query ($id: ID!) { node(id: $id) { __typename id } nodes(ids: [$id]) { __typename id } }"
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"


@pytest.mark.parametrize(("typename", "row_id"), ROWS.items())
def test_an_object_is_found_under_either_host_and_tells_its_own(shared, typename, row_id):
    for host in ("partners", "shopify"):
        answer = shared.ask(DOCUMENT, {"id": f"gid://{host}/{typename}/{row_id}"})
        own = "shopify" if typename in OF_SHOPIFY else "partners"
        node = {"__typename": typename, "id": f"gid://{own}/{typename}/{row_id}"}
        assert answer.data == {"node": node, "nodes": [node]}
        assert answer.statements == 1


@pytest.mark.parametrize("typename", ROWS)
@pytest.mark.parametrize("number", ["999999", "0", "9999999999999999999", "1" * 30, "9223372036854775807"])
def test_an_unknown_id_is_null_without_an_error(shared, typename, number):
    assert shared.ask(DOCUMENT, {"id": f"gid://partners/{typename}/{number}"}).data == {"node": None, "nodes": [None]}


@pytest.mark.parametrize(
    ("typename", "row_id"),
    [("AppSubscription", 1), ("AppUsageRecord", 2), ("ThemeSale", 1), ("ServiceSale", 7), ("TaxTransaction", 34)],
)
def test_the_id_of_a_row_of_another_type_is_unknown(shared, typename, row_id):
    assert shared.ask(DOCUMENT, {"id": f"gid://partners/{typename}/{row_id}"}).data == {"node": None, "nodes": [None]}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "Job/1",
        "gid://partners/Job/",
        "gid://partners/Job/x",
        "gid://partners/Job/1/",
        "gid://partners/job/1",
        "gid://partners/Service/1",
        "gid://partners/Eventsink/1",
        "gid://partners/Job/１",
        "gid://partners/Job/1\n",
        "gid://partners/Job/" + "1" * 41,
        "x" * 10_000,
    ],
    ids=lambda text: text[:30],
)
def test_what_is_no_id_of_an_object_is_refused(shared, text):
    answer = shared.ask(DOCUMENT, {"id": text})
    assert answer.body["data"] == {"node": None, "nodes": [None]}
    assert sorted(answer.codes) == [(["node"], "INVALID_ID"), (["nodes", 0], "INVALID_ID")]


@pytest.mark.parametrize(
    ("field", "good", "wrong"),
    [
        ("job", "gid://shopify/Job/1", "gid://partners/Shop/1"),
        ("conversation", "gid://partners/Conversation/1", "gid://partners/Job/1"),
        ("app", "gid://shopify/App/1", "gid://partners/AppCredit/1"),
        ("transaction", "gid://shopify/ThemeSale/7", "gid://partners/Transaction/7"),
    ],
)
def test_a_field_of_one_type_takes_ids_of_that_type_alone(shared, field, good, wrong):
    document = f"query ($id: ID!) {{ {field}(id: $id) {{ id }} }}"
    answer = shared.ask(document, {"id": good})
    assert answer.data == {field: {"id": good.replace("shopify", "partners")}}
    assert answer.statements == 1
    assert shared.ask(document, {"id": good.rpartition("/")[0] + "/999999"}).data == {field: None}
    assert shared.ask(document, {"id": wrong}).codes == [([field], "INVALID_ID")]


def test_nodes_keep_their_order_and_come_for_one_statement_a_table(shared):
    wanted = [
        "gid://partners/Shop/3",
        "gid://partners/Job/4",
        "gid://partners/Job/999999",
        "gid://partners/Shop/1",
        "gid://partners/ThemeSale/7",
        "gid://partners/Job/1",
        "gid://partners/TaxTransaction/31",
        "gid://partners/Job/4",
    ]
    answer = shared.ask(NODES, {"ids": wanted})
    assert [node and node["id"] for node in answer.data["nodes"]] == [*wanted[:2], None, *wanted[3:]]
    assert answer.statements == 3


def test_an_id_that_can_not_be_read_fails_its_place_alone(shared):
    answer = shared.ask(NODES, {"ids": ["gid://partners/Job/1", "Job", "gid://partners/Theme/1"]})
    assert answer.body["data"] == {"nodes": [{"__typename": "Job", "id": "gid://partners/Job/1"}, None, None]}
    assert answer.codes == [(["nodes", 1], "INVALID_ID"), (["nodes", 2], "INVALID_ID")]


def test_nodes_takes_250_ids_and_no_more(shared):
    answer = shared.ask(NODES, {"ids": ["gid://partners/Job/1"] * 250})
    assert len(answer.data["nodes"]) == 250
    assert answer.statements == 1
    assert shared.ask(NODES, {"ids": ["gid://partners/Job/1"] * 251}).codes == [(["nodes"], "TOO_MANY_IDS")]
    assert shared.ask(NODES, {"ids": []}).data == {"nodes": []}


def test_an_object_asked_for_in_several_places_is_loaded_once(shared):
    answer = shared.ask("""{
      job(id: "gid://partners/Job/4") { id }
      again: job(id: "gid://shopify/Job/4") { status }
      node(id: "gid://partners/Job/4") { ... on Job { shop { name } } }
      nodes(ids: ["gid://partners/Job/4"]) { ... on Job { createdAt } }
    }""")
    assert answer.data == {
        "job": {"id": "gid://partners/Job/4"},
        "again": {"status": "OPENED"},
        "node": {"shop": {"name": "Two Rivers Outfitters"}},
        "nodes": [{"createdAt": "2023-09-29T22:10:00.000000Z"}],
    }
    assert answer.statements == 2

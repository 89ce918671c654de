import time
from typing import Any

import pytest
from graphql import DocumentNode, OperationDefinitionNode, build_schema, parse, validate

from gateway.errors import LimitExceeded
from gateway.limits import requested_cost
from gateway.settings import Settings
from schema import NEWEST, build

SCHEMA = build_schema(
    """
    interface Node { id: ID! }
    interface Actor { name: String }
    type Money { amount: String, shop: Shop }
    type PageInfo { hasNextPage: Boolean! }
    type Shop implements Node & Actor {
      id: ID!, name: String, apps: [App!]!, jobs(first: Int, last: Int): JobConnection!
    }
    type App implements Node { id: ID!, price: Money, owner: Actor }
    type Job implements Node { id: ID!, shop: Shop, price: Money }
    type JobEdge { cursor: String!, node: Job! }
    type JobConnection { edges: [JobEdge!]!, nodes: [Job!]!, pageInfo: PageInfo! }
    type Payload { job: Job, userErrors: [Money!] }
    type QueryRoot {
      node(id: ID!): Node, nodes(ids: [ID!]!): [Node]!, shop: Shop, actor: Actor
      jobs(first: Int, last: Int): JobConnection!
    }
    type MutationRoot { jobCreate: Payload }
    schema { query: QueryRoot, mutation: MutationRoot }
    """
)


def operation_of(document: DocumentNode) -> OperationDefinitionNode:
    return next(node for node in document.definitions if isinstance(node, OperationDefinitionNode))


def cost_of(document: str, variables: dict[str, Any] | None = None, **limits: int) -> int:
    node = parse(document)
    assert validate(SCHEMA, node) == []
    return requested_cost(node, operation_of(node), SCHEMA, variables or {}, Settings(**limits))  # type: ignore[arg-type]


class TestCost:
    @pytest.mark.parametrize(
        ("document", "cost"),
        [
            ("{ __typename }", 0),
            ("{ shop { id name } }", 1),
            ("{ actor { name } node(id: 1) { id } }", 2),
            ("{ jobs(first: 50) { edges { node { id shop { id } } } nodes { id } } }", 150),
            ("{ jobs { edges { cursor } pageInfo { hasNextPage } } }", 0),
            ("{ jobs { nodes { id } } }", 50),
            ("{ jobs(first: null) { nodes { id } } }", 50),
            ("{ jobs(first: 0) { nodes { id } } }", 0),
            ("{ jobs(first: 7, last: 9) { nodes { id } } }", 9),
            ("{ jobs(last: -1) { nodes { id } } }", 250),
            ("{ jobs(first: 2147483647) { nodes { id } } }", 250),
            ("{ shop { apps { price { amount shop { id } } } } }", 1 + 10 * (1 + 1)),
            ('{ nodes(ids: ["1", "2", "3"]) { id } }', 3),
            ("mutation { jobCreate { job { id } userErrors { amount } } }", 1),
            ("{ shop { jobs(first: 10) { nodes { shop { jobs(first: 10) { nodes { id } } } } } } }", 1 + 10 * (2 + 10)),
            ("{ jobs(first: 3) { ...F } } fragment F on JobConnection { nodes { id } edges { node { id } } }", 6),
        ],
    )
    def test_pages_multiply_and_nodes_count(self, document: str, cost: int) -> None:
        assert cost_of(document) == cost

    @pytest.mark.parametrize(
        ("variables", "cost"),
        [({}, 7), ({"n": 20}, 20), ({"n": None}, 50), ({"n": "many"}, 250), ({"n": True}, 250), ({"n": 10**30}, 250)],
    )
    def test_variables_are_read_raw_or_coerced(self, variables: dict[str, Any], cost: int) -> None:
        assert cost_of("query($n: Int = 7) { jobs(first: $n) { nodes { id } } }", variables) == cost
        ids = {"ids": ["1"] * cost}
        assert cost_of("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids) == cost

    @pytest.mark.parametrize(("on", "cost"), [(True, 1), (False, 50)])
    def test_what_is_skipped_costs_nothing(self, on: bool, cost: int) -> None:
        document = """query($on: Boolean!) {
            shop @include(if: $on) { id }
            ... @skip(if: $on) { jobs { nodes { id } } }
            actor @skip(if: true) { name }
        }"""
        assert cost_of(document, {"on": on}) == cost

    def test_each_object_takes_the_fragments_of_its_own_type(self) -> None:
        document = """{ node(id: 1) {
            ... on App { price { shop { id } } owner { name } }
            ... on Job { shop { id } }
            ... on Actor { ... on Shop { apps { id } } }
            ...F
        } } fragment F on Node { id ... on Job { shop { name } } }"""
        # A Shop has 10 apps, an App 2 objects; what F holds for a Job is counted for every Node.
        assert cost_of(document) == 1 + 10 + 1

    def test_too_many_objects_are_refused(self) -> None:
        document = "{ jobs(first: 250) { nodes { shop { jobs(first: 250) { nodes { id } } } } } }"
        assert cost_of(document) == 250 * (2 + 250)
        with pytest.raises(LimitExceeded, match="smaller pages") as caught:
            cost_of(document, max_nodes=1000)
        assert (caught.value.code, caught.value.status) == ("MAX_NODES", 400)

    def test_an_astronomical_cost_is_refused_within_100_ms(self) -> None:
        nested = "jobs(first: 250) { nodes { shop { " * 30 + "id" + " } } }" * 30
        document = parse(f"{{ shop {{ {nested} }} }}")
        started = time.process_time()
        with pytest.raises(LimitExceeded):
            requested_cost(document, operation_of(document), SCHEMA, {}, Settings())
        assert time.process_time() - started < 0.5


class TestTheServedSchema:
    """Rows without an id are fetched as well: a category leads to its services, and each of these to its category."""

    @pytest.mark.parametrize(
        ("document", "cost"),
        [
            ("{ serviceCategories { handle } }", 10),
            ("{ serviceCategories { services { category { handle } } } }", 10 * (1 + 10 * (1 + 1))),
            ('{ job(id: "gid://partners/Job/1") { services { handle } requirements { question } } }', 1 + 10 + 10),
            ('{ partner(id: "gid://partners/Partner/1") { languages { code } location { city } } }', 1 + 10),
            ("{ partners(first: 20) { nodes { id } facets { choices { value } } } }", 20 * (1 + 1)),
            ("mutation { migrationTaskComplete(handle: REVIEW_PROFILE) { migrationTask { handle } } }", 1),
        ],
    )
    def test_what_is_fetched_counts(self, document: str, cost: int) -> None:
        assert served_cost(document) == cost

    def test_a_ring_of_lists_is_refused_before_it_fills_the_memory(self) -> None:
        ring = "services { category { " * 6 + "handle" + " } }" * 6
        with pytest.raises(LimitExceeded):
            served_cost(f"{{ serviceCategories {{ {ring} }} }}")


def served_cost(document: str) -> int:
    node, schema = parse(document), build(NEWEST)
    assert validate(schema, node) == []
    return requested_cost(node, operation_of(node), schema, {}, Settings())

import time

import pytest
from graphql import GraphQLError, OverlappingFieldsCanBeMergedRule, build_schema, parse, specified_rules

from gateway.execution.validation import MAX_ERRORS, RULES, validate_document
from gateway.limits import scan
from gateway.settings import Settings

KINDS = " ".join(f"KIND_OF_TRANSACTION_{n}" for n in range(40))
TYPES = " ".join(f"type TransactionType{n} implements Node {{ id: ID! }}" for n in range(60))
SCHEMA = build_schema(
    f"""
    enum Kind {{ {KINDS} }}
    input Filter {{ kind: Kind, text: String, all: [Filter!] }}
    interface Node {{ id: ID! }}
    type Shop implements Node {{ id: ID!, name: String }}
    type App implements Node {{ id: ID!, shop: Shop!, price(in: String!): Int }}
    type Job implements Node {{ id: ID!, shop: Shop }}
    {TYPES}
    type QueryRoot {{ node(id: ID): Node, list(kinds: [Kind!], by: Filter): [Node] }}
    schema {{ query: QueryRoot }}
    """
)


def find(document: str) -> list[GraphQLError]:
    return validate_document(SCHEMA, parse(document))


def test_an_undefined_field_has_the_words_and_the_code_that_clients_look_for() -> None:
    [error] = find("{ node { idd } }")
    assert error.formatted == {
        "message": "Field 'idd' doesn't exist on type 'Node'",
        "locations": [{"line": 1, "column": 10}],
        "extensions": {"code": "undefinedField"},
    }
    assert find("{ __typename node { __typename } __schema { types { name } } }") == []


def test_a_shop_that_is_there_and_one_that_may_be_are_selected_side_by_side() -> None:
    assert find("{ list { id ... on App { shop { id } } ... on Job { shop { name } } } }") == []
    [error] = find("{ list { ... on App { x: shop { id } } ... on Job { x: id } } }")
    assert "Give one of them another alias" in error.message


def test_every_other_rule_is_graphql_cores() -> None:
    assert len(RULES) == len(specified_rules)
    assert len(set(specified_rules) - set(RULES)) == 3
    assert OverlappingFieldsCanBeMergedRule not in RULES
    assert [error.message for error in find("{ node(idd: 1) { id } }")] == [
        "Unknown argument 'idd' on field 'QueryRoot.node'. Did you mean 'id'?"
    ]


def test_errors_are_told_up_to_a_limit() -> None:
    errors = find("{" + " ".join(f"a{n}" for n in range(100)) + "}")
    assert len(errors) == MAX_ERRORS + 1
    assert "aborted" in errors[-1].message


def test_introspection_that_nests_its_lists_is_refused() -> None:
    assert find("{ __schema { types { fields { type { fields { name } } } } } }") == []
    [error] = find("{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }")
    assert error.message == "Maximum introspection depth exceeded"


def repeat(pattern: str, count: int) -> str:
    return " ".join(pattern.replace("#", str(n)) for n in range(count))


HOSTILE = {
    "the same field": "{" + "__typename " * 9900 + "}",
    "unknown fields": "{" + repeat("nodee#", 9900) + "}",
    "unknown arguments": "{node(" + repeat("idd#:1", 3200) + "){id}}",
    "unknown enum values": "{list(kinds:[" + repeat("KIND_OF_TRANSACTIONN_#", 9000) + "]){id}}",
    "unknown input fields": "{list(by:{" + repeat("kindd#:KIND", 3000) + "}){id}}",
    "unknown fields of a long input": "{list(by:{" + repeat("kindd#:KIND", 20) + ' text:"' + "a" * 900_000 + '"}){id}}',
    "unknown types": "{node{" + repeat("... on TransactionTypee#{id}", 1600) + "}}",
    "unknown fragments": "{" + repeat("...F#", 4900) + "}",
    "unknown directives": "{" + repeat("__typename @skip#", 3000) + "}",
    "unknown variables": "{" + repeat("a#:node(id:$v#){id}", 800) + "}",
    "names of a megabyte": "{node{" + repeat("... on " + "a" * 45_000 + "#{id}", 20) + "}}",
    "unused variables": "query(" + repeat("$v#:ID", 2400) + "){__typename}",
    "variables everywhere": "query(" + repeat("$v#:Kind!", 1200) + "){list(kinds:[" + repeat("$v#", 1200) + "]){id}}",
    "operations over one fragment": repeat("query Q#($v:ID){...F}", 70)
    + "fragment F on QueryRoot{"
    + repeat("a#:node(id:$v){id}", 650)
    + "}",
    "operations over a chain": repeat("query Q#($v:ID){...F0}", 100)
    + " ".join(f"fragment F{n} on QueryRoot{{a{n}:node(id:$v){{id}} ...F{n + 1}}}" for n in range(120))
    + "fragment F120 on QueryRoot{node(id:$v){id}}",
    "operations over fragments over fragments": repeat("query Q#{...F90}", 150)
    + " ".join(f"fragment F{n} on QueryRoot{{__typename {repeat('...F#', n)}}}" for n in range(91)),
    "cycles": "{...F0}" + " ".join(f"fragment F{n} on QueryRoot{{{repeat('...F#', 65)}}}" for n in range(65)),
    "mistakes in a long name": "query " + "Q" * 900_000 + "{" + repeat("a#:node(id:$v#){id}", 20) + "}",
    "a long cycle": "{...F0}" + " ".join(f"fragment F{n} on QueryRoot{{...F{(n + 1) % 199}}}" for n in range(199)),
    "mistakes below many lines": "\n" * 9900 + "{" + repeat("nodee#", 30) + "}",
    "impossible fragments": "{node{... on Shop{" + repeat("... on Job{id}", 1500) + "}}}",
    "possible fragments": "{node{" + repeat("... on Node{id}", 1500) + "}}",
    "missing arguments": "{node{... on App{" + repeat("a#:price", 3000) + "}}}",
    "an integer of a megabyte": "{node(id:" + "9" * 900_000 + "){id}}",
    "one argument many times": "{node(" + repeat("id:1", 3000) + "){id}}",
    "wrong values": "{list(kinds:[" + repeat('"a#"', 9000) + "]){id}}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_within_the_limits_is_validated_within_a_second(name: str) -> None:
    scan(HOSTILE[name], Settings())
    document = parse(HOSTILE[name])
    started = time.process_time()
    errors = validate_document(SCHEMA, document)
    # A fifth of it on a machine with nothing else to do.
    assert time.process_time() - started < 3
    assert sum(len(error.message) for error in errors) < 30_000

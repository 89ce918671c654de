import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from graphql import (
    DocumentNode,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    Source,
    TokenKind,
    build_schema,
    get_introspection_query,
    parse,
    validate,
)
from graphql.language import Lexer
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import LimitExceeded
from gateway.limits import check_shape, requested_cost, scan
from gateway.limits.scan import MAX_NESTING
from gateway.limits.shape import MAX_DEFINITIONS, MAX_INTROSPECTIONS
from gateway.settings import Settings

LIMITS = Settings()
MEGABYTE = 1_000_000


def refused(check: Callable[[], object]) -> str:
    """The code of the refusal, or nothing."""
    try:
        check()
    except LimitExceeded as error:
        return error.code
    return ""


class TestScan:
    def test_as_many_tokens_as_allowed_and_no_more(self) -> None:
        limits = Settings(max_tokens=10)
        assert refused(lambda: scan('{ a(b: [-1.5e3, "{"]) }', limits)) == "MAX_TOKENS"
        assert not refused(lambda: scan("{ a(b: [-1.5e3]) }", limits))

    def test_comments_count_since_the_parser_keeps_them(self) -> None:
        assert refused(lambda: scan("# a\n" * 9 + "{ a }", Settings(max_tokens=10))) == "MAX_TOKENS"

    def test_lines_count_since_errors_count_them(self) -> None:
        assert refused(lambda: scan("\r\n" * 10_001 + "{ a }", LIMITS)) == "MAX_TOKENS"

    def test_brackets_in_strings_and_comments_do_not_nest(self) -> None:
        quoted = "{" * 200
        assert not refused(lambda: scan(f'{{ a(b: "{quoted}\\"", c: """{quoted}\\""" """) }} # {quoted}', LIMITS))

    @pytest.mark.parametrize(
        "deep",
        [
            "{a" * 5000,
            "{...{" * 2500,
            "{a(b:" + "[" * 9000,
            "{a(b:" + "{c:" * 3000,
            "query($a:" + "[" * 9000,
            "{a@b(c:" + "[{d:" * 2000,
            "{a" * (MAX_NESTING + 1) + "}" * (MAX_NESTING + 1),
        ],
    )
    def test_a_depth_bomb_is_refused(self, deep: str) -> None:
        assert refused(lambda: scan(deep, LIMITS)) == "MAX_DEPTH"

    @pytest.mark.parametrize(
        ("head", "opening", "closing", "tail"),
        [
            ("", "{a", "}", ""),
            ("", "{...", "}", ""),
            ("{a(b:", "[", "]", ")}"),
            ("{a(b:", "{c:", "}", ")}"),
            ("query($a:", "[", "]", "){a}"),
        ],
    )
    def test_the_parser_stands_what_passes(self, head: str, opening: str, closing: str, tail: str) -> None:
        levels = MAX_NESTING - len([bracket for bracket in head if bracket in "{("])
        inner = "Int" if "query" in head else "1" if "c:" in opening else "a" if opening == "{..." else ""
        document = head + opening * (levels - 1) + opening.replace("...", "") + inner + closing * levels + tail
        assert not refused(lambda: scan(document, LIMITS))
        parse(document)

    @pytest.mark.parametrize(
        "text",
        [
            '"' + "a" * MEGABYTE,
            '"' + "\\" * MEGABYTE,
            '"""' + "a" * MEGABYTE,
            '"""' + '""a' * (MEGABYTE // 3),
            '"""' + '\\"""' * (MEGABYTE // 4),
            '"""' + "\\" * MEGABYTE,
            '"' * MEGABYTE,
            "," * MEGABYTE,
            " " * MEGABYTE,
            "#" * MEGABYTE,
            "# \n" * (MEGABYTE // 3),
            "\n" * MEGABYTE,
            "1" * MEGABYTE,
            "1." * (MEGABYTE // 2),
            "." * MEGABYTE,
            "a" * MEGABYTE,
            "\ufeff" * MEGABYTE,
        ],
        ids=lambda text: repr(text[:6]),
    )
    def test_a_megabyte_of_anything_is_scanned_within_200_ms(self, text: str) -> None:
        started = time.process_time()
        refused(lambda: scan(text, LIMITS))
        assert time.process_time() - started < 0.2

    @given(st.text(alphabet='{}[]()a1-.e"\\# \n,$:!@&|=%\ufeff\u00a0', max_size=60))
    def test_counts_no_less_than_the_lexer(self, text: str) -> None:
        lexer, count = Lexer(Source(text)), 0
        with suppress(GraphQLSyntaxError):
            while lexer.advance().kind is not TokenKind.EOF:
                count += 1
        assert not count or refused(lambda: scan(text, Settings(max_tokens=count - 1)))


def shape_of(document: str, **limits: int) -> str:
    node = parse(document)
    return refused(lambda: check_shape(node, Settings(**limits), operation_of(node)))  # type: ignore[arg-type]


def operation_of(document: DocumentNode) -> OperationDefinitionNode:
    return next(node for node in document.definitions if isinstance(node, OperationDefinitionNode))


def bomb(levels: int, body: str) -> str:
    """`body` spreads `...F`, the next level."""
    fragments = [f"fragment F{n} on T {{ {body.replace('...F', f'...F{n + 1}')} }}" for n in range(levels)]
    return f"{{ ...F0 }} {' '.join(fragments)} fragment F{levels} on T {{ a }}"


class TestShape:
    def test_depth_is_levels_of_fields(self) -> None:
        document = "{ a { ... { b { ...F } } } } fragment F on T { c }"
        assert not shape_of(document, max_depth=3)
        assert shape_of(document, max_depth=2) == "MAX_DEPTH"

    def test_aliases_count_wherever_their_fragment_is_spread(self) -> None:
        document = "{ a { ...F } b { ...F } } fragment F on T { x: c y: c }"
        assert not shape_of(document, max_aliases=4)
        assert shape_of(document, max_aliases=3) == "MAX_ALIASES"

    def test_root_fields_count_through_fragments(self) -> None:
        document = "{ a { b } ...F ... { ...F } } fragment F on T { c { d } }"
        assert not shape_of(document, max_root_fields=3)
        assert shape_of(document, max_root_fields=2) == "MAX_ROOT_FIELDS"

    def test_only_the_operation_that_runs_counts(self) -> None:
        assert not shape_of("query A { a } query B { a { b { c } } }", max_depth=1)

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ("...F ...F", "MAX_ROOT_FIELDS"),
            ("x: a { ...F } y: a { ...F }", "MAX_DEPTH"),
            ("a { ...F } b { ...F }", "MAX_DEPTH"),
        ],
    )
    def test_a_fragment_bomb_is_refused_within_100_ms(self, body: str, code: str) -> None:
        started = time.process_time()
        assert shape_of(bomb(26, body)) == code
        assert time.process_time() - started < 0.1

    def test_a_bomb_within_the_depth_is_refused_for_what_it_stands_for(self) -> None:
        assert shape_of(bomb(20, "x: a { ...F } y: a { ...F }")) == "MAX_ALIASES"
        assert shape_of(bomb(20, "a { ...F } b { ...F }")) == "MAX_FIELDS"
        assert shape_of("{ a { ...F0 } }" + bomb(26, "...F ...F").removeprefix("{ ...F0 }")) == "MAX_FIELDS"

    def test_a_chain_of_fragments_is_refused_and_does_not_exhaust_the_stack(self) -> None:
        assert shape_of(bomb(500, "...F")) == "MAX_DEFINITIONS"
        assert shape_of(bomb(MAX_DEFINITIONS - 2, "...F")) == "MAX_DEPTH"
        assert not shape_of(bomb(MAX_NESTING - 2, "...F"))

    def test_cycles_and_unknown_fragments_are_left_to_validation(self) -> None:
        assert not shape_of("{ ...A ...B ...C } fragment A on T { ...B a } fragment B on T { ...A ...B b { ...A } }")

    def test_every_fragment_spreading_every_other_is_measured_within_100_ms(self) -> None:
        spreads = " ".join(f"...F{n}" for n in range(60))
        document = parse("{ ...F0 } " + " ".join(f"fragment F{n} on T {{ {spreads} }}" for n in range(60)))
        started = time.process_time()
        refused(lambda: check_shape(document, LIMITS, operation_of(document)))
        assert time.process_time() - started < 0.1


class TestIntrospection:
    STANDARD = get_introspection_query(
        descriptions=True,
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
        experimental_directive_deprecation=True,
        one_of=True,
    )

    def test_the_standard_query_passes_whatever_the_depth_of_fields(self) -> None:
        scan(self.STANDARD, LIMITS)
        assert not shape_of(self.STANDARD, max_depth=1)

    def test_its_depth_is_bounded_on_its_own(self) -> None:
        nested = "type { fields { " * 9 + "name" + " } }" * 9
        assert shape_of(f"{{ __schema {{ types {{ fields {{ {nested} }} }} }} }}", max_depth=100) == "MAX_INTROSPECTION"
        assert shape_of(f"{{ __schema {{ types {{ ...F }} }} }} fragment F on __Type {{ fields {{ {nested} }} }}") == (
            "MAX_INTROSPECTION"
        )

    def test_it_can_not_be_repeated_at_will(self) -> None:
        times = range(MAX_INTROSPECTIONS)
        many = " ".join(f'x{n}: __type(name: "T") {{ name }}' for n in times)
        assert not shape_of(f"{{ {many} }}")
        assert shape_of(f"{{ {many} __schema {{ types {{ name }} }} }}") == "MAX_INTROSPECTION"
        within = " ".join(f"x{n}: types {{ ...F }}" for n in times)
        assert shape_of(f"{{ __schema {{ {within} }} }} fragment F on __Type {{ name }}") == "MAX_INTROSPECTION"


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
        assert refused(lambda: cost_of(document, max_nodes=1000)) == "MAX_NODES"

    def test_an_astronomical_cost_is_refused_within_100_ms(self) -> None:
        nested = "jobs(first: 250) { nodes { shop { " * 30 + "id" + " } } }" * 30
        document = parse(f"{{ shop {{ {nested} }} }}")
        started = time.process_time()
        code = refused(lambda: requested_cost(document, operation_of(document), SCHEMA, {}, LIMITS))
        assert (code, time.process_time() - started < 0.1) == ("MAX_NODES", True)

import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from graphql import (
    DocumentNode,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    Source,
    TokenKind,
    get_introspection_query,
    parse,
)
from graphql.language import Lexer
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import LimitExceeded
from gateway.limits import check_shape, scan
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
        assert time.process_time() - started < 0.6

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
        assert time.process_time() - started < 0.5

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
        assert time.process_time() - started < 0.5


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

"""SDL is read by our own reader. graphql-core's parser is the measure: of what is accepted, and of what it means."""

from random import Random

import pytest
from graphql import (
    GraphQLSyntaxError,
    build_schema,
    introspection_from_schema,
    parse,
    print_schema,
    print_type,
    specified_scalar_types,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from schema_verdicts import found

from gateway.diff.building import build
from gateway.diff.compare import compare
from gateway.diff.faults import Fault, find_faults, refuse_faults
from gateway.diff.introspection import read_introspection
from gateway.diff.sdl import read_sdl
from gateway.diff.tokens import Unreadable, text_of
from schema import build as own_schema

EVERYTHING = r'''
"""The schema."""
schema @d { query: Query, mutation: Mutation }
extend schema @d(x: [1, 2.5e3, "a", B, {c: null}])
directive @d(x: J = {a: [1]}, y: String = "\u0041\"") repeatable on | SCHEMA | OBJECT | FIELD_DEFINITION | FIELD
"A query." type Query implements & Node & Named @d { "id" id: ID!
  name(first: Int = -10, "in" i: I! = {a: [P]}): [[String!]]! n: Node u: U }
type Mutation { """ block \""" with
  quotes """ type: String @deprecated(reason: "Use `Query.name`.") }
interface Node { id: ID! }
interface Named implements Node { id: ID! name(first: Int = -10, i: I! = {a: [P]}): [[String!]]! }
union U = | Query | Mutation
enum E { P "q" Q @deprecated, R }
input I { a: [E!] = [P, Q] input: I }
input O @oneOf { a: Int b: String }
scalar J @specifiedBy(url: "https://json.example")
extend type Query { enum(o: O): J }
extend enum E { S }
# The end.
'''
WHOLE = read_sdl(EVERYTHING)


def test_everything_is_read_as_graphql_core_reads_it() -> None:
    core = build_schema(EVERYTHING)
    ours = build(WHOLE)
    names = [name for name in core.type_map if not name.startswith("__") and name not in specified_scalar_types]
    assert len(names) == 9
    for name in names:
        assert print_type(_bare(ours, name)) == print_type(_bare(core, name))
    assert read_sdl(print_schema(core)).types.keys() == WHOLE.types.keys()


def _bare(schema, name):  # type: ignore[no-untyped-def]
    """Without prose, which the validation of documents does not need."""
    type_ = schema.type_map[name]
    type_.description = None
    for item in [*getattr(type_, "fields", {}).values(), *getattr(type_, "values", {}).values()]:
        item.description = item.deprecation_reason = None
        for arg in getattr(item, "args", {}).values():
            arg.description = None
    if hasattr(type_, "specified_by_url"):
        type_.specified_by_url = None
    return type_


def test_a_printed_schema_is_the_same_schema() -> None:
    changes = compare(WHOLE, read_sdl(print_schema(build_schema(EVERYTHING))))
    assert {change.type for change in changes} == {"APPLIED_DIRECTIVE_REMOVED"}


def test_introspection_is_the_same_schema() -> None:
    told = introspection_from_schema(
        build_schema(EVERYTHING), input_value_deprecation=True, one_of=True, schema_description=True
    )
    assert compare(WHOLE, read_introspection(told)) == []
    assert compare(read_introspection({"data": told}), WHOLE) == []


def test_silence_of_an_old_server_is_no_change() -> None:
    told = introspection_from_schema(
        build_schema(EVERYTHING),
        descriptions=False,
        specified_by_url=False,
        directive_is_repeatable=False,
        schema_description=False,
        input_value_deprecation=False,
        one_of=False,
    )
    assert compare(WHOLE, read_introspection(told)) == []


@given(st.integers(0, 2**32), st.integers(1, 3))
@settings(max_examples=150, deadline=None)
def test_no_damaged_text_is_taken_for_a_schema(seed: int, count: int) -> None:
    """Some characters are taken out, doubled or exchanged: we refuse what graphql-core refuses."""
    random = Random(seed)
    text = EVERYTHING
    for _ in range(count):
        at = random.randrange(len(text))
        text = text[:at] + random.choice(["", text[at] * 2, *'{}()[]:=|&@!"#\\1a\n. $']) + text[at + 1 :]
    try:
        parse(text)
    except GraphQLSyntaxError:
        with pytest.raises(Unreadable):
            read_sdl(text)
    else:
        read_sdl(text)


@pytest.mark.parametrize("literal", [r'"\uD83D\uDE00"', r'"\u{1F600}"'])
def test_an_escape_stands_for_a_character(literal: str) -> None:
    assert text_of(read_sdl(f"{literal} type T {{ a: Int }}").types["T"].description) == "😀"


@pytest.mark.parametrize("literal", [r'"\uD83D"', r'"\uDE00 \uD83D"', r'"\u{110000}"', r'"\u{D800}"', r'"\u12"'])
def test_an_escape_that_stands_for_none_is_refused(literal: str) -> None:
    for sdl in (f"{literal} type T {{ a: Int }}", f"type T {{ a(b: String = {literal}): Int }}"):
        with pytest.raises(GraphQLSyntaxError):
            parse(sdl)
        with pytest.raises(Unreadable):
            read_sdl(sdl)


@pytest.mark.parametrize(
    "literal",
    [
        '"a"',
        '""',
        r'"\"\\\n\u0041\u{1F600}"',
        '"""a"""',
        '"""\n    a\n      b\n  """',
        '"""\\""" """',
        '""""""',
        '"é€😀"',
    ],
)
def test_a_text_says_what_graphql_core_says(literal: str) -> None:
    document = parse(f"{literal} type T {{ a: Int }}")
    assert text_of(read_sdl(f"{literal} type T {{ a: Int }}").types["T"].description) == (
        document.definitions[0].description.value  # type: ignore[union-attr]
    )


def test_our_own_schema_is_read_as_graphql_core_reads_it() -> None:
    sdl = print_schema(own_schema("unstable"))
    assert compare(read_sdl(sdl), read_sdl(print_schema(build_schema(sdl)))) == []
    assert find_faults(read_sdl(sdl)) == []


TWICE = [
    ("type Query { a: Int a: String }", "Query.a", "Query { a: Int }"),
    ("type Query { a(x: Int, x: ID): Int }", "Query.a(x:)", "Query { a(x: Int): Int }"),
    ("type Query { a: Int } type Query { a: ID b: Int }", "Query", "Query { a: Int b: Int }"),
    ("type Query { a: Int } extend type Query { a: ID b: Int }", "Query.a", "Query { a: Int b: Int }"),
    ("type Query { a: E } enum E { P P }", "E.P", "Query { a: E } enum E { P }"),
    ("type Query { a(i: I): Int } input I { x: Int x: ID }", "I.x", "Query { a(i: I): Int } input I { x: Int }"),
    (
        "type Query { a: Int } directive @d on FIELD directive @d on QUERY",
        "@d",
        "Query { a: Int } directive @d on FIELD",
    ),
]


@pytest.mark.parametrize(("sdl", "coordinate", "meant"), TWICE)
def test_what_is_defined_twice_is_a_finding_and_the_first_counts(sdl: str, coordinate: str, meant: str) -> None:
    assert [(each.code, each.coordinate) for each in read_sdl(sdl).findings] == [("DEFINED_TWICE", coordinate)]
    assert found(sdl, f"type {meant}") == []


@pytest.mark.parametrize(
    ("sdl", "code", "coordinate"),
    [
        (
            "interface N { x: Int } type Query implements N { x: Int @deprecated }",
            "DEPRECATED_IMPLEMENTATION",
            "Query.x",
        ),
        ("interface N { x: Int } type Query implements N { y: Int }", "INTERFACE_FIELD_MISSING", "Query"),
        ("interface N { x: Int! } type Query implements N { x: Int }", "INTERFACE_FIELD_TYPE", "Query.x"),
        ("interface N { x(a: Int): Int } type Query implements N { x: Int }", "INTERFACE_ARG", "Query.x"),
        ("interface N { x: Int } type Query implements N { x(a: Int!): Int }", "INTERFACE_ARG", "Query.x(a:)"),
        (
            "interface M { x: Int } interface N implements M { x: Int } type Query implements N { x: Int }",
            "INTERFACE_MISSING",
            "Query",
        ),
        ("type Query { e: E } enum E", "EMPTY_TYPE", "E"),
    ],
)
def test_a_fault_that_can_be_lived_with_is_a_finding(sdl: str, code: str, coordinate: str) -> None:
    schema = read_sdl(sdl)
    refuse_faults(schema)
    assert [(each.code, each.coordinate) for each in find_faults(schema)] == [(code, coordinate)]


@pytest.mark.parametrize(
    ("sdl", "message", "at"),
    [
        ("type T { a: Int }", "there is no query root: a part of a schema can't be compared alone", -1),
        ("type Query { a: B }", "Query.a needs the type B, which is not defined", 13),
        ("type Query { a: I } input I { x: Int }", "Query.a can't be of the type I, which is of the kind input", 13),
        ("type Query { a(t: Query): Int }", "Query.a(t:) can't be of the type Query, which is of the kind type", 15),
        (
            "type Query { a: Int } union U = Int",
            "a member of U can't be of the type Int, which is of the kind scalar",
            32,
        ),
        ("type Query implements N { a: Int }", "Query implements it: it needs the type N, which is not defined", 22),
    ],
)
def test_a_name_that_leads_nowhere_leaves_nothing_to_compare(sdl: str, message: str, at: int) -> None:
    with pytest.raises(Fault) as fault:
        refuse_faults(read_sdl(sdl))
    assert (str(fault.value), fault.value.at) == (message, at)

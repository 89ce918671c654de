"""Defaults: what a request means that leaves an argument out, and what is only written otherwise."""

import pytest
from schema_verdicts import Case, case, check

DEFAULTS = [
    case(
        "a default is added to a nullable argument",  # leaving it out means something else now
        "type Query { a(x: Int): Int }",
        "type Query { a(x: Int = 1): Int }",
        "DANGEROUS ARG_DEFAULT_ADDED Query.a(x:)",
        core="SAFE",
    ),
    case(
        "a default is added to a required argument",  # nobody left it out; graphql-inspector calls it dangerous
        "type Query { a(x: Int!): Int }",
        "type Query { a(x: Int! = 1): Int }",
        "SAFE ARG_DEFAULT_ADDED Query.a(x:)",
    ),
    case(
        "a required argument becomes nullable with a default",
        "type Query { a(x: Int!): Int }",
        "type Query { a(x: Int = 1): Int }",
        "SAFE ARG_TYPE_CHANGED Query.a(x:)",
        "SAFE ARG_DEFAULT_ADDED Query.a(x:)",
    ),
    case(
        "a default changes",
        "type Query { a(x: Int = 1): Int }",
        "type Query { a(x: Int = 2): Int }",
        "DANGEROUS ARG_DEFAULT_CHANGED Query.a(x:)",
    ),
    case(
        "a default changes to null",
        "type Query { a(x: Int = 1): Int }",
        "type Query { a(x: Int = null): Int }",
        "DANGEROUS ARG_DEFAULT_CHANGED Query.a(x:)",
    ),
    case(
        "a default is removed from a nullable argument",
        "type Query { a(x: Int = 1): Int }",
        "type Query { a(x: Int): Int }",
        "DANGEROUS ARG_DEFAULT_REMOVED Query.a(x:)",
    ),
    case(
        "a default is removed from a required argument",  # requests that left it out are refused
        "type Query { a(x: Int! = 1): Int }",
        "type Query { a(x: Int!): Int }",
        "BREAKING ARG_DEFAULT_REMOVED Query.a(x:)",
        core="DANGEROUS",
    ),
    case(
        "an argument loses its default and its non-null",
        "type Query { a(x: Int! = 1): Int }",
        "type Query { a(x: Int): Int }",
        "SAFE ARG_TYPE_CHANGED Query.a(x:)",
        "DANGEROUS ARG_DEFAULT_REMOVED Query.a(x:)",
    ),
    case(
        "a float is respelled",
        "type Query { a(x: Float = 1): Int }",
        "type Query { a(x: Float = 1.0): Int }",
        core="DANGEROUS",  # graphql-core compares texts
    ),
    case(
        "a float is respelled with an exponent",
        "type Query { a(x: Float = 1000): Int }",
        "type Query { a(x: Float = 1e3): Int }",
        core="DANGEROUS",
    ),
    case(
        "an id is respelled",
        "type Query { a(x: ID = 1): Int }",
        'type Query { a(x: ID = "1"): Int }',
        core="DANGEROUS",
    ),
    case(
        "a string is respelled as a block",
        'type Query { a(x: String = "b"): Int }',
        'type Query { a(x: String = """b"""): Int }',
        core="DANGEROUS",
    ),
    case(
        "a list of one is respelled as its item",
        "type Query { a(x: [[Int]] = [[1]]): Int }",
        "type Query { a(x: [[Int]] = 1): Int }",
        core="DANGEROUS",
    ),
    case(
        "an object is respelled with its members in another order",
        "type Query { a(x: I = {b: 1, c: [2]}): Int } input I { b: Int c: [Int] }",
        "type Query { a(x: I = {c: 2 b: 1}): Int } input I { b: Int c: [Int] }",
        core="DANGEROUS",
    ),
    case(
        "an object is respelled with a default of its own",
        "type Query { a(x: I = {}): Int } input I { b: Int = 1 }",
        "type Query { a(x: I = {b: 1}): Int } input I { b: Int = 1 }",
        core="DANGEROUS",
    ),
    case(
        "a custom scalar is respelled",
        "scalar J type Query { a(x: J = {b: 1, c: 2}): Int }",
        "scalar J type Query { a(x: J = {c: 2.0, b: 1}): Int }",
        core="DANGEROUS",
    ),
    case(
        "a default of an enum changes to a string of a custom scalar",
        "scalar J type Query { a(x: J = B): Int }",
        'scalar J type Query { a(x: J = "B"): Int }',
        "DANGEROUS ARG_DEFAULT_CHANGED Query.a(x:)",
    ),
    case(
        "a boolean is not the number that Python takes it for",
        "scalar J type Query { a(x: J = true): Int }",
        "scalar J type Query { a(x: J = 1): Int }",
        "DANGEROUS ARG_DEFAULT_CHANGED Query.a(x:)",
    ),
    case(
        "a default of an enum changes",
        "type Query { a(x: E = B): Int } enum E { B C }",
        "type Query { a(x: E = C): Int } enum E { B C }",
        "DANGEROUS ARG_DEFAULT_CHANGED Query.a(x:)",
    ),
    case(
        "a default of a list changes its order",
        "type Query { a(x: [Int] = [1, 2]): Int }",
        "type Query { a(x: [Int] = [2, 1]): Int }",
        "DANGEROUS ARG_DEFAULT_CHANGED Query.a(x:)",
    ),
    case(
        "a default of an unreachable field changes",
        "type Query { a: Int } type T { b(x: Int = 1): Int }",
        "type Query { a: Int } type T { b(x: Int = 2): Int }",
        "SAFE ARG_DEFAULT_CHANGED T.b(x:)",
        core="DANGEROUS",
    ),
]


@pytest.mark.parametrize("row", DEFAULTS)
def test_a_change_of_a_default_has_its_verdict(row: Case) -> None:
    check(row)

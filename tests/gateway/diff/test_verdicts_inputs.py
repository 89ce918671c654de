"""Arguments and input fields: what a request may give, must give, and leaves out."""

import pytest
from schema_verdicts import Case, case, check

ARGS = [
    case(
        "an optional argument is added",
        "type Query { a: Int }",
        "type Query { a(x: Int): Int }",
        "SAFE ARG_OPTIONAL_ADDED Query.a(x:)",
        core="DANGEROUS",  # graphql-core fears that a server reads it; left out, it means what it meant
    ),
    case(
        "an optional argument with a default is added",  # `first: Int = 10` cuts a list that was whole
        "type Query { a: [Int] }",
        "type Query { a(first: Int = 10): [Int] }",
        "DANGEROUS ARG_OPTIONAL_ADDED Query.a(first:)",
    ),
    case(
        "a non-null argument with a default is added",
        "type Query { a: Int }",
        "type Query { a(x: Int! = 1): Int }",
        "DANGEROUS ARG_OPTIONAL_ADDED Query.a(x:)",
    ),
    case(
        "a required argument is added",
        "type Query { a: Int }",
        "type Query { a(x: Int!): Int }",
        "BREAKING ARG_REQUIRED_ADDED Query.a(x:)",
    ),
    case(
        "a required argument is added to an unreachable field",
        "type Query { a: Int } type T { b: Int }",
        "type Query { a: Int } type T { b(x: Int!): Int }",
        "SAFE ARG_REQUIRED_ADDED T.b(x:)",
        core="BREAKING",
    ),
    case(
        "a required argument is added to an interface and its object",
        "type Query { n: N } interface N { a: Int } type T implements N { a: Int }",
        "type Query { n: N } interface N { a(x: Int!): Int } type T implements N { a(x: Int!): Int }",
        "BREAKING ARG_REQUIRED_ADDED N.a(x:)",
        "BREAKING ARG_REQUIRED_ADDED T.a(x:)",
    ),
    case(
        "an argument is removed",
        "type Query { a(x: Int): Int }",
        "type Query { a: Int }",
        "BREAKING ARG_REMOVED Query.a(x:)",
    ),
    case(
        "an argument changes to another scalar",
        "type Query { a(x: Int): Int }",
        "type Query { a(x: String): Int }",
        "BREAKING ARG_TYPE_CHANGED Query.a(x:)",
    ),
    case(
        "an argument widens from Int to Float",  # literals would do, but a variable `$x: Int` is refused
        "type Query { a(x: Int): Int }",
        "type Query { a(x: Float): Int }",
        "BREAKING ARG_TYPE_CHANGED Query.a(x:)",
    ),
    case(
        "an argument becomes required",
        "type Query { a(x: Int): Int }",
        "type Query { a(x: Int!): Int }",
        "BREAKING ARG_TYPE_CHANGED Query.a(x:)",
    ),
    case(
        "an argument becomes non-null and keeps its default",  # `x: null` is refused
        "type Query { a(x: Int = 1): Int }",
        "type Query { a(x: Int! = 1): Int }",
        "BREAKING ARG_TYPE_CHANGED Query.a(x:)",
    ),
    case(
        "an argument becomes nullable",
        "type Query { a(x: Int!): Int }",
        "type Query { a(x: Int): Int }",
        "SAFE ARG_TYPE_CHANGED Query.a(x:)",
    ),
    case(
        "an argument takes a list instead of one",  # a literal would do, but a variable `$x: Int` is refused
        "type Query { a(x: Int): Int }",
        "type Query { a(x: [Int]): Int }",
        "BREAKING ARG_TYPE_CHANGED Query.a(x:)",
    ),
    case(
        "an argument takes one instead of a list",
        "type Query { a(x: [Int]): Int }",
        "type Query { a(x: Int): Int }",
        "BREAKING ARG_TYPE_CHANGED Query.a(x:)",
    ),
    case(
        "items of an argument become nullable",
        "type Query { a(x: [Int!]!): Int }",
        "type Query { a(x: [Int]!): Int }",
        "SAFE ARG_TYPE_CHANGED Query.a(x:)",
    ),
    case(
        "items of an argument become non-null",
        "type Query { a(x: [Int]): Int }",
        "type Query { a(x: [Int!]): Int }",
        "BREAKING ARG_TYPE_CHANGED Query.a(x:)",
    ),
    case(
        "an argument of an unreachable field is removed",
        "type Query { a: Int } type T { b(x: Int): Int }",
        "type Query { a: Int } type T { b: Int }",
        "SAFE ARG_REMOVED T.b(x:)",
        core="BREAKING",
    ),
]

INPUT = "type Query { a(i: I): Int } "

INPUT_FIELDS = [
    case(
        "an optional input field is added",
        INPUT + "input I { x: Int }",
        INPUT + "input I { x: Int y: Int }",
        "SAFE INPUT_FIELD_OPTIONAL_ADDED I.y",
        core="DANGEROUS",  # as with an argument
    ),
    case(
        "an input field with a default is added",
        INPUT + "input I { x: Int }",
        INPUT + "input I { x: Int y: Int = 1 }",
        "DANGEROUS INPUT_FIELD_OPTIONAL_ADDED I.y",
    ),
    case(
        "a required input field is added",
        INPUT + "input I { x: Int }",
        INPUT + "input I { x: Int y: Int! }",
        "BREAKING INPUT_FIELD_REQUIRED_ADDED I.y",
    ),
    case(
        "a required input field is added where no argument leads",
        "type Query { a: Int } input I { x: Int }",
        "type Query { a: Int } input I { x: Int y: Int! }",
        "SAFE INPUT_FIELD_REQUIRED_ADDED I.y",
        core="BREAKING",
    ),
    case(
        "a required input field is added two inputs deep",
        INPUT + "input I { x: [J!] } input J { x: Int }",
        INPUT + "input I { x: [J!] } input J { x: Int y: Int! }",
        "BREAKING INPUT_FIELD_REQUIRED_ADDED J.y",
    ),
    case(
        "a required field is added to the input of an executable directive",
        "type Query { a: Int } input I { x: Int } directive @d(i: I) on FIELD",
        "type Query { a: Int } input I { x: Int y: Int! } directive @d(i: I) on FIELD",
        "BREAKING INPUT_FIELD_REQUIRED_ADDED I.y",
    ),
    case(
        "a required field is added to the input of a directive of the type system",
        "type Query { a: Int } input I { x: Int } directive @d(i: I) on OBJECT",
        "type Query { a: Int } input I { x: Int y: Int! } directive @d(i: I) on OBJECT",
        "SAFE INPUT_FIELD_REQUIRED_ADDED I.y",
        core="BREAKING",
    ),
    case(
        "an input field is removed",
        INPUT + "input I { x: Int y: Int }",
        INPUT + "input I { x: Int }",
        "BREAKING INPUT_FIELD_REMOVED I.y",
    ),
    case(
        "an input field becomes required",
        INPUT + "input I { x: Int }",
        INPUT + "input I { x: Int! }",
        "BREAKING INPUT_FIELD_TYPE_CHANGED I.x",
    ),
    case(
        "an input field becomes nullable",
        INPUT + "input I { x: Int! }",
        INPUT + "input I { x: Int }",
        "SAFE INPUT_FIELD_TYPE_CHANGED I.x",
    ),
    case(
        "an input field changes type",
        INPUT + "input I { x: Int }",
        INPUT + "input I { x: ID }",
        "BREAKING INPUT_FIELD_TYPE_CHANGED I.x",
    ),
    case(
        "a default is added to a nullable input field",
        INPUT + "input I { x: Int }",
        INPUT + "input I { x: Int = 1 }",
        "DANGEROUS INPUT_FIELD_DEFAULT_ADDED I.x",
        core="SAFE",
    ),
    case(
        "a default is added to a required input field",
        INPUT + "input I { x: Int! }",
        INPUT + "input I { x: Int! = 1 }",
        "SAFE INPUT_FIELD_DEFAULT_ADDED I.x",
    ),
    case(
        "a default of an input field changes",
        INPUT + "input I { x: Int = 1 }",
        INPUT + "input I { x: Int = 2 }",
        "DANGEROUS INPUT_FIELD_DEFAULT_CHANGED I.x",
    ),
    case(
        "a default is removed from a required input field",
        INPUT + "input I { x: Int! = 1 }",
        INPUT + "input I { x: Int! }",
        "BREAKING INPUT_FIELD_DEFAULT_REMOVED I.x",
        core="DANGEROUS",
    ),
    case(
        "a default is removed from a nullable input field",
        INPUT + "input I { x: Int = 1 }",
        INPUT + "input I { x: Int }",
        "DANGEROUS INPUT_FIELD_DEFAULT_REMOVED I.x",
    ),
    case(
        "oneOf is added",  # graphql-core does not look at it
        INPUT + "input I { x: Int y: Int }",
        INPUT + "input I @oneOf { x: Int y: Int }",
        "BREAKING ONE_OF_ADDED I",
        core="SAFE",
    ),
    case(
        "oneOf is added where no argument leads",
        "type Query { a: Int } input I { x: Int y: Int }",
        "type Query { a: Int } input I @oneOf { x: Int y: Int }",
        "SAFE ONE_OF_ADDED I",
    ),
    case(
        "oneOf is removed",
        INPUT + "input I @oneOf { x: Int y: Int }",
        INPUT + "input I { x: Int y: Int }",
        "SAFE ONE_OF_REMOVED I",
    ),
    case(
        "a member is added to a oneOf",
        INPUT + "input I @oneOf { x: Int }",
        INPUT + "input I @oneOf { x: Int y: Int }",
        "SAFE INPUT_FIELD_OPTIONAL_ADDED I.y",
        core="DANGEROUS",
    ),
]


@pytest.mark.parametrize("row", ARGS + INPUT_FIELDS)
def test_a_change_of_inputs_has_its_verdict(row: Case) -> None:
    check(row)

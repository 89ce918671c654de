"""Types, roots, enum values."""

import pytest
from schema_verdicts import Case, case, check

TYPES = [
    case("a type is added", "type Query { a: Int }", "type Query { a: Int } type T { b: Int }", "SAFE TYPE_ADDED T"),
    case(
        "a type is removed with the field that returns it",
        "type Query { a: Int t: T } type T { b: Int }",
        "type Query { a: Int }",
        "BREAKING FIELD_REMOVED Query.t",
        "BREAKING TYPE_REMOVED T",
    ),
    case(
        "an unreachable type is removed",
        "type Query { a: Int } type T { b: Int }",
        "type Query { a: Int }",
        "SAFE TYPE_REMOVED T",
        core="BREAKING",
    ),
    case(
        "an input is removed with its argument",  # `$i: I` is refused
        "type Query { a(i: I): Int } input I { x: Int }",
        "type Query { a: Int }",
        "BREAKING ARG_REMOVED Query.a(i:)",
        "BREAKING TYPE_REMOVED I",
    ),
    case(
        "a built-in scalar is used no more",  # graphql-core calls Float removed; nothing but its users is
        "type Query { a: Int b(x: Int, y: Float): Int }",
        "type Query { a: Int b(x: Int): Int }",
        "BREAKING ARG_REMOVED Query.b(y:)",
    ),
    case(
        "an object becomes an interface",
        "type Query { t: T } type T { b: Int }",
        "type Query { t: T } interface T { b: Int }",
        "BREAKING TYPE_KIND_CHANGED T",
    ),
    case(
        "a scalar becomes an enum",
        "type Query { t: T } scalar T",
        "type Query { t: T } enum T { A }",
        "BREAKING TYPE_KIND_CHANGED T",
    ),
    case(
        "an unreachable type changes its kind",
        "type Query { a: Int } type T { b: Int }",
        "type Query { a: Int } interface T { b: Int }",
        "SAFE TYPE_KIND_CHANGED T",
        core="BREAKING",
    ),
    case(
        "definitions change their order",
        "type Query { a: E b: Int } enum E { P Q } union U = T | S type S { x: Int } type T { x: Int }",
        "type T { x: Int } union U = S | T type S { x: Int } enum E { Q P } type Query { b: Int a: E }",
    ),
    case(
        "a type is extended instead of written whole",
        "type Query { a: Int b: Int }",
        "extend type Query { b: Int } type Query { a: Int }",
    ),
]

ROOTS = [  # graphql-core and graphql-inspector (but for its own message) compare types and never the roots
    case(
        "the query root is swapped",
        "schema { query: A } type A { a: Int } type B { a: Int }",
        "schema { query: B } type A { a: Int } type B { a: Int }",
        "BREAKING ROOT_TYPE_CHANGED A",
        core="SAFE",
    ),
    case(
        "a mutation root is detached",
        "schema { query: A mutation: B } type A { a: Int } type B { b: Int }",
        "schema { query: A } type A { a: Int } type B { b: Int }",
        "BREAKING ROOT_TYPE_REMOVED B",
        core="SAFE",
    ),
    case(
        "a mutation root is added",
        "type Query { a: Int }",
        "type Query { a: Int } type Mutation { b: Int }",
        "SAFE ROOT_TYPE_ADDED Mutation",
        "SAFE TYPE_ADDED Mutation",
    ),
    case(
        "a subscription root is attached to what was there",
        "schema { query: Query } type Query { a: Int } type Subscription { b: Int }",
        "type Query { a: Int } type Subscription { b: Int }",
        "SAFE ROOT_TYPE_ADDED Subscription",
    ),
    case(
        "a schema is written out",
        "type Query { a: Int } type Mutation { b: Int }",
        "schema { query: Query mutation: Mutation } type Query { a: Int } type Mutation { b: Int }",
    ),
    case(
        "a type named Mutation is no root where the schema says so",
        "schema { query: Query } type Query { a: Int } type Mutation { b: Int c: Int }",
        "schema { query: Query } type Query { a: Int } type Mutation { b: Int }",
        "SAFE FIELD_REMOVED Mutation.c",
        core="BREAKING",
    ),
]

OUT, IN, BOTH = "type Query { a: E }", "type Query { a(e: E): Int }", "type Query { a(e: E): E }"

ENUMS = [
    case(
        "a value that goes out is added",
        OUT + "enum E { P }",
        OUT + "enum E { P Q }",
        "DANGEROUS ENUM_VALUE_ADDED E.Q",
    ),
    case(
        "a value that only goes in is added",
        IN + "enum E { P }",
        IN + "enum E { P Q }",
        "SAFE ENUM_VALUE_ADDED E.Q",
        core="DANGEROUS",  # no client can meet it
    ),
    case(
        "a value that goes both ways is added",
        BOTH + "enum E { P }",
        BOTH + "enum E { P Q }",
        "DANGEROUS ENUM_VALUE_ADDED E.Q",
    ),
    case(
        "a value that goes nowhere is added",
        "type Query { a: Int } enum E { P }",
        "type Query { a: Int } enum E { P Q }",
        "SAFE ENUM_VALUE_ADDED E.Q",
        core="DANGEROUS",
    ),
    case(
        "a value is added to an enum that starts to go out",  # no document of before selects it
        IN + "enum E { P }",
        BOTH.replace("): E", "): Int b: E") + "enum E { P Q }",
        "SAFE FIELD_ADDED Query.b",
        "SAFE ENUM_VALUE_ADDED E.Q",
        core="DANGEROUS",
    ),
    case(
        "a value that only goes out is removed",  # no request can name it; graphql-inspector calls it breaking too
        OUT + "enum E { P Q }",
        OUT + "enum E { P }",
        "SAFE ENUM_VALUE_REMOVED E.Q",
        core="BREAKING",
    ),
    case(
        "a value that goes in is removed",
        IN + "enum E { P Q }",
        IN + "enum E { P }",
        "BREAKING ENUM_VALUE_REMOVED E.Q",
    ),
    case(
        "a value that goes both ways is removed",
        BOTH + "enum E { P Q }",
        BOTH + "enum E { P }",
        "BREAKING ENUM_VALUE_REMOVED E.Q",
    ),
    case(
        "a value that goes in through an input is removed",
        "type Query { a(i: [I!]): Int } input I { e: [E] } enum E { P Q }",
        "type Query { a(i: [I!]): Int } input I { e: [E] } enum E { P }",
        "BREAKING ENUM_VALUE_REMOVED E.Q",
    ),
    case(
        "a value of an argument of an executable directive is removed",
        "type Query { a: Int } directive @d(e: E) on QUERY enum E { P Q }",
        "type Query { a: Int } directive @d(e: E) on QUERY enum E { P }",
        "BREAKING ENUM_VALUE_REMOVED E.Q",
    ),
    case(
        "a value of an argument of a directive on mutations is removed where there are none",
        "type Query { a: Int } directive @d(e: E) on MUTATION enum E { P Q }",
        "type Query { a: Int } directive @d(e: E) on MUTATION enum E { P }",
        "SAFE ENUM_VALUE_REMOVED E.Q",
        core="BREAKING",
    ),
]


@pytest.mark.parametrize("row", TYPES + ROOTS + ENUMS)
def test_a_change_of_types_has_its_verdict(row: Case) -> None:
    check(row)

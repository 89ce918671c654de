"""Fields: what can be selected, and what is answered."""

import pytest
from schema_verdicts import Case, case, check

NI = "type Query { n: N } interface N { i: Int } "

CASES = [
    case(
        "a field is added",
        "type Query { a: Int }",
        "type Query { a: Int b: Int }",
        "SAFE FIELD_ADDED Query.b",
    ),
    case(
        "a field is removed",
        "type Query { a: Int b: Int }",
        "type Query { a: Int }",
        "BREAKING FIELD_REMOVED Query.b",
    ),
    case(
        "a deprecated field is removed",  # graphql-inspector has a rule that lets this pass
        'type Query { a: Int b: Int @deprecated(reason: "Use a.") }',
        "type Query { a: Int }",
        "BREAKING FIELD_REMOVED Query.b",
    ),
    case(
        "a field of an unreachable type is removed",  # graphql-core asks no root: no request could ever select it
        "type Query { a: Int } type T { b: Int c: Int }",
        "type Query { a: Int } type T { b: Int }",
        "SAFE FIELD_REMOVED T.c",
        core="BREAKING",
    ),
    case(
        "a field of a type that becomes reachable is removed",  # no request of before selected it
        "type Query { a: Int } type T { b: Int c: Int }",
        "type Query { a: Int t: T } type T { b: Int }",
        "SAFE FIELD_ADDED Query.t",
        "SAFE FIELD_REMOVED T.c",
        core="BREAKING",
    ),
    case(
        "a field is removed from an interface and stays on its objects",
        "type Query { n: N } interface N { a: Int b: Int } type T implements N { a: Int b: Int }",
        "type Query { n: N } interface N { a: Int } type T implements N { a: Int b: Int }",
        "BREAKING FIELD_REMOVED N.b",
    ),
    case(
        "a field is renamed in its case",
        "type Query { userName: Int }",
        "type Query { username: Int }",
        "BREAKING FIELD_REMOVED Query.userName",
        "SAFE FIELD_ADDED Query.username",
    ),
    case(
        "a field changes to another scalar",
        "type Query { a: Int }",
        "type Query { a: String }",
        "BREAKING FIELD_TYPE_CHANGED Query.a",
    ),
    case(
        "a field widens from Int to Float",  # 1.5 is no Int
        "type Query { a: Int }",
        "type Query { a: Float }",
        "BREAKING FIELD_TYPE_CHANGED Query.a",
    ),
    case(
        "a field becomes non-null",
        "type Query { a: Int }",
        "type Query { a: Int! }",
        "SAFE FIELD_TYPE_CHANGED Query.a",
    ),
    case(
        "a field becomes nullable",
        "type Query { a: Int! }",
        "type Query { a: Int }",
        "BREAKING FIELD_TYPE_CHANGED Query.a",
    ),
    case(
        "a field becomes a list",
        "type Query { a: Int }",
        "type Query { a: [Int] }",
        "BREAKING FIELD_TYPE_CHANGED Query.a",
    ),
    case(
        "a field is no list any more",
        "type Query { a: [Int] }",
        "type Query { a: Int }",
        "BREAKING FIELD_TYPE_CHANGED Query.a",
    ),
    case(
        "items become non-null",
        "type Query { a: [Int] }",
        "type Query { a: [Int!] }",
        "SAFE FIELD_TYPE_CHANGED Query.a",
    ),
    case(
        "items become nullable",
        "type Query { a: [Int!]! }",
        "type Query { a: [Int]! }",
        "BREAKING FIELD_TYPE_CHANGED Query.a",
    ),
    case(
        "items of items become non-null with their list",
        "type Query { a: [[Int]] }",
        "type Query { a: [[Int!]!]! }",
        "SAFE FIELD_TYPE_CHANGED Query.a",
    ),
    case(
        "a list becomes a list of lists",
        "type Query { a: [Int] }",
        "type Query { a: [[Int]] }",
        "BREAKING FIELD_TYPE_CHANGED Query.a",
    ),
    case(
        "a list becomes non-null while its items become nullable",
        "type Query { a: [Int!] }",
        "type Query { a: [Int]! }",
        "BREAKING FIELD_TYPE_CHANGED Query.a",
    ),
    case(
        "an object changes to another with the same fields",  # `... on T` is refused
        "type Query { a: T } type T { x: Int } type U { x: Int }",
        "type Query { a: U } type T { x: Int } type U { x: Int }",
        "BREAKING FIELD_TYPE_CHANGED Query.a",
    ),
    case(
        "an interface narrows to one of two implementations",  # covariant, and yet `... on U` is refused now
        "type Query { a: N u: U } interface N { x: Int } type T implements N { x: Int } type U implements N { x: Int }",
        "type Query { a: T u: U } interface N { x: Int } type T implements N { x: Int } type U implements N { x: Int }",
        "BREAKING FIELD_TYPE_CHANGED Query.a",
    ),
    case(
        "an interface narrows to its only implementation",
        "type Query { a: N } interface N { x: Int } type T implements N { x: Int }",
        "type Query { a: T } interface N { x: Int } type T implements N { x: Int }",
        "SAFE FIELD_TYPE_CHANGED Query.a",
        core="BREAKING",  # nothing that fits the interface fits no more
    ),
    case(
        "an interface narrows to an implementation with a narrower field",  # x and its like elsewhere may part
        "type Query { a: N } interface N { x: Int } type T implements N { x: Int! }",
        "type Query { a: T } interface N { x: Int } type T implements N { x: Int! }",
        "DANGEROUS FIELD_TYPE_CHANGED Query.a",
        core="BREAKING",
    ),
    case(
        "a union narrows to one of its members",
        "type Query { a: U t: T } union U = S | T type S { x: Int } type T { x: Int }",
        "type Query { a: S t: T } union U = S | T type S { x: Int } type T { x: Int }",
        "BREAKING FIELD_TYPE_CHANGED Query.a",
    ),
    case(
        "a union becomes a wider union",  # all that is selected on a union are fragments, and they still fit
        "type Query { a: U } union U = S type S { x: Int } type T { x: Int } union V = S | T",
        "type Query { a: V } union U = S type S { x: Int } type T { x: Int } union V = S | T",
        "DANGEROUS FIELD_TYPE_CHANGED Query.a",
        core="BREAKING",
    ),
    case(
        "a union becomes an interface of the same objects",
        "type Query { a: U } union U = S type S implements N { x: Int } interface N { x: Int }",
        "type Query { a: N } union U = S type S implements N { x: Int } interface N { x: Int }",
        "SAFE FIELD_TYPE_CHANGED Query.a",
        core="BREAKING",
    ),
    case(
        "an object widens to an interface with its fields and more objects",
        "type Query { a: S } interface N { x: Int } type S implements N { x: Int } type T implements N { x: Int }",
        "type Query { a: N } interface N { x: Int } type S implements N { x: Int } type T implements N { x: Int }",
        "DANGEROUS FIELD_TYPE_CHANGED Query.a",
        core="BREAKING",
    ),
    case(
        "an object widens to an interface that lacks a field",
        "type Query { a: S } interface N { x: Int } type S implements N { x: Int y: Int }",
        "type Query { a: N } interface N { x: Int } type S implements N { x: Int y: Int }",
        "BREAKING FIELD_TYPE_CHANGED Query.a",
    ),
    case(
        "an object becomes a scalar",
        "scalar J type Query { a: S } type S { x: Int }",
        "scalar J type Query { a: J } type S { x: Int }",
        "BREAKING FIELD_TYPE_CHANGED Query.a",
    ),
    case(
        "a field of an unreachable type changes type",
        "type Query { a: Int } type T { b: Int }",
        "type Query { a: Int } type T { b: String }",
        "SAFE FIELD_TYPE_CHANGED T.b",
        core="BREAKING",
    ),
    case(
        "a type is reachable through an interface that it implements",
        "type Query { n: N } interface N { a: Int } type T implements N { a: Int b: Int }",
        "type Query { n: N } interface N { a: Int } type T implements N { a: Int }",
        "BREAKING FIELD_REMOVED T.b",
    ),
    case(
        "a type is reachable through an interface of a returned object",  # `{ s { ... on N { ... on T { b } } } }`
        "type Query { s: S } interface N { a: Int } type S implements N { a: Int }"
        " type T implements N { a: Int b: Int }",
        "type Query { s: S } interface N { a: Int } type S implements N { a: Int } type T implements N { a: Int }",
        "BREAKING FIELD_REMOVED T.b",
    ),
]

# Strict servers and code generators refuse two fields of one key and different shapes; graphql-core's and
# graphql-inspector's comparisons look at each field alone.
SIBLINGS = [
    case(
        "a field becomes non-null beside a sibling of a union",
        "type Query { u: U } union U = S | T type S { x: Int } type T { x: Int }",
        "type Query { u: U } union U = S | T type S { x: Int! } type T { x: Int }",
        "DANGEROUS FIELD_TYPE_CHANGED S.x",
        core="SAFE",
    ),
    case(
        "a field becomes non-null beside a sibling of an interface",
        NI + "type S implements N { i: Int x: Int } type T implements N { i: Int x: Int }",
        NI + "type S implements N { i: Int x: Int! } type T implements N { i: Int x: Int }",
        "DANGEROUS FIELD_TYPE_CHANGED S.x",
        core="SAFE",
    ),
    case(
        "a field becomes non-null, unlike the interface's own",
        "type Query { n: N } interface N { x: Int } type S implements N { x: Int }",
        "type Query { n: N } interface N { x: Int } type S implements N { x: Int! }",
        "DANGEROUS FIELD_TYPE_CHANGED S.x",
        core="SAFE",
    ),
    case(
        "a field becomes non-null with all its siblings",
        "type Query { n: N } interface N { x: Int } type S implements N { x: Int } type T implements N { x: Int }",
        "type Query { n: N } interface N { x: Int! } type S implements N { x: Int! } type T implements N { x: Int! }",
        "SAFE FIELD_TYPE_CHANGED N.x",
        "SAFE FIELD_TYPE_CHANGED S.x",
        "SAFE FIELD_TYPE_CHANGED T.x",
    ),
    case(
        "a field becomes non-null as its sibling was",  # they could not be merged before; now they can
        "type Query { u: U } union U = S | T type S { x: Int } type T { x: Int! }",
        "type Query { u: U } union U = S | T type S { x: Int! } type T { x: Int! }",
        "SAFE FIELD_TYPE_CHANGED S.x",
    ),
    case(
        "a field becomes non-null beside a sibling of another leaf",  # they never merged
        "type Query { u: U } union U = S | T type S { x: Int } type T { x: String }",
        "type Query { u: U } union U = S | T type S { x: Int! } type T { x: String }",
        "SAFE FIELD_TYPE_CHANGED S.x",
    ),
    case(
        "a field becomes non-null and no fragment stands beside it",
        "type Query { s: S t: T } type S { x: Int } type T { x: Int }",
        "type Query { s: S t: T } type S { x: Int! } type T { x: Int }",
        "SAFE FIELD_TYPE_CHANGED S.x",
    ),
    case(
        "items become non-null beside a sibling",
        "type Query { u: U } union U = S | T type S { x: [Int] } type T { x: [Int] }",
        "type Query { u: U } union U = S | T type S { x: [Int!] } type T { x: [Int] }",
        "DANGEROUS FIELD_TYPE_CHANGED S.x",
        core="SAFE",
    ),
    case(
        "an object field becomes non-null beside a sibling of another object",  # their selections merge field by field
        "type Query { u: U } union U = S | T type S { x: A } type T { x: B } type A { i: Int } type B { i: Int }",
        "type Query { u: U } union U = S | T type S { x: A! } type T { x: B } type A { i: Int } type B { i: Int }",
        "DANGEROUS FIELD_TYPE_CHANGED S.x",
        core="SAFE",
    ),
    case(
        "the sibling is gone",
        "type Query { u: U } union U = S | T type S { x: Int } type T { x: Int y: Int }",
        "type Query { u: U } union U = S | T type S { x: Int! } type T { y: Int }",
        "SAFE FIELD_TYPE_CHANGED S.x",
        "BREAKING FIELD_REMOVED T.x",
    ),
    case(
        "a field becomes non-null beside a sibling that no root reaches",
        "type Query { a: Int } union U = S | T type S { x: Int } type T { x: Int }",
        "type Query { a: Int } union U = S | T type S { x: Int! } type T { x: Int }",
        "SAFE FIELD_TYPE_CHANGED S.x",
    ),
]


@pytest.mark.parametrize("row", CASES + SIBLINGS)
def test_a_change_of_fields_has_its_verdict(row: Case) -> None:
    check(row)

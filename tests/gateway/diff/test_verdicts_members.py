"""Members of unions, interfaces, scalars."""

import pytest
from schema_verdicts import Case, case, check

UNION = "type S { x: Int } type T { x: Int } type Query { u: U s: S t: T } "
UNREACHED = "type S { x: Int } type T { x: Int } type Query { a: Int } "

UNIONS = [
    case("a member is added", UNION + "union U = S", UNION + "union U = S | T", "DANGEROUS UNION_MEMBER_ADDED U"),
    case("a member is removed", UNION + "union U = S | T", UNION + "union U = S", "BREAKING UNION_MEMBER_REMOVED U"),
    case(
        "a member is added to a union that no field returns",
        UNREACHED + "union U = S",
        UNREACHED + "union U = S | T",
        "SAFE UNION_MEMBER_ADDED U",
        core="DANGEROUS",
    ),
    case(
        "a member is removed from a union that no root reaches",
        UNREACHED + "union U = S | T",
        UNREACHED + "union U = S",
        "SAFE UNION_MEMBER_REMOVED U",
        core="BREAKING",
    ),
    case(
        "a member is removed from a union that is only named in fragments",  # `{ s { ... on U { ... on T { x } } } }`
        UNION.replace("u: U ", "") + "union U = S | T",
        UNION.replace("u: U ", "") + "union U = S",
        "BREAKING UNION_MEMBER_REMOVED U",
    ),
    case(
        "a member is added to a union that is only named in fragments",  # no answer comes through it
        UNION.replace("u: U ", "") + "union U = S",
        UNION.replace("u: U ", "") + "union U = S | T",
        "SAFE UNION_MEMBER_ADDED U",
        core="DANGEROUS",
    ),
    case(
        "a new type is added as a member",
        "type Query { u: U } union U = S type S { x: Int }",
        "type Query { u: U } union U = S | T type S { x: Int } type T { x: Int }",
        "SAFE TYPE_ADDED T",
        "DANGEROUS UNION_MEMBER_ADDED U",
    ),
]

NM = "type Query { n: N m: M } interface N { x: Int } type T implements N & M { x: Int } "
N = "interface N { x: Int } type S implements N { x: Int } "

INTERFACES = [
    case(
        "an object starts to implement a returned interface",
        N + "type Query { n: N t: T } type T { x: Int }",
        N + "type Query { n: N t: T } type T implements N { x: Int }",
        "DANGEROUS INTERFACE_ADDED T",
    ),
    case(
        "a new object implements a returned interface",  # graphql-core sees a type that was added, and no more
        N + "type Query { n: N }",
        N + "type Query { n: N } type T implements N { x: Int }",
        "SAFE TYPE_ADDED T",
        "DANGEROUS INTERFACE_ADDED T",
        core="SAFE",
    ),
    case(
        "an object starts to implement an interface that no field returns",
        N + "type Query { s: S t: T } type T { x: Int }",
        N + "type Query { s: S t: T } type T implements N { x: Int }",
        "SAFE INTERFACE_ADDED T",
        core="DANGEROUS",
    ),
    case(
        "a new object implements a new interface",
        "type Query { a: Int }",
        "type Query { a: Int n: N } interface N { x: Int } type T implements N { x: Int }",
        "SAFE FIELD_ADDED Query.n",
        "SAFE TYPE_ADDED N",
        "SAFE TYPE_ADDED T",
    ),
    case(
        "an object stops to implement a returned interface",  # `{ n { ... on T { x } } }`
        N + "type Query { n: N t: T } type T implements N { x: Int }",
        N + "type Query { n: N t: T } type T { x: Int }",
        "BREAKING INTERFACE_REMOVED T",
    ),
    case(
        "an object stops to implement an interface that no field returns",  # `{ t { ... on N { x } } }`
        N + "type Query { t: T } type T implements N { x: Int }",
        N + "type Query { t: T } type T { x: Int }",
        "BREAKING INTERFACE_REMOVED T",
    ),
    case(
        "an unreachable object stops to implement an unreachable interface",
        N + "type Query { a: Int } type T implements N { x: Int }",
        N + "type Query { a: Int } type T { x: Int }",
        "SAFE INTERFACE_REMOVED T",
        core="BREAKING",
    ),
    case(
        "the only implementation of an interface is removed",
        "type Query { n: N } interface N { x: Int } type T implements N { x: Int }",
        "type Query { n: N } interface N { x: Int }",
        "BREAKING TYPE_REMOVED T",
    ),
    case(
        "an interface stops to implement another, and its objects do not",  # fragments go by objects
        NM + "interface M implements N { x: Int }",
        NM + "interface M { x: Int }",
        "SAFE INTERFACE_REMOVED M",
        core="BREAKING",
    ),
    case(
        "an interface starts to implement another, as its objects do",
        NM + "interface M { x: Int }",
        NM + "interface M implements N { x: Int }",
        "SAFE INTERFACE_ADDED M",
        core="DANGEROUS",
    ),
]

URL = "https://scalars.example/"

SCALARS = [  # graphql-core does not look at @specifiedBy
    case(
        "specifiedBy is added",
        "type Query { a: S } scalar S",
        f'type Query {{ a: S }} scalar S @specifiedBy(url: "{URL}1")',
        "SAFE SPECIFIED_BY_ADDED S",
    ),
    case(
        "specifiedBy is changed",
        f'type Query {{ a: S }} scalar S @specifiedBy(url: "{URL}1")',
        f'type Query {{ a: S }} scalar S @specifiedBy(url: "{URL}2")',
        "DANGEROUS SPECIFIED_BY_CHANGED S",
        core="SAFE",
    ),
    case(
        "specifiedBy is changed on what only goes in",
        f'type Query {{ a(s: S): Int }} scalar S @specifiedBy(url: "{URL}1")',
        f'type Query {{ a(s: S): Int }} scalar S @specifiedBy(url: "{URL}2")',
        "DANGEROUS SPECIFIED_BY_CHANGED S",
        core="SAFE",
    ),
    case(
        "specifiedBy is changed on what is unreachable",
        f'type Query {{ a: Int }} scalar S @specifiedBy(url: "{URL}1")',
        f'type Query {{ a: Int }} scalar S @specifiedBy(url: "{URL}2")',
        "SAFE SPECIFIED_BY_CHANGED S",
    ),
    case(
        "specifiedBy is removed",  # graphql-inspector calls it dangerous; nothing is answered otherwise
        f'type Query {{ a: S }} scalar S @specifiedBy(url: "{URL}1")',
        "type Query { a: S } scalar S",
        "SAFE SPECIFIED_BY_REMOVED S",
    ),
]


@pytest.mark.parametrize("row", UNIONS + INTERFACES + SCALARS)
def test_a_change_of_members_has_its_verdict(row: Case) -> None:
    check(row)

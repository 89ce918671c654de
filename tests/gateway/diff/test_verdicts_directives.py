"""Directives and prose: only what documents can use matters to them."""

import pytest
from schema_verdicts import Case, case, check

Q = "type Query { a: Int } "

DIRECTIVES = [
    case("a directive is added", Q, Q + "directive @d on FIELD", "SAFE DIRECTIVE_ADDED @d"),
    case("an executable directive is removed", Q + "directive @d on FIELD", Q, "BREAKING DIRECTIVE_REMOVED @d"),
    case(
        "a directive of the type system is removed",  # no request could name it
        Q + "directive @d on OBJECT",
        Q,
        "SAFE DIRECTIVE_REMOVED @d",
        core="BREAKING",
    ),
    case(
        "a directive that only subscriptions take is removed where there are none",
        Q + "directive @d on SUBSCRIPTION",
        Q,
        "SAFE DIRECTIVE_REMOVED @d",
        core="BREAKING",
    ),
    case(
        "an executable location is removed",
        Q + "directive @d on FIELD | QUERY",
        Q + "directive @d on FIELD",
        "BREAKING DIRECTIVE_LOCATION_REMOVED @d",
    ),
    case(
        "a location of the type system is removed",
        Q + "directive @d on FIELD | OBJECT",
        Q + "directive @d on FIELD",
        "SAFE DIRECTIVE_LOCATION_REMOVED @d",
        core="BREAKING",
    ),
    case(
        "a location is added",
        Q + "directive @d on FIELD",
        Q + "directive @d on FIELD | QUERY",
        "SAFE DIRECTIVE_LOCATION_ADDED @d",
    ),
    case(
        "an executable directive loses repeatable",
        Q + "directive @d repeatable on FIELD",
        Q + "directive @d on FIELD",
        "BREAKING DIRECTIVE_REPEATABLE_REMOVED @d",
    ),
    case(
        "a directive of the type system loses repeatable",
        Q + "directive @d repeatable on OBJECT",
        Q + "directive @d on OBJECT",
        "SAFE DIRECTIVE_REPEATABLE_REMOVED @d",
        core="BREAKING",
    ),
    case(
        "a directive gains repeatable",
        Q + "directive @d on FIELD",
        Q + "directive @d repeatable on FIELD",
        "SAFE DIRECTIVE_REPEATABLE_ADDED @d",
    ),
    case(
        "a required argument is added to an executable directive",
        Q + "directive @d on FIELD",
        Q + "directive @d(x: Int!) on FIELD",
        "BREAKING DIRECTIVE_ARG_REQUIRED_ADDED @d(x:)",
    ),
    case(
        "a required argument is added to a directive of the type system",
        Q + "directive @d on OBJECT",
        Q + "directive @d(x: Int!) on OBJECT",
        "SAFE DIRECTIVE_ARG_REQUIRED_ADDED @d(x:)",
        core="BREAKING",
    ),
    case(
        "an optional argument is added to an executable directive",
        Q + "directive @d on FIELD",
        Q + "directive @d(x: Int) on FIELD",
        "SAFE DIRECTIVE_ARG_OPTIONAL_ADDED @d(x:)",
    ),
    case(
        "an argument with a default is added to an executable directive",  # graphql-core calls every optional one safe
        Q + "directive @d on FIELD",
        Q + "directive @d(x: Int = 1) on FIELD",
        "DANGEROUS DIRECTIVE_ARG_OPTIONAL_ADDED @d(x:)",
        core="SAFE",
    ),
    case(
        "an argument is removed from an executable directive",
        Q + "directive @d(x: Int) on FIELD",
        Q + "directive @d on FIELD",
        "BREAKING DIRECTIVE_ARG_REMOVED @d(x:)",
    ),
    case(
        "an argument of an executable directive becomes required",
        Q + "directive @d(x: Int) on FIELD",
        Q + "directive @d(x: Int!) on FIELD",
        "BREAKING DIRECTIVE_ARG_TYPE_CHANGED @d(x:)",
    ),
    case(
        "an argument of an executable directive becomes nullable",
        Q + "directive @d(x: Int!) on FIELD",
        Q + "directive @d(x: Int) on FIELD",
        "SAFE DIRECTIVE_ARG_TYPE_CHANGED @d(x:)",
    ),
    case(
        "a default of an executable directive changes",
        Q + "directive @d(x: Int = 1) on FIELD",
        Q + "directive @d(x: Int = 2) on FIELD",
        "DANGEROUS DIRECTIVE_ARG_DEFAULT_CHANGED @d(x:)",
    ),
    case(
        "a default of a directive of the type system changes",
        Q + "directive @d(x: Int = 1) on OBJECT",
        Q + "directive @d(x: Int = 2) on OBJECT",
        "SAFE DIRECTIVE_ARG_DEFAULT_CHANGED @d(x:)",
        core="DANGEROUS",
    ),
    case(
        "a required argument of an executable directive loses its default",
        Q + "directive @d(x: Int! = 1) on FIELD",
        Q + "directive @d(x: Int!) on FIELD",
        "BREAKING DIRECTIVE_ARG_DEFAULT_REMOVED @d(x:)",
        core="DANGEROUS",
    ),
    case(
        "a directive of the specification is defined of one's own",
        Q,
        Q + "directive @skip(if: Boolean!, why: String) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT",
        "SAFE DIRECTIVE_ARG_OPTIONAL_ADDED @skip(why:)",
    ),
    case(
        "a directive of the specification takes less",
        Q,
        Q + "directive @include(if: Boolean!) on FIELD",
        "BREAKING DIRECTIVE_LOCATION_REMOVED @include",
        "BREAKING DIRECTIVE_LOCATION_REMOVED @include",
    ),
]

PROSE = [
    case(
        "a field is deprecated",
        "type Query { a: Int b: Int }",
        'type Query { a: Int b: Int @deprecated(reason: "Use `a`.") }',
        "SAFE DEPRECATION_ADDED Query.b",
    ),
    case(
        "a field is deprecated without a reason",
        "type Query { a: Int b: Int }",
        "type Query { a: Int b: Int @deprecated }",
        "SAFE DEPRECATION_ADDED Query.b",
    ),
    case(
        "the reason that is meant without one is written out",
        "type Query { a: Int b: Int @deprecated }",
        'type Query { a: Int b: Int @deprecated(reason: "No longer supported") }',
    ),
    case(
        "a deprecation is withdrawn",
        "type Query { a: Int b: Int @deprecated }",
        "type Query { a: Int b: Int }",
        "SAFE DEPRECATION_REMOVED Query.b",
    ),
    case(
        "a deprecation is reworded",
        'type Query { a: Int b: Int @deprecated(reason: "Old.") }',
        'type Query { a: Int b: Int @deprecated(reason: "Use `a`.") }',
        "SAFE DEPRECATION_CHANGED Query.b",
    ),
    case(
        "an argument, an input field and an enum value are deprecated",
        "type Query { a(x: Int, i: I, e: E): Int } input I { x: Int } enum E { P }",
        "type Query { a(x: Int @deprecated, i: I, e: E): Int } input I { x: Int @deprecated } enum E { P @deprecated }",
        "SAFE DEPRECATION_ADDED Query.a(x:)",
        "SAFE DEPRECATION_ADDED I.x",
        "SAFE DEPRECATION_ADDED E.P",
    ),
    case("a description is added", Q, '"""What can be asked."""' + Q, "SAFE DESCRIPTION_ADDED Query"),
    case("a description is removed", '"What can be asked."' + Q, Q, "SAFE DESCRIPTION_REMOVED Query"),
    case("a description changes", '"A."' + Q, '"B."' + Q, "SAFE DESCRIPTION_CHANGED Query"),
    case("a description is written as a block", '"A."' + Q, '"""\n  A.\n"""' + Q),
    case(
        "descriptions of a field, an argument, a value and a directive change",
        'type Query { "1" a("1" x: E): Int } enum E { "1" P } "1" directive @d("1" x: Int) on FIELD',
        'type Query { "2" a("2" x: E): Int } enum E { "2" P } "2" directive @d("2" x: Int) on FIELD',
        "SAFE DESCRIPTION_CHANGED Query.a",
        "SAFE DESCRIPTION_CHANGED Query.a(x:)",
        "SAFE DESCRIPTION_CHANGED E.P",
        "SAFE DESCRIPTION_CHANGED @d",
        "SAFE DESCRIPTION_CHANGED @d(x:)",
    ),
    case(
        "the description of the schema changes",
        '"A." schema { query: Query } ' + Q,
        '"B." schema { query: Query } ' + Q,
        "SAFE DESCRIPTION_CHANGED schema",
    ),
    case(
        "a directive is applied, changed and taken away",  # graphql-inspector calls some of these dangerous
        "directive @d(x: Int) repeatable on OBJECT | FIELD_DEFINITION type Query @d { a: Int @d(x: 1) b: Int }",
        "directive @d(x: Int) repeatable on OBJECT | FIELD_DEFINITION type Query { a: Int @d(x: 2) b: Int @d }",
        "SAFE APPLIED_DIRECTIVE_REMOVED Query",
        "SAFE APPLIED_DIRECTIVE_CHANGED Query.a",
        "SAFE APPLIED_DIRECTIVE_ADDED Query.b",
    ),
    case("a comment changes", Q + "# one", "# two\n" + Q),
]


@pytest.mark.parametrize("row", DIRECTIVES + PROSE)
def test_a_change_of_directives_or_prose_has_its_verdict(row: Case) -> None:
    check(row)

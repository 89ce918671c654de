"""What a version does not have is not told in it, whatever the resolvers find: by both engines alike."""

import pytest
from graphql import GraphQLSchema, parse
from small_schema import Small, each, gives, rows

from gateway.execution.rows import Grouped, Rows
from gateway.execution.validation import validate_document
from schema.history import HistoryError, added
from schema.projection import Timeline, project

SDL = """
    type Query { thing: Thing  things: [Node]!  node: Node  page(size: Int = 3, kind: Kind = OLD): String }
    interface Node { id: ID! }
    type Thing implements Node { id: ID!  kind: Kind!  kinds: [Kind!] }
    type Newer implements Node { id: ID! }
    enum Kind { OLD  FRESH }
    input Filter { size: Int = 5  kind: Kind }
"""


def of_types(*typenames: str) -> Rows:
    found = rows("id", *[(str(number),) for number, _ in enumerate(typenames)])
    return Rows(list(found), found.layout, typenames)


def small(*changes, version: str = "2023-07", sdl: str = SDL) -> Small:
    """The version of the schema. Its thing is of a kind that came later, and among the things is a newer one."""
    things = of_types("Thing", "Newer", "Thing")
    made = Small(
        sdl,
        {
            "Query.thing": gives(rows("id kind", ("1", "FRESH"))),
            "Query.node": gives(of_types("Newer")),
            "Query.things": gives(Grouped(things, [3])),
            "Query.page": each(lambda **given: f"{sorted(given.items())}"),
            "Thing.kinds": each(lambda **_: ["FRESH", "OLD"]),
        },
    )
    made.schema = project(made.schema, Timeline(made.schema, changes), version)
    return made


def refusals(asked: Small, document: str) -> list[str]:
    return [error.message for error in validate_document(asked.schema, parse(document))]


NEWER = added("2023-10", "Newer")
FRESH = added("2023-10", "Kind.FRESH", instead="OLD")


def test_objects_of_a_type_that_came_later_are_null():
    older = small(NEWER)
    assert older.data("{ node { __typename id } things { id } }") == {
        "node": None,
        "things": [{"id": "0"}, None, {"id": "2"}],
    }
    newer = small(NEWER, version="2023-10")
    assert newer.data("{ node { __typename id } }") == {"node": {"__typename": "Newer", "id": "0"}}


def test_a_value_that_came_later_goes_out_as_the_one_that_is_told_instead():
    document = "{ thing { kind kinds } }"
    assert small(FRESH).data(document) == {"thing": {"kind": "OLD", "kinds": ["OLD", "OLD"]}}
    assert small(FRESH, version="2023-10").data(document) == {"thing": {"kind": "FRESH", "kinds": ["FRESH", "OLD"]}}


def test_a_value_that_came_later_is_not_accepted():
    older = small(FRESH)
    assert older.data("{ page(kind: OLD) }") == {"page": "[('kind', 'OLD'), ('size', 3)]"}
    assert refusals(older, "{ page(kind: FRESH) }") == ["Value 'FRESH' does not exist in 'Kind' enum."]
    refused = older.operation("query ($kind: Kind) { page(kind: $kind) }").coerce({"kind": "FRESH"})
    assert "does not exist in 'Kind' enum" in refused[0].message


def test_an_argument_that_came_later_is_given_its_default():
    later = added("2023-10", "Query.page(size:)")
    assert small(later).data("{ page }") == {"page": "[('kind', 'OLD'), ('size', 3)]"}
    assert refusals(small(later), "{ page(size: 4) }") == ["Unknown argument 'size' on field 'Query.page'."]


def test_an_input_field_that_came_later_is_given_its_default():
    sdl = SDL.replace("page(size: Int = 3, kind: Kind = OLD)", "page(filter: Filter)")
    older = small(added("2023-10", "Filter.size"), sdl=sdl)
    assert older.data("{ page(filter: {kind: OLD}) }") == {"page": "[('filter', {'size': 5, 'kind': 'OLD'})]"}
    assert small(sdl=sdl).data("{ page(filter: {size: 1}) }") == {"page": "[('filter', {'size': 1})]"}


@pytest.mark.parametrize(
    ("sdl", "change", "message"),
    [
        (
            "type Query { a(b: B!): Int } input B { c: Int }",
            added("2023-10", "B"),
            "Query.a(b:) is required, and is not in 2023-07",
        ),
        (
            "type Query { a(b: Int!): Int }",
            added("2023-10", "Query.a(b:)"),
            "Query.a(b:) is required, and is not in 2023-07",
        ),
        (
            "type Query { a(b: B): Int } input B { c: C!, d: Int } enum C { E }",
            added("2023-10", "C"),
            "B.c is required, and is not in 2023-07",
        ),
        (
            "type Query { a: A } enum A { B C }",
            added("2023-10", "A.C"),
            "A.C may be stored, and is not in 2023-07: say what goes out instead",
        ),
        (
            "type Query { a: A } enum A { B C }",
            added("2023-10", "A.C", instead="D"),
            "A.C may be stored, and is not in 2023-07: say what goes out instead",
        ),
        (
            "type Query { a: Int, b: B } type B { c: Int }",
            added("2023-10", "B.c"),
            "2023-07: Type B must define one or more fields.",
        ),
        (
            "type Query { i: I } interface I { a: Int } type T implements I { a: Int } type U implements I { a: Int }",
            added("2023-10", "T.a"),
            "2023-07: Type T must define one or more fields.; Interface field I.a expected but T does not provide it.",
        ),
        (
            "type Query { a: A } union A = B | C type B { d: Int } type C { d: Int }",
            added("2023-10", "C"),
            "Query.a may be one of C, which are not in this version",
        ),
    ],
)
def test_what_can_not_be_shown_is_an_error(sdl, change, message):
    schema: GraphQLSchema = Small(sdl, {}).schema
    with pytest.raises(HistoryError) as raised:
        project(schema, Timeline(schema, [change]), "2023-07")
    assert str(raised.value) == message


def test_a_value_that_only_comes_in_needs_nothing_instead():
    schema = Small("type Query { a(b: B): Int } enum B { C D }", {}).schema
    older = project(schema, Timeline(schema, [added("2023-10", "B.D")]), "2023-07")
    assert list(older.type_map["B"].values) == ["C"]


def test_a_row_of_an_interfaces_field_counts_for_its_objects():
    sdl = "type Query { i: I } interface I { a: Int b: Int } type T implements I { a: Int b: Int }"
    schema = Small(sdl, {}).schema
    older = project(schema, Timeline(schema, [added("2023-10", "I.b")]), "2023-07")
    assert [list(older.type_map[name].fields) for name in "IT"] == [["a"], ["a"]]


def test_the_full_schema_stays_what_it_is():
    full = small(FRESH, version="2023-10")
    project(full.schema, Timeline(full.schema, [FRESH]), "2023-07")
    assert full.data("{ thing { kind } }") == {"thing": {"kind": "FRESH"}}

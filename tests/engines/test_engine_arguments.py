"""Arguments as batch functions get them: coerced, with defaults, and told apart from those that were left out."""

import pytest
from graphql import GraphQLError
from small_schema import Small, each, gives, rows

from gateway.execution.sources import GUARD

SDL = """
    scalar Even
    enum Colour { RED GREEN }
    input Point { x: Int!  y: Int = 7  names: [String!]  colour: Colour }
    type Query {
        echo(
            text: String, number: Int = 3, flag: Boolean, point: Point, points: [Point!], even: Even
            colour: Colour, strict: ID! = "none"
        ): String
        thing: Thing
        things: [Thing!]!
    }
    type Thing { id: ID!  echo(number: Int, text: String): String }
"""


def _echo(*read, **arguments):
    return repr((*read, arguments) if read else arguments)


@pytest.fixture
def small():
    found = rows("id", ("1",))
    small = Small(
        SDL,
        {
            "Query.echo": each(_echo),
            "Query.thing": gives(found),
            "Query.things": gives([rows("id", ("1",), ("2",))]),
            "Thing.echo": each(_echo, "id"),
        },
    )
    even = small.schema.type_map["Even"]
    even.coerce_input_value = even.parse_value = _even
    even.coerce_input_literal = None
    even.parse_literal = lambda node, _variables=None: _even(int(node.value))
    return small


def _even(value):
    if value % 2:
        raise GraphQLError(f"{value} is odd")
    return value


ALWAYS = {"number": 3, "strict": "none"}


@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        ("echo", ALWAYS),
        ('echo(text: "a")', {"text": "a", **ALWAYS}),
        ("echo(text: null, number: null)", {"text": None, "number": None, "strict": "none"}),
        ("echo(point: {x: 1})", {"number": 3, "point": {"x": 1, "y": 7}, "strict": "none"}),
        ("echo(point: {x: 1, y: null})", {"number": 3, "point": {"x": 1, "y": None}, "strict": "none"}),
        ("echo(points: {x: 1})", {"number": 3, "points": [{"x": 1, "y": 7}], "strict": "none"}),
        ('echo(point: {x: 1, names: "n"})', {"number": 3, "point": {"x": 1, "y": 7, "names": ["n"]}, "strict": "none"}),
        ("echo(colour: RED)", {"number": 3, "colour": "RED", "strict": "none"}),
        ("echo(even: 4)", {"number": 3, "even": 4, "strict": "none"}),
        ("echo(strict: 5)", {"number": 3, "strict": "5"}),
    ],
)
def test_what_is_written_in_the_document(small, call, arguments):
    assert eval(small.data(f"{{ {call} }}")["echo"]) == arguments


@pytest.mark.parametrize(
    ("declared", "call", "sent", "arguments"),
    [
        ("$n: Int", "number: $n", {"n": 5}, {"number": 5, "strict": "none"}),
        ("$n: Int", "number: $n", {"n": None}, {"number": None, "strict": "none"}),
        ("$n: Int", "number: $n", {}, ALWAYS),
        ("$n: Int = 9", "number: $n", {}, {"number": 9, "strict": "none"}),
        ("$n: Int = 9", "number: $n", {"n": None}, {"number": None, "strict": "none"}),
        ("$n: Int!", "number: $n", {"n": 5}, {"number": 5, "strict": "none"}),
        ("$t: String", "text: $t", {}, ALWAYS),
        ("$x: Int!", "point: {x: $x}", {"x": 2}, {"number": 3, "point": {"x": 2, "y": 7}, "strict": "none"}),
        ("$y: Int", "point: {x: 1, y: $y}", {}, {"number": 3, "point": {"x": 1, "y": 7}, "strict": "none"}),
        ("$y: Int", "point: {x: 1, y: $y}", {"y": None}, {"number": 3, "point": {"x": 1, "y": None}, "strict": "none"}),
        ("$p: Point", "point: $p", {"p": {"x": 1}}, {"number": 3, "point": {"x": 1, "y": 7}, "strict": "none"}),
        ("$p: [Point!]", "points: $p", {"p": {"x": 1}}, {"number": 3, "points": [{"x": 1, "y": 7}], "strict": "none"}),
        ("$p: Point!", "points: [$p]", {"p": {"x": 1}}, {"number": 3, "points": [{"x": 1, "y": 7}], "strict": "none"}),
        ("$c: Colour", "colour: $c", {"c": "GREEN"}, {"number": 3, "colour": "GREEN", "strict": "none"}),
        ("$e: Even", "even: $e", {"e": 8}, {"number": 3, "even": 8, "strict": "none"}),
        ("$s: ID", "strict: $s", {}, ALWAYS),
        ("$s: ID", "strict: $s", {"s": 4}, {"number": 3, "strict": "4"}),
    ],
)
def test_what_comes_by_variables(small, declared, call, sent, arguments):
    assert eval(small.data(f"query Q({declared}) {{ echo({call}) }}", sent)["echo"]) == arguments


def test_a_null_for_what_must_not_be_null_is_an_error_of_the_field(small):
    data, errors = small.errors("query Q($s: ID) { echo(strict: $s) thing { id } }", {"s": None})
    assert data == {"echo": None, "thing": {"id": "1"}}
    assert [path for _, path in errors] == [["echo"]]


def test_an_argument_that_is_refused_fails_its_field_in_each_place(small):
    data, errors = small.errors('{ things { id echo(text: "a\\u0000") } again: echo(text: "\\u0000") thing { id } }')
    things = [{"id": "1", "echo": None}, {"id": "2", "echo": None}]
    assert data == {"things": things, "again": None, "thing": {"id": "1"}}
    message = "A text can't hold the character U+0000"
    assert errors == [(message, ["again"]), (message, ["things", 0, "echo"]), (message, ["things", 1, "echo"])]


def test_what_can_not_be_read_is_told_before_who_may_ask(small):
    def guard(_context):
        raise GraphQLError("not for you")

    echo = small.schema.query_type.fields["echo"]
    guarded = Small(SDL, {"Query.echo": echo.extensions["source"]}, {"Query.echo": guard})
    assert echo.extensions[GUARD] is None
    asked = "query Q($s: ID) { echo(strict: $s) }"
    assert "must not be None" not in guarded.errors(asked, {"s": "1"})[1][0][0]
    assert guarded.errors(asked, {"s": "1"}) == ({"echo": None}, [("not for you", ["echo"])])
    assert "$s" in guarded.errors(asked, {"s": None})[1][0][0]


def test_one_plan_serves_different_variables(small):
    asked = "query Q($n: Int) { things { echo(number: $n) } }"
    for number in (1, 2, None):
        arguments = [eval(thing["echo"]) for thing in small.data(asked, {"n": number})["things"]]
        assert arguments == [("1", {"number": number}), ("2", {"number": number})]

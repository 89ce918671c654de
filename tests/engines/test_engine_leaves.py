"""Leaves: what a value becomes, and which values no leaf of the type can have.

What a database's columns hold is trusted to be of their types where it is written in place, so values that are not
come by batch functions here.
"""

import asyncio
import math

import pytest
from graphql import GraphQLEnumType, GraphQLError
from small_schema import Small, gives, lists, rows

from gateway.execution.sources import Computed, Prefixed
from schema import build

SDL = """
    scalar Even
    enum Colour { RED GREEN }
    type Query {
        int: Int  float: Float  text: String  flag: Boolean  id: ID  even: Even  colour: Colour
        ints: [Int]  strictInts: [Int!]  colours: [Colour!]  things: [Thing]
    }
    type Thing { size: Int  share: Float  gid: ID!  braces: ID!  label: String  strictSize: Int! }
"""


class Text:
    def __str__(self) -> str:
        return "an object"


def small(**values) -> Small:
    small = Small(SDL, {f"Query.{name}": value for name, value in values.items()})
    small.schema.type_map["Even"].coerce_output_value = small.schema.type_map["Even"].serialize = _even
    return small


def _even(value):
    if value is Text:
        return None
    if value % 2:
        raise GraphQLError(f"{value} is odd")
    return {"even": value}


@pytest.mark.parametrize(
    ("field", "value", "written"),
    [
        ("int", 5, 5),
        ("int", 5.0, 5),
        ("int", "5", 5),
        ("int", True, 1),
        ("int", 2**31 - 1, 2**31 - 1),
        ("int", -(2**31), -(2**31)),
        ("float", 1, 1.0),
        ("float", "1.5", 1.5),
        ("text", 5, "5"),
        ("text", True, "true"),
        ("text", 1.5, "1.5"),
        ("flag", 1, True),
        ("flag", 0, False),
        ("id", 7, "7"),
        ("id", "7", "7"),
        ("even", 4, {"even": 4}),
        ("colour", "RED", "RED"),
        ("int", None, None),
    ],
)
def test_a_value_becomes_one_of_its_type(field, value, written):
    data = small(**{field: gives([value])}).data(f"{{ {field} }}")
    assert data == {field: written}
    assert type(data[field]) is type(written)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("int", 2**31),
        ("int", -(2**31) - 1),
        ("int", 1.5),
        ("int", "x"),
        ("int", math.nan),
        ("float", math.nan),
        ("float", math.inf),
        ("float", "x"),
        ("text", [1]),
        ("text", {"a": 1}),
        ("flag", "yes"),
        ("flag", math.nan),
        ("id", 1.5),
        ("id", [1]),
        ("even", 3),
        ("colour", "BLUE"),
        ("colour", ["RED"]),
        ("int", ValueError("handed back")),
    ],
)
def test_a_value_that_is_none_of_its_type_is_an_error_and_null(field, value):
    data, errors = small(**{field: gives([value])}).errors(f"{{ {field} __typename }}")
    assert data == {field: None, "__typename": "Query"}
    assert [path for _, path in errors] == [[field]]


def test_a_scalar_that_is_written_as_nothing_is_an_error():
    asked = small(even=gives([Text]))
    for engine in asked.engines:
        result = asyncio.run(asked.execute("{ even }", engine=engine))
        assert result.data == {"even": None}
        assert [error.path for error in result.errors] == [["even"]]


@pytest.mark.parametrize(
    ("field", "values", "answer", "path"),
    [
        ("ints", [1, None, 3], [1, None, 3], None),
        ("ints", [1, 2**40, 3], [1, None, 3], ["ints", 1]),
        ("ints", [1, ValueError("no"), "4"], [1, None, 4], ["ints", 1]),
        ("ints", [], [], None),
        ("ints", None, None, None),
        ("strictInts", [1, None], None, ["strictInts", 1]),
        ("strictInts", [1, "x"], None, ["strictInts", 1]),
        ("colours", ["RED", "GREEN"], ["RED", "GREEN"], None),
        ("colours", ["RED", "BLUE"], None, ["colours", 1]),
    ],
)
def test_lists_of_leaves(field, values, answer, path):
    data, errors = small(**{field: gives([values])}).errors(f"{{ {field} }}")
    assert data == {field: answer}
    assert [place for _, place in errors] == ([] if path is None else [path])


def test_a_column_is_looked_at_value_by_value_where_one_does_not_fit():
    found = rows("size share", (1, 0.5), (2**40, math.nan), ("3", 1), (None, None))
    data, errors = small(things=gives(lists(found, 4))).errors("{ things { size share } }")
    assert data == {
        "things": [
            {"size": 1, "share": 0.5},
            {"size": None, "share": None},
            {"size": 3, "share": 1.0},
            {"size": None, "share": None},
        ]
    }
    assert [path for _, path in errors] == [["things", 1, "share"], ["things", 1, "size"]]


@pytest.mark.parametrize("prefix", ["gid://x/", "'", '"', "'\"", "{", "{id}", "}", "\\", "\\N{DASH}", "%s", "\n", ""])
def test_any_text_can_stand_before_an_id(prefix):
    sources = {"Query.things": gives(lists(rows("id", (1,), (2,)), 2)), "Thing.gid": Prefixed(prefix, "id")}
    assert Small(SDL, sources).data("{ things { gid } }") == {"things": [{"gid": f"{prefix}1"}, {"gid": f"{prefix}2"}]}


def test_functions_of_columns_are_written_as_their_types():
    sources = {
        "Query.things": gives(lists(rows("id", (1,), (2,)), 2)),
        "Thing.gid": Computed(lambda key: key, ("id",)),
        "Thing.size": Computed(lambda key: 2**31 if key == 1 else str(key), ("id",)),
        "Thing.label": Computed(lambda key: None if key == 1 else "l", ("id",)),
    }
    data, errors = Small(SDL, sources).errors("{ things { gid size label } }")
    assert data == {"things": [{"gid": "1", "size": None, "label": None}, {"gid": "2", "size": 2, "label": "l"}]}
    assert [path for _, path in errors] == [["things", 0, "size"]]


def test_the_values_of_every_enum_are_its_names():
    """Enums are written in place as the database holds them."""
    enums = [named for named in build("unstable").type_map.values() if isinstance(named, GraphQLEnumType)]
    ours = [named for named in enums if not named.name.startswith("__")]
    assert len(ours) > 10
    for named in ours:
        assert all(name == each.value for name, each in named.values.items()), named

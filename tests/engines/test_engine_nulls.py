"""A null where none may be makes what holds it null, as far as the specification says and no further."""

import pytest
from small_schema import Small, each, gives, lists, rows

from gateway.execution.sources import Batch

FAULT = ValueError("a fault")
MISSING = "Cannot return null for non-nullable field "


def small(**sources) -> Small:
    """A tree of two levels; `things` are three rows, and what is nullable in one type is not in the other."""
    sdl = """
        type Query { thing: Thing  strict: Thing!  things: [Thing]  strictThings: [Thing!]  allThings: [Thing!]! }
        type Thing { id: ID!  name: String  part: Part  strictPart: Part!  parts: [Part!]!  grid: [[Int!]]  strictGrid: [[Int!]!]! }
        type Part { size: Int!  note: String }
    """  # noqa: E501 - a type is a line
    one = rows("id name", ("1", "a"))
    three = rows("id name", ("1", "a"), ("2", None), ("3", "c"))
    given = {
        "thing": gives(one),
        "strict": gives(one),
        "things": gives(lists(three, 3)),
        "strictThings": gives(lists(three, 3)),
        "allThings": gives(lists(three, 3)),
    }
    parts = {
        "part": _part,
        "strictPart": _part,
        "parts": each(lambda _: [], "id"),
        "grid": each(lambda _: [], "id"),
        "strictGrid": each(lambda _: [], "id"),
    }
    queries = {f"Query.{name}": sources.pop(name, source) for name, source in given.items()}
    things = {f"Thing.{name}": sources.pop(name, source) for name, source in parts.items()}
    assert not sources
    return Small(sdl, queries | things)


async def _parts(parents, _call):
    return rows("size note", *[(int(key), f"note {key}") for key in parents.column("id")])


_part = Batch(_parts, ("id",))


def parts(*values):
    return gives(rows("size note", *values), "id")


def test_nulls_that_may_be_are_no_errors():
    asked = "{ thing { name part { note } } things { name } }"
    answer = small(part=parts(None)).data(asked)
    assert answer == {"thing": {"name": "a", "part": None}, "things": [{"name": "a"}, {"name": None}, {"name": "c"}]}


def test_a_null_leaf_makes_the_nearest_place_null_that_may_be():
    answer = small(part=parts((None, "n"))).errors("{ thing { id part { note size } } }")
    assert answer == ({"thing": {"id": "1", "part": None}}, [(f"{MISSING}Part.size.", ["thing", "part", "size"])])


def test_a_null_spreads_through_all_that_may_not_be_null():
    answer = small(strictPart=parts((None, "n"))).errors("{ thing { strictPart { size } } things { id } }")
    things = [{"id": "1"}, {"id": "2"}, {"id": "3"}]
    assert answer == (
        {"thing": None, "things": things},
        [(f"{MISSING}Part.size.", ["thing", "strictPart", "size"])],
    )


@pytest.mark.parametrize("source", [parts((None, "n")), parts(None), parts(FAULT), gives(FAULT, "id")])
def test_a_null_that_reaches_the_root_leaves_nothing(source):
    data, errors = small(strictPart=source).errors("{ thing { id } strict { strictPart { size } } }")
    assert data is None
    assert len(errors) == 1


@pytest.mark.parametrize(
    ("field", "answer"),
    [
        ("things", [{"part": {"size": 1}}, {"part": None}, {"part": {"size": 3}}]),
        ("strictThings", [{"part": {"size": 1}}, {"part": None}, {"part": {"size": 3}}]),
    ],
)
def test_an_item_stays_where_a_null_is_held_inside_of_it(field, answer):
    asked = f"{{ {field} {{ part {{ size }} }} }}"
    data, errors = small(part=parts((1, ""), (None, ""), (3, ""))).errors(asked)
    assert data == {field: answer}
    assert errors == [(f"{MISSING}Part.size.", [field, 1, "part", "size"])]


@pytest.mark.parametrize(
    ("field", "answer"),
    [
        ("things", {"things": [{"strictPart": {"size": 1}}, None, {"strictPart": {"size": 3}}]}),
        ("strictThings", {"strictThings": None}),
        ("allThings", None),
    ],
)
def test_an_item_that_becomes_null_does_to_its_list_what_the_list_says(field, answer):
    asked = f"{{ {field} {{ strictPart {{ size }} }} }}"
    data, errors = small(strictPart=parts((1, ""), (None, ""), (3, ""))).errors(asked)
    assert data == answer
    assert errors == [(f"{MISSING}Part.size.", [field, 1, "strictPart", "size"])]


@pytest.mark.parametrize("hole", [None, FAULT])
@pytest.mark.parametrize(
    ("field", "answer"),
    [
        ("things", {"things": [{"id": "1"}, None]}),
        ("strictThings", {"strictThings": None}),
        ("allThings", None),
    ],
)
def test_a_row_that_is_not_there(field, answer, hole):
    source = {field: gives(lists(rows("id name", ("1", "a"), hole), 2))}
    data, errors = small(**source).errors(f"{{ {field} {{ id }} }}")
    assert data == answer
    if hole is FAULT:
        assert errors == [("a fault", [field, 1])]
    else:
        missing = [] if field == "things" else [(f"{MISSING}Query.{field}.", [field, 1])]
        assert errors == missing


def test_lists_of_lists_hold_nulls_where_they_may():
    asked = "{ thing { grid } }"
    assert small(grid=gives([[[1, 2], None, []]])).data(asked) == {"thing": {"grid": [[1, 2], None, []]}}
    data, errors = small(grid=gives([[[1, None], [3]]])).errors(asked)
    assert data == {"thing": {"grid": [None, [3]]}}
    assert errors == [(f"{MISSING}Thing.grid.", ["thing", "grid", 0, 1])]


@pytest.mark.parametrize(("grid", "path"), [([[1], None], [1]), ([[1], [2, None]], [1, 1]), ([[1], FAULT], [1])])
def test_a_list_of_lists_that_may_hold_no_null_becomes_one(grid, path):
    data, errors = small(strictGrid=gives([grid])).errors("{ thing { id strictGrid } }")
    assert data == {"thing": None}
    assert [place for _, place in errors] == [["thing", "strictGrid", *path]]


def test_what_is_no_list_is_an_error():
    data, errors = small(grid=gives([5])).errors("{ thing { id grid } }")
    assert data == {"thing": {"id": "1", "grid": None}}
    assert errors == [("Expected Iterable, but did not find one for field 'Thing.grid'.", ["thing", "grid"])]


def test_two_failures_below_one_place_are_told_as_one():
    asked = "{ thing { strictPart { size } again: strictPart { note size } } }"
    data, errors = small(strictPart=parts((None, "n"))).errors(asked)
    assert data == {"thing": None}
    assert len(errors) == 1


def test_nulls_in_two_places_are_two_errors():
    asked = "{ things { part { size } } }"
    data, errors = small(part=parts((None, ""), (2, ""), (None, ""))).errors(asked)
    assert data == {"things": [{"part": None}, {"part": {"size": 2}}, {"part": None}]}
    assert [path for _, path in errors] == [["things", 0, "part", "size"], ["things", 2, "part", "size"]]

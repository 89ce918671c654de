"""Errors: where they are told to be, what they say, and that the rest of the answer stands."""

import asyncio

import orjson
import pytest
from graphql import GraphQLError
from small_schema import Small, gives, lists, rows

from gateway.errors import Forbidden, InvalidArgument
from gateway.execution.sources import Attribute, Batch, Computed, Embedded, Same

SDL = """
    type Query { a: Box  b: Box  boxes: [Box]  text: String }
    type Box { id: ID  note: String  inner: Box  label: String!  money: Money  self: Box! }
    type Money { amount: String! }
"""


def small(**sources) -> Small:
    given = {
        "Query.a": gives(rows("id note amount", ("1", "n", "9"))),
        "Query.b": gives(rows("id note amount", ("2", "m", "8"))),
        "Query.boxes": gives(lists(rows("id note amount", *[(str(i), "n", None) for i in range(3)]), 3)),
        "Query.text": gives(["text"]),
        "Box.inner": gives([None], "id"),
        "Box.label": Computed(lambda key: f"box {key}", ("id",)),
        "Box.money": Embedded(("amount",), ("amount",)),
        "Box.self": Same(),
    }
    return Small(SDL, given | {name.replace("_", "."): source for name, source in sources.items()})


def test_a_batch_function_that_raises_fails_its_field_alone():
    answer = small(Query_a=gives(ValueError("no"))).errors("{ a { id } b { id note } text }")
    assert answer == ({"a": None, "b": {"id": "2", "note": "m"}, "text": "text"}, [("no", ["a"])])


def test_a_field_fails_in_every_place_where_its_batch_function_raised():
    answer = small(Box_inner=gives(ValueError("no"), "id")).errors("{ boxes { id x: inner { id } } }")
    boxes = [{"id": str(i), "x": None} for i in range(3)]
    assert answer == ({"boxes": boxes}, [("no", ["boxes", i, "x"]) for i in range(3)])


def test_an_exception_in_a_place_fails_that_place_alone():
    source = gives(rows("id note amount", ("7", "n", "1"), ValueError("no"), None), "id")
    answer = small(Box_inner=source).errors("{ boxes { inner { id } } }")
    assert answer == (
        {"boxes": [{"inner": {"id": "7"}}, {"inner": None}, {"inner": None}]},
        [("no", ["boxes", 1, "inner"])],
    )


@pytest.mark.parametrize("count", [0, 2, 4])
def test_a_batch_function_that_answers_for_too_few_or_too_many_fails_everywhere(count):
    source = gives(rows("id note amount", *[("7", "n", "1")] * count), "id")
    message = "Box.inner gave another number of values than it has parents"
    answer = small(Box_inner=source).errors("{ boxes { id inner { id } } }")
    boxes = [{"id": str(i), "inner": None} for i in range(3)]
    assert answer == ({"boxes": boxes}, [(message, ["boxes", i, "inner"]) for i in range(3)])


@pytest.mark.parametrize("count", [0, 2])
def test_at_the_root_there_is_one_parent(count):
    source = gives(rows("id note amount", *[("7", "n", "1")] * count))
    message = "Query.a gave another number of values than it has parents"
    assert small(Query_a=source).errors("{ a { id } text }") == ({"a": None, "text": "text"}, [(message, ["a"])])


def test_a_function_of_columns_that_raises_fails_its_place_alone():
    def label(key):
        if key == "1":
            raise ValueError("no label")
        return f"box {key}"

    answer = small(Box_label=Computed(label, ("id",))).errors("{ boxes { label note } }")
    boxes = [{"label": "box 0", "note": "n"}, None, {"label": "box 2", "note": "n"}]
    assert answer == ({"boxes": boxes}, [("no label", ["boxes", 1, "label"])])


def test_a_function_of_columns_that_gives_nothing_where_it_must_is_an_error():
    source = Computed(lambda key: None if key == "1" else key, ("id",))
    data, errors = small(Box_label=source).errors("{ boxes { self { label } } }")
    assert data == {"boxes": [{"self": {"label": "0"}}, None, {"self": {"label": "2"}}]}
    assert errors == [("Cannot return null for non-nullable field Box.label.", ["boxes", 1, "self", "label"])]


def test_an_error_tells_all_places_of_the_document_that_asked():
    result = small(Query_a=gives(ValueError("no"))).ask("{\n  a { id }\n  ...F\n}\nfragment F on Query { a { note } }")
    assert [(place.line, place.column) for place in result.errors[0].locations] == [(2, 3), (5, 23)]


def test_an_alias_stands_in_the_path_and_the_name_in_the_message():
    source = Computed(lambda _key: None, ("id",))
    data, errors = small(Box_label=source).errors("{ first: a { mark: label } }")
    assert data == {"first": None}
    assert errors == [("Cannot return null for non-nullable field Box.label.", ["first", "mark"])]


@pytest.mark.parametrize(
    ("error", "extensions"),
    [
        (ValueError("no"), {}),
        (InvalidArgument("no", code="WRONG"), {"code": "WRONG"}),
        (GraphQLError("no", extensions={"code": "MINE"}), {"code": "MINE"}),
    ],
)
def test_extensions_and_the_original_error_are_kept(error, extensions):
    result = small(Query_a=gives(error)).ask("{ a { id } }")
    assert result.errors[0].extensions == extensions
    assert result.errors[0].message == "no"
    assert result.errors[0].original_error is error


def test_a_guard_refuses_before_anything_is_fetched():
    def guard(_context):
        raise Forbidden("not for you")

    called = []

    async def function(parents, _call):
        called.append(parents)
        return [None]

    guarded = Small(SDL, {"Query.a": Batch(function), "Query.text": gives(["t"])}, {"Query.a": guard})
    result = guarded.ask("{ a { id } text }")
    assert result.data == {"a": None, "text": "t"}
    assert (result.errors[0].path, result.errors[0].extensions) == (["a"], {"code": "403"})
    assert called == []


def test_an_object_of_columns_is_null_where_its_first_column_is():
    assert small().data("{ boxes { money { amount } } a { money { amount } } }") == {
        "boxes": [{"money": None}] * 3,
        "a": {"money": {"amount": "9"}},
    }


def test_an_attribute_that_is_not_there_fails_its_place():
    data, errors = small(Query_a=gives([object()]), Box_note=Attribute("nothing")).errors("{ a { note } text }")
    assert data == {"a": {"note": None}, "text": "text"}
    assert errors[0][1] == ["a", "note"]


def test_what_was_written_before_something_failed_is_still_in_the_answer():
    async def fail_later(_parents, _call):
        await asyncio.sleep(0.01)
        raise ValueError("no")

    asked = small(Query_a=Batch(fail_later))
    document = "{ boxes { id note } a { id } }"
    result = asyncio.run(asked.execute(document, as_json=True))
    assert isinstance(result.data["boxes"], orjson.Fragment)
    boxes = [{"id": str(i), "note": "n"} for i in range(3)]
    assert orjson.loads(orjson.dumps(result.data)) == {"boxes": boxes, "a": None}
    assert asked.errors(document) == ({"boxes": boxes, "a": None}, [("no", ["a"])])


def test_what_failed_is_not_written_before_nulls_have_spread():
    """`label` must not be null: the box becomes null, and the list holds what is left of it."""
    asked = small(Box_label=Computed(lambda key: None if key == "1" else key, ("id",)))
    result = asyncio.run(asked.execute("{ boxes { id label } }", as_json=True))
    assert result.data == {"boxes": [{"id": "0", "label": "0"}, None, {"id": "2", "label": "2"}]}
    assert [error.path for error in result.errors] == [["boxes", 1, "label"]]

"""What is selected and under which key: fragments, directives, aliases, fields that meet."""

import pytest
from small_schema import Small, each, gives, lists, rows

from gateway.execution.sources import Batch, Same

SDL = """
    type Query { thing: Thing  things: [Thing]  named: Named  version: String }
    interface Named { name: String }
    type Thing implements Named { id: ID!  name: String  size: Int  self: Thing!  more(n: Int): Int  next: Thing }
"""


async def _next(parents, _call):
    return rows("id name size", *[(key, "next", 0) for key in parents.column("id")])


@pytest.fixture(scope="module")
def small():
    found = rows("id name size", ("1", "a", 5))
    return Small(
        SDL,
        {
            "Query.thing": gives(found),
            "Query.things": gives(lists(rows("id name size", ("1", "a", 5), ("2", "b", 6)), 2)),
            "Query.named": gives(rows("id name size", ("1", "a", 5), typenames=["Thing"])),
            "Query.version": gives(["v"]),
            "Thing.self": Same(),
            "Thing.more": each(lambda size, n=0: size + (n or 0), "size"),
            "Thing.next": Batch(_next, ("id",)),
        },
    )


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("{ thing { size id name } }", {"thing": {"size": 5, "id": "1", "name": "a"}}),
        ("{ thing { id } version thing { name } }", {"thing": {"id": "1", "name": "a"}, "version": "v"}),
        ("{ thing { name ...F id } } fragment F on Thing { size name }", {"thing": {"name": "a", "size": 5, "id": "1"}}),  # noqa: E501
        ("{ thing { ...F ...F id } } fragment F on Thing { size id }", {"thing": {"size": 5, "id": "1"}}),
        ("{ thing { ... { size } ... on Named { name } id } }", {"thing": {"size": 5, "name": "a", "id": "1"}}),
        ("{ named { name ... on Thing { id size } } }", {"named": {"name": "a", "id": "1", "size": 5}}),
        ("{ x: thing { b: id a: id } }", {"x": {"b": "1", "a": "1"}}),
        ("{ thing { self { id } size self { name } } }", {"thing": {"self": {"id": "1", "name": "a"}, "size": 5}}),
        ("{ thing { a: more b: more(n: 1) c: more(n: 1) } }", {"thing": {"a": 5, "b": 6, "c": 6}}),
        ("{ thing { n: next { id } m: next { name } } }", {"thing": {"n": {"id": "1"}, "m": {"name": "next"}}}),
        ("{ __typename thing { t: __typename __typename } }", {"__typename": "Query", "thing": {"t": "Thing", "__typename": "Thing"}}),  # noqa: E501
        ("{ things { __typename } }", {"things": [{"__typename": "Thing"}] * 2}),
        ("{ named { __typename self: __typename } }", {"named": {"__typename": "Thing", "self": "Thing"}}),
        ("query { ...A } fragment A on Query { ...B version } fragment B on Query { thing { id } }", {"thing": {"id": "1"}, "version": "v"}),  # noqa: E501
    ],
)  # fmt: skip
def test_keys_come_in_the_order_in_which_they_are_met(small, asked, answer):
    data = small.data(asked)
    assert data == answer
    assert repr(data) == repr(answer)


@pytest.mark.parametrize(
    ("directive", "included"),
    [
        ("@skip(if: true)", False),
        ("@skip(if: false)", True),
        ("@include(if: true)", True),
        ("@include(if: false)", False),
        ("@include(if: true) @skip(if: true)", False),
        ("@skip(if: false) @include(if: true)", True),
        ("@skip(if: false) @include(if: false)", False),
        ("@skip(if: $yes)", False),
        ("@include(if: $yes)", True),
        ("@include(if: $no)", False),
        ("@skip(if: $default)", False),
        ("@skip(if: $no) @include(if: $default)", True),
    ],
)
@pytest.mark.parametrize("where", ["size{}", "...{} {{ size }}", "... on Thing{} {{ size }}", "...F{}"])
def test_what_is_skipped_is_not_there(small, where, directive, included):
    fragment = "fragment F on Thing { size }" if "F" in where else ""
    asked = f"query Q($yes: Boolean!, $no: Boolean!, $default: Boolean = true) {{ thing {{ id {where.format(directive)} }} named @skip(if: $yes) {{ name @include(if: $no) @skip(if: $default) }} }} {fragment}"  # noqa: E501
    thing = {"id": "1", "size": 5} if included else {"id": "1"}
    assert small.data(asked, {"yes": True, "no": False}) == {"thing": thing}


def test_a_field_is_there_if_one_of_two_that_meet_is_not_skipped(small):
    assert small.data("{ thing { size @skip(if: true) id size } }") == {"thing": {"id": "1", "size": 5}}


def test_a_fragment_that_is_skipped_once_is_spread_the_second_time(small):
    asked = "{ thing { ...F @skip(if: true) id ...F } } fragment F on Thing { size }"
    assert repr(small.data(asked)["thing"]) == repr({"id": "1", "size": 5})


def test_an_object_of_which_all_is_skipped_is_empty(small):
    assert small.data("{ thing { id @skip(if: true) } things { size @include(if: false) } }") == {
        "thing": {},
        "things": [{}, {}],
    }
    assert small.data("{ version @skip(if: true) }") == {}


@pytest.mark.parametrize("sent", [{"decide": None}, {"decide": True}, {"decide": False}, {}])
def test_a_null_can_not_decide(small, sent):
    asked = "query Q($decide: Boolean = true) { version thing { id size @skip(if: $decide) } }"
    data, errors = small.errors(asked, sent)
    if sent == {"decide": None}:
        assert data == {"version": "v", "thing": None}
        assert [path for _, path in errors] == [["thing"]]
    else:
        skipped = sent.get("decide", True)
        assert data == {"version": "v", "thing": {"id": "1"} | ({} if skipped else {"size": 5})}

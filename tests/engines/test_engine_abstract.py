"""Interfaces and unions: objects of several types, fetched type by type and answered in their order."""

from collections import Counter

from small_schema import Small, gives, rows

from gateway.execution.rows import Layout, Page, Record
from gateway.execution.sources import Attribute, Batch

SDL = """
    type Query { pets: [Pet!]  page: Pages  pages: [Pages!]  one: Pet  any: Any  anys: [Any] }
    interface Pet { id: ID!  name: String  friend: Pet }
    interface Loud { noise: String! }
    type Cat implements Pet { id: ID!  name: String  friend: Pet  lives: Int! }
    type Dog implements Pet & Loud { id: ID!  name: String  friend: Pet  noise: String! }
    type Stone { weight: Int }
    union Any = Cat | Dog | Stone
    type Pages { nodes: [Pet!]! }
"""
NAMES = "id name lives noise"
TOM, REX = ("1", "Tom", 9, None), ("2", "Rex", None, "woof")
MUTE = ("3", "Mute", None, None)
EVERYONE = [TOM, REX, TOM, REX]
CAT_DOG = ["Cat", "Dog", "Cat", "Dog"]


def small(calls: Counter | None = None, **sources) -> Small:
    async def friend(parents, _call):
        if calls is not None:
            calls.update([len(parents)])
        return rows(NAMES, *[REX if key == "1" else TOM for key in parents.column("id")], typenames=[
            "Dog" if key == "1" else "Cat" for key in parents.column("id")
        ])  # fmt: skip

    given = {
        "Query.pets": gives([rows(NAMES, *EVERYONE, typenames=CAT_DOG)]),
        "Query.one": gives(rows(NAMES, REX, typenames=["Dog"])),
        "Query.any": gives([Record((5,), Layout(("weight",)), "Stone")]),
        "Cat.friend": Batch(friend, ("id",)),
        "Dog.friend": Batch(friend, ("id",)),
        "Pages.nodes": Attribute("rows"),
    }
    return Small(SDL, given | {name.replace("_", "."): source for name, source in sources.items()})


def test_objects_of_several_types_come_in_their_order():
    asked = "{ pets { __typename id ... on Cat { lives } ... on Loud { noise } } }"
    cat, dog = {"__typename": "Cat", "id": "1", "lives": 9}, {"__typename": "Dog", "id": "2", "noise": "woof"}
    assert small().data(asked) == {"pets": [cat, dog, cat, dog]}


def test_a_relation_of_an_interface_is_fetched_once_for_each_type():
    calls: Counter = Counter()
    asked = "{ pets { friend { __typename name } } }"
    friends = [{"friend": {"__typename": "Dog", "name": "Rex"}}, {"friend": {"__typename": "Cat", "name": "Tom"}}]
    assert small(calls).data(asked) == {"pets": friends * 2}
    assert calls == {2: 6}


def test_records_of_different_tables_meet_in_a_list():
    stone = Record((5,), Layout(("weight",)), "Stone")
    cat = Record((7, "9"), Layout(("lives", "id")), "Cat")
    other = Record(("8", 3), Layout(("id", "lives")), "Cat")
    source = gives([[stone, cat, None, other, ValueError("no"), stone]])
    asked = "{ anys { __typename ... on Stone { weight } ... on Pet { id } ... on Cat { lives } } }"
    data, errors = small(Query_anys=source).errors(asked)
    assert data == {
        "anys": [
            {"__typename": "Stone", "weight": 5},
            {"__typename": "Cat", "id": "9", "lives": 7},
            None,
            {"__typename": "Cat", "id": "8", "lives": 3},
            None,
            {"__typename": "Stone", "weight": 5},
        ]
    }
    assert errors == [("no", ["anys", 4])]


def test_an_object_that_none_of_the_fragments_is_about_is_empty():
    assert small().data("{ any { ... on Cat { id } } }") == {"any": {}}


def test_a_type_that_is_not_possible_fails_its_place():
    source = gives([rows(NAMES, TOM, REX, typenames=["Cat", "Stone"])])
    data, errors = small(Query_pets=source).errors("{ pets { id } any { __typename } }")
    assert data == {"pets": None, "any": {"__typename": "Stone"}}
    assert errors == [("Runtime Object type 'Stone' is not a possible type for 'Pet'.", ["pets", 1])]


def test_a_null_in_one_type_leaves_the_others_alone():
    source = gives([[Record(row, Layout(tuple(NAMES.split())), kind) for row, kind in ((TOM, "Cat"), (MUTE, "Dog"))]])
    data, errors = small(Query_anys=source).errors("{ anys { ... on Pet { name } ... on Dog { noise } } }")
    assert data == {"anys": [{"name": "Tom"}, None]}
    assert errors == [("Cannot return null for non-nullable field Dog.noise.", ["anys", 1, "noise"])]


def test_an_empty_page_beside_a_full_one():
    def page(*names):
        found = [(TOM, "Cat") if name == "Tom" else (REX, "Dog") for name in names]
        return Page(rows(NAMES, *[row for row, _ in found], typenames=[kind for _, kind in found]), False, False, None)

    source = gives([[page("Tom", "Rex"), page(), page("Rex")]])
    answer = small(Query_pages=source).data("{ pages { nodes { __typename name } } }")
    tom, rex = {"__typename": "Cat", "name": "Tom"}, {"__typename": "Dog", "name": "Rex"}
    assert answer == {"pages": [{"nodes": [tom, rex]}, {"nodes": []}, {"nodes": [rex]}]}


def test_a_field_of_an_interface_and_of_its_types_is_merged():
    asked = "{ one { friend { id } ... on Dog { friend { name } noise } ... on Cat { friend { lives: id } } } }"
    assert small().data(asked) == {"one": {"friend": {"id": "1", "name": "Tom"}, "noise": "woof"}}

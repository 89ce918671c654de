"""Documents of clients against a change: broken, affected, unaffected, and what is deprecated and still used."""

from pathlib import Path

import pytest

from gateway.diff.changes import SAFE
from gateway.diff.compare import compare
from gateway.diff.documents import read_documents
from gateway.diff.operations import Operations
from gateway.diff.origin import LoadError
from gateway.diff.sdl import read_sdl

SCHEMA = """
type Query { jobs(first: Int = 10, filter: Filter, kind: Kind): [Job!]! node: Node any: Any
  old: Int @deprecated(reason: "Use `jobs`.") }
interface Node { id: ID! }
type Job implements Node { id: ID! name: String kind: Kind }
type App implements Node { id: ID! name: String }
union Any = Job | App
input Filter { name: String kind: Kind depth: Int = 1 }
enum Kind { A B }
directive @d(x: Int) on FIELD
"""


def outcome(folder: Path, document: str, *replaced: tuple[str, str], strict: bool = False) -> tuple[str, list[str]]:
    (folder / "q.graphql").write_text(document)
    new = SCHEMA
    for before, after in replaced:
        assert before in new
        new = new.replace(before, after)
    old_schema, new_schema = read_sdl(SCHEMA), read_sdl(new)
    changes = compare(old_schema, new_schema)
    operations = Operations(old_schema, new_schema, changes, read_documents(folder), strict=strict)
    (found,) = operations.results()
    return found.status, found.reasons


REQUIRED = ("kind: Kind):", "kind: Kind!):")
NON_NULL = ("type App implements Node { id: ID! name: String }", "type App implements Node { id: ID! name: String! }")
DEFAULT = ("first: Int = 10", "first: Int = 20")
DEEP = ("depth: Int = 1", "depth: Int = 2")
VALUE = ("enum Kind { A B }", "enum Kind { A }")
MORE = ("enum Kind { A B }", "enum Kind { A B C }")
MEMBER = ("union Any = Job | App", "union Any = Job")
NEW_NODE = ("union Any", "type Shop implements Node { id: ID! } union Any")
CONFLICT = "Fields 'name' conflict: 'Job.name' is String, 'App.name' is String!. Give one of them another alias."
BESIDE = "{ any { ... on Job { name } ... on App { name } } }"


@pytest.mark.parametrize(
    ("document", "change", "status"),
    [
        ("{ jobs { id } }", REQUIRED, "broken"),
        ("{ jobs(kind: A) { id } }", REQUIRED, "affected"),
        ("{ node { id } }", REQUIRED, "unaffected"),
        ("{ jobs { id } }", DEFAULT, "affected"),
        ("{ jobs(first: 1) { id } }", DEFAULT, "unaffected"),
        ("query Q($n: Int) { jobs(first: $n) { id } }", DEFAULT, "affected"),
        ("{ jobs(filter: {}) { id } }", DEEP, "affected"),
        ("{ jobs(filter: {depth: 1}) { id } }", DEEP, "unaffected"),
        ("query Q($f: Filter) { jobs(filter: $f) { id } }", DEEP, "affected"),
        ("{ jobs(kind: B) { id } }", VALUE, "broken"),
        ("{ jobs(kind: A) { id } }", VALUE, "unaffected"),
        ("{ jobs(filter: {kind: B}) { id } }", VALUE, "broken"),
        ("query Q($f: Filter) { jobs(filter: $f) { id } }", VALUE, "affected"),
        ("{ jobs { kind } }", MORE, "affected"),
        ("{ jobs(kind: A) { id } }", MORE, "unaffected"),
        ("{ any { ... on App { id } } }", MEMBER, "broken"),
        ("{ any { ... on Job { id } } }", MEMBER, "affected"),
        ("{ node { id } }", NEW_NODE, "affected"),
        ("{ any { __typename } }", NEW_NODE, "unaffected"),
        ("{ old @d }", ("directive @d(x: Int) on FIELD", "directive @d(x: Int!) on FIELD"), "broken"),
        ("{ old }", ("directive @d(x: Int) on FIELD", ""), "unaffected"),
        (BESIDE, NON_NULL, "affected"),
        ("fragment F on Any { ... on App { ...G } } fragment G on App { id } { any { ...F } }", MEMBER, "broken"),
    ],
)
def test_a_document_is_concerned_by_what_it_uses(
    tmp_path: Path, document: str, change: tuple[str, str], status: str
) -> None:
    assert outcome(tmp_path, document, change)[0] == status


def test_a_broken_document_tells_its_errors_with_their_places(tmp_path: Path) -> None:
    assert outcome(tmp_path, "{\n  jobs { id }\n}", REQUIRED) == (
        "broken",
        ["2:3: Argument 'Query.jobs(kind:)' of type 'Kind!' is required, but it was not provided."],
    )


def test_a_merge_that_the_server_allows_is_broken_by_the_letter(tmp_path: Path) -> None:
    assert outcome(tmp_path, BESIDE, NON_NULL)[0] == "affected"
    status, (reason,) = outcome(tmp_path, BESIDE, NON_NULL, strict=True)
    assert (status, reason.partition(":")[0]) == ("broken", "1")
    assert "'name' conflict" in reason


def test_a_document_that_was_invalid_before_is_not_broken_by_the_change(tmp_path: Path) -> None:
    status, (reason,) = outcome(tmp_path, "{ jobs { id nothing } }", REQUIRED)
    assert (status, reason) == (
        "unaffected",
        "Invalid before the change already: Field 'nothing' doesn't exist on type 'Job'",
    )


def test_fragments_of_other_files_count_through_their_users(tmp_path: Path) -> None:
    (tmp_path / "fragments.graphql").write_text("fragment F on Any { ...G } fragment G on App { id }")
    assert outcome(tmp_path, "{ any { ...F } }", MEMBER)[0] == "broken"


def test_what_is_deprecated_is_named_with_its_users(tmp_path: Path) -> None:
    (tmp_path / "a.graphql").write_text("{ old }")
    (tmp_path / "b.graphql").write_text("query A { jobs { id } } query B { x: old }")
    schema = read_sdl(SCHEMA)
    operations = Operations(schema, schema, [], read_documents(tmp_path), strict=False)
    (use,) = operations.deprecated()
    assert (use.coordinate, use.reason) == ("Query.old", "Use `jobs`.")
    assert use.users == [str(tmp_path / "a.graphql"), str(tmp_path / "b.graphql")]
    assert [each.status for each in operations.results()] == ["unaffected", "unaffected"]


def test_a_breaking_change_that_concerns_no_document_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.graphql").write_text("{ node { id } }")
    old, new = (
        read_sdl(SCHEMA),
        read_sdl(SCHEMA.replace("first: Int = 10, ", "").replace("Node { id: ID! }\n", "Node { id: ID }\n")),
    )
    changes = [each for each in compare(old, new) if each.criticality > SAFE]
    operations = Operations(old, new, changes, read_documents(tmp_path), strict=False)
    assert [each.coordinate for each in changes] == ["Node.id", "Query.jobs(first:)"]
    assert [each.coordinate for each in operations.untouched()] == ["Query.jobs(first:)"]


def test_a_document_that_is_none_names_its_place(tmp_path: Path) -> None:
    (tmp_path / "a.graphql").write_text("{\n  jobs {\n}")
    with pytest.raises(LoadError) as error:
        read_documents(tmp_path)
    assert str(error.value) == f"{tmp_path}/a.graphql:3:2: Syntax Error: Expected Name, found <EOF>."

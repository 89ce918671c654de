"""The history contradicts neither itself nor the schema."""

import pytest
from graphql import build_schema

import schema
from schema.history import CHANGES, SERVING, VERSIONS, HistoryError, Kind, added, deprecated, leaves, noticed, removed
from schema.projection import Timeline, View, project

SMALL = build_schema("""
    type Query { old: Old  new: New  both(old: Kind, size: Int!): Int }
    interface Node { id: ID!  name: String }
    type Old implements Node { id: ID!  name: String  kind: Kind }
    type New implements Node { id: ID!  name: String }
    enum Kind { A B }
""")


def test_every_quarter_is_served_by_the_version_before_it():
    served = {handle: version.served_by for handle, version in VERSIONS.items()}
    assert served == {
        "2023-07": "2023-07",
        "2023-10": "2023-10",
        **dict.fromkeys(("2024-01", "2024-04", "2024-07"), "2024-01"),
        **dict.fromkeys(("2024-10", "2025-01", "2025-04", "2025-07", "2025-10", "2026-01", "2026-04"), "2024-10"),
        "2026-07": "2026-07",
        "2026-10": "2026-10",
        "2027-01": "2027-01",
        "unstable": "unstable",
    }
    assert [handle for handle, version in VERSIONS.items() if not version.supported] == ["2027-01", "unstable"]


def test_every_coordinate_of_the_history_is_there():
    timeline = Timeline(schema.full(), CHANGES)
    assert [change.coordinate for change in timeline.changes if not timeline.exists(change.coordinate)] == []


@pytest.mark.parametrize("version", SERVING)
def test_a_deprecation_is_shown_where_its_replacement_is(version):
    timeline = schema.timeline()
    view = View(timeline, version)
    for change in timeline.changes:
        if change.kind is Kind.DEPRECATED and view.has(change.coordinate):
            reason = reason_of(schema.build(version), change.coordinate)
            assert (f"`{change.use}`" in (reason or "")) <= view.has(change.use), change


def reason_of(built, coordinate):
    found = Timeline(built, ()).resolved(coordinate)
    return None if found is None or found.kind == "NamedType" else found[-2].deprecation_reason


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ([added("2023-10", "Query.nobody")], "Query.nobody: the schema has no such thing"),
        ([added("2023-10", "Nobody.name")], "Nobody.name: the schema has no such thing"),
        ([deprecated("2023-10", "Query.old", use="Query.newer")], "Query.newer: the schema has no such thing"),
        ([added("2023-10", "Query.old"), added("2024-01", "Query.old")], "Query.old is added twice"),
        ([removed("2024-01", "Query.old")], "Query.old is removed in 2024-01, and not deprecated before"),
        (
            leaves("Query.old", use="Query.new", since="2024-01", gone="2024-01"),
            "Query.old is removed in 2024-01, and not deprecated before",
        ),
        (
            [added("2024-01", "Query.old"), deprecated("2023-10", "Query.old", use="Query.new")],
            "Query.old is deprecated before it is added",
        ),
    ],
)
def test_a_history_that_contradicts_itself_is_an_error(changes, message):
    with pytest.raises(HistoryError) as raised:
        Timeline(SMALL, changes)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: added("2025-01", "Query.old"), "2025-01 is not among the versions in which things change"),
        (
            lambda: deprecated("2023-10", "Query.old", use="Query.new", sentence="Do not."),
            "the reason does not tell clients to use `Query.new`",
        ),
    ],
)
def test_a_row_that_says_too_little_is_an_error(make, message):
    with pytest.raises(HistoryError) as raised:
        make()
    assert str(raised.value) == f"Query.old: {message}"


LEAVING = [*leaves("Old", use="Query.new", sentence="Ask `{use}`."), *leaves("Kind", use="New.name")]


def reasons(version, changes=LEAVING):
    built = project(SMALL, Timeline(SMALL, changes), version)
    told = {}
    for name, named in built.type_map.items():
        for part in ("fields", "values"):
            for key, declared in getattr(named, part, {}).items():
                told[f"{name}.{key}"] = declared.deprecation_reason
                for argument, each in getattr(declared, "args", {}).items():
                    told[f"{name}.{key}({argument}:)"] = each.deprecation_reason
    return {coordinate: reason for coordinate, reason in told.items() if reason and not coordinate.startswith("__")}


def test_a_types_row_deprecates_what_is_in_it_and_what_is_of_it():
    """But for what an interface goes on promising."""
    old, kind = (
        "Since 2023-10. Ask `Query.new`. It leaves with 2027-01.",
        "Since 2023-10. Use `New.name`. It leaves with 2027-01.",
    )
    assert reasons("2023-07") == {}
    assert reasons("2023-10") == {
        "Query.old": old,
        "Query.both(old:)": kind,
        "Old.kind": old,
        "Kind.A": kind,
        "Kind.B": kind,
    }
    assert reasons("unstable") == reasons("2023-10")


def test_what_was_removed_stays_in_unstable_alone():
    fields = {
        version: list(project(SMALL, Timeline(SMALL, LEAVING), version).query_type.fields)
        for version in ("2026-10", "2027-01", "unstable")
    }
    assert fields == {"2026-10": ["old", "new", "both"], "2027-01": ["new", "both"], "unstable": ["old", "new", "both"]}
    candidate = project(SMALL, Timeline(SMALL, LEAVING), "2027-01")
    assert set(candidate.type_map) & {"Old", "Kind", "New"} == {"New"}
    assert list(candidate.query_type.fields["both"].args) == ["size"]


def test_a_deprecation_waits_for_its_replacement():
    changes = [added("2024-01", "Query.new"), deprecated("2023-10", "Query.old", use="Query.new")]
    assert reasons("2023-10", changes) == {}
    assert reasons("2024-01", changes) == {"Query.old": "Since 2023-10. Use `Query.new`."}


def test_a_notice_of_the_partner_api_stands_beside_our_own():
    changes = [deprecated("2023-10", "Query.old", use="Query.new"), noticed("2024-01", "Query.old", "They do too.")]
    assert reasons("2023-10", changes) == {"Query.old": "Since 2023-10. Use `Query.new`."}
    assert reasons("2024-01", changes) == {"Query.old": "Since 2023-10. Use `Query.new`. They do too."}


def test_a_required_argument_is_never_deprecated():
    assert reasons("2023-10", [deprecated("2023-10", "Query.both(size:)", use="Query.new")]) == {}


def test_awaited_rows_count_when_what_they_speak_of_is_there():
    awaited = [
        *leaves("Query.old", use="Query.new"),
        *leaves("Query.both", use="Query.later"),
        added("2023-10", "Later"),
    ]
    timeline = Timeline(SMALL, [], awaited)
    assert [(change.kind, change.coordinate) for change in timeline.changes] == [
        (Kind.DEPRECATED, "Query.old"),
        (Kind.REMOVED, "Query.old"),
    ]
    assert Timeline(SMALL, [deprecated("2024-01", "Query.old", use="Query.new")], awaited).lives["Query.old"].removed

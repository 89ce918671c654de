"""The committed copies are what the code says; those of released versions change in prose only."""

import pytest

from schema import snapshot
from schema.changelog import changelog
from schema.history import added, deprecated


def test_the_snapshots_and_the_changelog_are_current():
    """If this fails: partner-gateway schema changelog --write."""
    assert snapshot.outdated(snapshot.current_files()) == []
    assert {path.stem for path in snapshot.FOLDER.glob("*.graphql")} == set(snapshot.SERVING)


BEFORE = """
"What can be asked."
type Query {
  "How many."
  a(b: Int = 1, c: E): Int
}

enum E { F }
"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("How many.", "How much.", ""),
        ("c: E): Int", 'c: E): Int @deprecated(reason: "No.")', ""),
        ("enum E { F }", '"New prose." enum E { "More." F @deprecated }', ""),
        ("b: Int = 1", "b: Int = 2", "Query.a(b:) has changed defaultValue from 1 to 2."),
        ("enum E { F }", "enum E { F G }", "Enum value E.G was added."),
        ("c: E): Int", "c: E): Int!", "Field Query.a changed type from Int to Int!."),
        ("c: E): Int", "c: E): Int d: Int", "Field Query.d was added."),
        ("enum E { F }", "enum E { F } directive @g on FIELD", "Directive @g was added."),
    ],
)
def test_a_released_version_changes_in_prose_and_deprecations_only(tmp_path, old, new, told):
    path = tmp_path / "2024-10.graphql"
    path.write_text(BEFORE)
    refusal = snapshot.refusal(path, BEFORE.replace(old, new))
    assert refusal == (f"2024-10 is released, and would change: {told} See schema/history/." if told else "")


def test_the_candidate_and_unstable_may_change(tmp_path):
    for version in ("2027-01", "unstable"):
        path = tmp_path / f"{version}.graphql"
        path.write_text(BEFORE)
        assert snapshot.refusal(path, BEFORE.replace("Int!", "Int")) == ""


def test_what_is_frozen_is_not_written_unless_it_is_thawed(tmp_path, monkeypatch):
    monkeypatch.setattr(snapshot, "FOLDER", tmp_path)
    path, text = tmp_path / "2024-10.graphql", BEFORE.replace("c: E", "c: E, d: Int")
    path.write_text(BEFORE)
    with pytest.raises(snapshot.Frozen, match=r"would change: An optional argument Query\.a\(d:\) was added"):
        snapshot.write({path: text})
    assert path.read_text() == BEFORE
    assert snapshot.write({path: text}, thaw=True) == [path]
    assert path.read_text() == text
    assert snapshot.write({path: text}) == []


def test_the_changelog_tells_the_newest_version_first():
    told = changelog([added("2023-10", "A.b", "New."), added("2023-10", "A"), deprecated("2024-01", "A.b", use="A.c")])
    start, end = told.index("## 2024-10"), told.index("## 2023-07")
    assert told[start:end].splitlines() == [
        "## 2024-10",
        "",
        "As the version before it.",
        "",
        "## 2024-01",
        "",
        "### Deprecated",
        "",
        "- `A.b`: Use `A.c`.",
        "",
        "## 2023-10",
        "",
        "### Added",
        "",
        "- `A.b`: New.",
        "- `A`",
        "",
    ]

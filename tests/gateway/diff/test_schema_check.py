"""`schema check`: a series of versions by the rules, documents by their claims, and a pull request by its base."""

import json
import subprocess
import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path

import pytest

from gateway.cli import main
from gateway.diff.documents import read_documents
from gateway.diff.loading import Sources, load, read
from gateway.diff.origin import LoadError, Origin
from gateway.diff.reports import FORMATS, write
from gateway.diff.rules import parse_rules
from gateway.diff.series import Given, Judged, Version, judge, load_versions
from gateway.diff.series.claims import claimed

TODAY = date(2026, 11, 22)
NAMES = ["2024-01", "2024-04", "unstable"]
FULL = '"Q" type Query { "a" a: Int "b" b: Int }'
MARKED = '"Q" type Query { "a" a: Int "b" b: Int @deprecated(reason: "Use `a`.") }'
LESS = '"Q" type Query { "a" a: Int }'


def versions(*texts: str) -> list[Version]:
    return [
        Version(name, read(Origin(name, ((f"{name}.graphql", text),))), name != "unstable")
        for name, text in zip(NAMES, texts, strict=True)
    ]


def judged(*texts: str, documents: Path | None = None, base: Path | None = None, **rules: object) -> Judged:
    given = Given(
        parse_rules(rules),
        TODAY,
        read_documents(documents) if documents else (),
        load_versions(str(base), Sources()) if base else None,
    )
    return judge(versions(*texts), given)


def policy(report: Judged) -> list[tuple[str, str]]:
    return [(each.rule, each.message) for each in report.policy if each.allowed is None]


def folder(path: Path, **texts: str) -> Path:
    path.mkdir()
    for name, text in texts.items():
        (path / f"{name.replace('v', '').replace('_', '-')}.graphql").write_text(text)
    return path


def test_what_leaves_is_deprecated_in_the_version_before() -> None:
    report = judged(MARKED, LESS, FULL)
    assert (policy(report), report.is_forbidden) == ([], False)
    assert report.notes == [
        "2024-01 to 2024-04: 1 breaking, 0 dangerous, 0 safe",
        "2024-04 to unstable: 0 breaking, 0 dangerous, 1 safe",
    ]
    report = judged(FULL, LESS, FULL)
    told = "2024-04: Query.b was removed after being deprecated in 0 earlier versions; it takes 1"
    assert (policy(report), report.is_forbidden) == ([("REMOVED_TOO_SOON", told)], True)


def test_what_breaks_without_leaving_can_not_be_announced() -> None:
    other = FULL.replace("b: Int", "b: String")
    ((rule, told),) = policy(judged(FULL, other, other))
    assert rule == "NOT_ANNOUNCED"
    assert told.startswith("2024-04: Query.b ")
    exception = {"coordinate": "Query.b", "reason": "It never worked.", "until": "2026-11-22"}
    assert policy(judged(FULL, other, other, exceptions=[exception])) == []


def test_an_exception_covers_the_members_of_a_type() -> None:
    more = FULL.replace("}", "c: Int }")
    assert policy(judged(FULL, FULL, more)) == [
        ("NO_DESCRIPTION", "unstable: Query.c is new and has no description"),
    ]
    exception = {"coordinate": "Query.*", "rule": "NO_DESCRIPTION", "reason": "Named well.", "until": "2026-11-22"}
    assert policy(judged(FULL, FULL, more, exceptions=[exception])) == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("2024-04", ["2024-04"]),
        ("2024-01..2024-04", NAMES[:2]),
        ("2024-04..", NAMES[1:]),
        ("..2024-04", NAMES[:2]),
        ("unstable, 2024-01", ["2024-01", "unstable"]),
        ("all", NAMES),
    ],
)
def test_a_document_claims_versions_in_a_line(line: str, expected: list[str]) -> None:
    assert claimed(f"# What for.\n# versions: {line}\n{{ a }}", "2024-01/x.graphql", NAMES) == expected


def test_without_a_line_the_folder_claims() -> None:
    assert claimed("{ a }", "sent/2024-04/x.graphql", NAMES) == ["2024-04"]
    assert claimed("{ a }", "sent/x.graphql", NAMES) is None


@pytest.mark.parametrize("line", ["2024-02", "2024-04..2024-01", "", "everything"])
def test_a_claim_that_can_not_be_read_is_an_error_with_its_place(line: str) -> None:
    with pytest.raises(LoadError, match=r"^x\.graphql:2:1: `.*` is neither a version"):
        claimed(f"{{ a }}\n# versions: {line}\n", "x.graphql", NAMES)


def test_documents_are_valid_where_they_claim_to_be(tmp_path: Path) -> None:
    documents = folder(
        tmp_path / "documents",
        kept="# versions: all\n{ a }",
        left="# versions: all\n{ b }",
        fair="# versions: 2024-01, unstable\n{ b }",
        free="{ b }",
        lost="{ c }",
    )
    report = judged(MARKED, LESS, FULL, documents=documents)
    assert {Path(each.file).stem: (each.status, each.reasons) for each in report.operations} == {
        "kept": ("unaffected", []),
        "left": ("broken", ["2024-04: 2:3: Field 'b' doesn't exist on type 'Query'"]),
        "fair": ("unaffected", []),
        "free": ("unaffected", []),
        "lost": (
            "broken",
            ["It is valid in no version. unstable: 1:3: Field 'c' doesn't exist on type 'Query'"],
        ),
    }
    assert report.is_forbidden


def test_a_released_version_stays_and_unstable_may_change(tmp_path: Path) -> None:
    base = folder(tmp_path / "base", v2024_01=MARKED, v2024_04=LESS, unstable=FULL)
    assert judged(MARKED, LESS, LESS, base=base, **{"removal-after": 0}).is_forbidden is False
    prose = judged(MARKED.replace('"a"', '"A"'), LESS, FULL, base=base)
    assert ([change.message[:8] for change in prose.changes], prose.is_forbidden) == (["2024-01:"], False)
    more = LESS.replace("}", '"c" c: Int }')
    report = judged(MARKED, more, more, base=base, **{"removal-after": 0})
    assert policy(report) == [("FROZEN", "2024-04 is released, and would change: Query.c was added")]


def test_a_document_that_a_pull_request_breaks_in_unstable_is_forbidden(tmp_path: Path) -> None:
    base = folder(tmp_path / "base", v2024_01=MARKED, v2024_04=LESS, unstable=FULL)
    documents = folder(tmp_path / "documents", used="{ b }")
    report = judged(MARKED, LESS, LESS, base=base, documents=documents, **{"removal-after": 0})
    (operation,) = report.operations
    assert (operation.status, report.is_forbidden) == ("broken", True)


def test_a_version_does_not_disappear(tmp_path: Path) -> None:
    base = folder(tmp_path / "base", v2024_01=MARKED, v2024_04=LESS, unstable=FULL, v2023_10=FULL)
    assert policy(judged(MARKED, LESS, FULL, base=base)) == [
        ("VERSION_REMOVED", "2023-10 was served, and is not any more")
    ]


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_tells_of_the_version_and_of_what_is_forbidden(tmp_path: Path, format_: str) -> None:
    base = folder(tmp_path / "base", v2024_01=MARKED, v2024_04=LESS, unstable=FULL)
    report = judged(LESS, LESS, FULL, base=base, documents=folder(tmp_path / "documents", used="{ b }"))
    told = write(report, format_)
    assert "2024-01: Query.b was removed" in told
    assert "FROZEN" in told
    if format_ in {"json", "sarif"}:
        json.loads(told)
    if format_ == "junit":
        ET.fromstring(told)


def test_versions_of_a_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder(tmp_path / "snapshots", v2024_01=MARKED, unstable=FULL)
    monkeypatch.chdir(tmp_path)
    for command in ("init -q", "add .", "-c user.name=a -c user.email=a@example.com commit -qm a"):
        subprocess.run(["git", *command.split()], check=True)
    found = load_versions("git:HEAD:snapshots", Sources())
    assert list(found) == ["2024-01", "unstable"]
    assert found["unstable"].schema.types.keys() == load("snapshots/unstable.graphql", Sources()).schema.types.keys()


@pytest.mark.parametrize("arguments", [["--against", "/nowhere"], ["--operations", "/nowhere"], ["--policy", "none"]])
def test_what_can_not_be_compared_has_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "check", *arguments]) == 2
    assert arguments[1] in capsys.readouterr().err


def test_our_own_versions_pass(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(Path(__file__).parents[3])
    status = main(["schema", "check", "--format", "json", "--against", "schema/snapshots"])
    told = json.loads(capsys.readouterr().out)
    assert [each["message"] for each in told["policy"] if each["allowed"] is None] == []
    assert [each for each in told["operations"] if each["status"] == "broken"] == []
    assert status == 0

"""The command runs from an empty machine to its figures."""

import argparse
import json
import os
from pathlib import Path
from typing import Any

import pytest

from gateway.cli import bench
from gateway.cli.problem import Problem

POSTGRES_URL = os.environ.get("GATEWAY_TEST_POSTGRES_URL", "")
WITHOUT = pytest.mark.skipif(not POSTGRES_URL, reason="GATEWAY_TEST_POSTGRES_URL is not set")


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    bench.add_parser(parser.add_subparsers())
    args = parser.parse_args(["bench", *arguments])
    status: int = args.run(args)
    return status


def quick(tmp_path: Path, *arguments: str) -> dict[str, Any]:
    """One short round over a few jobs."""
    file = tmp_path / "found.json"
    small = ("--jobs", "50", "--rounds", "1", "--seconds", "0.2", "--connections", "1,2")
    assert run(*small, "--json", str(file), *arguments) == 0
    found: dict[str, Any] = json.loads(file.read_text())
    return found


def check_shape(found: dict[str, Any]) -> None:
    assert found["jobs"] >= 50
    measured = {(sample["document"], sample["subject"]) for sample in found["samples"]}
    subjects = ("compiled", "graphql-core", "limit")
    assert measured == {(document, subject) for document in ("one", "list", "page") for subject in subjects}
    assert all(sample["rate"] > 0 and sample["gateway"] > 0 for sample in found["samples"])
    beside = {(ratio["document"], ratio["subject"], ratio["to"]) for ratio in found["ratios"]}
    assert ("page", "compiled", "limit") in beside
    assert ("page", "compiled", "graphql-core") in beside
    assert len(beside) == 9
    names = [cost["name"] for cost in found["costs"]]
    assert names[-2:] == ["page, known", "page, never seen"]


@pytest.mark.slow
def test_it_measures_a_sqlite_file_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("GATEWAY_DATABASE_URL", raising=False)
    found = quick(tmp_path, "--export")
    assert found["database"].startswith("sqlite")
    check_shape(found)
    assert {way: exports[0]["rows"] for way, exports in found["exports"].items()} == {
        "plan": found["jobs"],
        "copy": found["jobs"],
    }
    assert "compiled" in capsys.readouterr().out


@pytest.mark.slow
@WITHOUT
def test_it_measures_a_postgresql_database_of_its_own(tmp_path: Path) -> None:
    found = quick(tmp_path, "--database-url", POSTGRES_URL, "--export")
    assert found["database"].startswith("postgresql")
    check_shape(found)
    assert all(sample["database"] > 0 for sample in found["samples"])
    assert found["exports"]["copy"][0]["rows"] == found["jobs"]


def test_a_database_to_use_has_to_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GATEWAY_DATABASE_URL", raising=False)
    with pytest.raises(Problem, match="--database-url"):
        run("--use")


@pytest.mark.parametrize(
    "arguments", [["--rounds", "0"], ["--connections", "1,x"], ["--documents", "two"], ["--subjects", "nobody"]]
)
def test_wrong_words_are_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run(*arguments)
    assert arguments[0] in capsys.readouterr().err

"""One row of the table of verdicts: two schemas, and every change that is found between them."""

from dataclasses import dataclass
from typing import Any

import pytest
from graphql import build_schema
from graphql.utilities.find_schema_changes import BreakingChange, DangerousChange, find_schema_changes

from gateway.diff.compare import compare
from gateway.diff.sdl import read_sdl


@dataclass(frozen=True)
class Case:
    """`changes` are written as `VERDICT TYPE coordinate`. `core`: graphql-core's verdict on the whole where it is not
    ours, so that a comment on the difference stays true."""

    old: str
    new: str
    changes: tuple[str, ...]
    core: str | None


def case(name: str, old: str, new: str, *changes: str, core: str | None = None) -> Any:
    return pytest.param(Case(old, new, changes, core), id=name.replace(" ", "-"))


def found(old: str, new: str) -> list[str]:
    return [f"{each.criticality.name} {each.type} {each.coordinate}" for each in compare(read_sdl(old), read_sdl(new))]


def check(row: Case) -> None:
    assert sorted(found(row.old, row.new)) == sorted(row.changes)
    assert core_says(row.old, row.new) == (row.core or worst(row.changes))


def worst(changes: tuple[str, ...]) -> str:
    verdicts = {change.split()[0] for change in changes}
    return next((each for each in ("BREAKING", "DANGEROUS") if each in verdicts), "SAFE")


def core_says(old: str, new: str) -> str:
    changes = find_schema_changes(
        build_schema(old, assume_valid=True, assume_valid_sdl=True),
        build_schema(new, assume_valid=True, assume_valid_sdl=True),
    )
    if any(isinstance(each, BreakingChange) for each in changes):
        return "BREAKING"
    return "DANGEROUS" if any(isinstance(each, DangerousChange) for each in changes) else "SAFE"

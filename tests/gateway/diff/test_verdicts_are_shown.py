"""The table of verdicts against documents: what is breaking refuses one, and what is safe changes none."""

import zlib
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
import test_verdicts_defaults as defaults
import test_verdicts_directives as directives
import test_verdicts_inputs as inputs
import test_verdicts_members as members
import test_verdicts_outputs as outputs
import test_verdicts_types as types
from graphql import build_schema
from schema_verdicts import Case, worst
from witnesses import Evidence, compare_answers, documents

TABLE: list[Any] = [
    *outputs.CASES,
    *outputs.SIBLINGS,
    *inputs.ARGS,
    *defaults.DEFAULTS,
    *inputs.INPUT_FIELDS,
    *types.TYPES,
    *types.ROOTS,
    *types.ENUMS,
    *members.UNIONS,
    *members.INTERFACES,
    *members.SCALARS,
    *directives.DIRECTIVES,
]
# What no document shows here: directives and scalars do nothing in these executions.
UNSEEN = {
    "a-default-of-an-executable-directive-changes",
    "an-argument-with-a-default-is-added-to-an-executable-directive",
    "a-default-of-an-enum-changes-to-a-string-of-a-custom-scalar",
    "specifiedBy-is-changed-on-what-only-goes-in",
}


def evidence(row: Case, name: str, count: int) -> Iterator[Evidence]:
    old, new = (build_schema(each, assume_valid=True) for each in (row.old, row.new))
    random = Random(zlib.crc32(name.encode()))
    return (compare_answers(old, new, document, random) for document in documents(old, random, count))


@pytest.mark.parametrize(("row", "name"), [pytest.param(each.values[0], each.id, id=each.id) for each in TABLE])
def test_a_verdict_is_what_documents_show(row: Case, name: str) -> None:
    verdict = worst(row.changes)
    if verdict == "SAFE":
        assert [each for each in evidence(row, name, 10) if each.breaking or each.dangerous] == []
    elif verdict == "BREAKING":
        assert any(each.breaking for each in evidence(row, name, 400))
    elif name not in UNSEEN:
        assert any(each.breaking or each.dangerous for each in evidence(row, name, 400))

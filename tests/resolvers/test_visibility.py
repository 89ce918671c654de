"""Every caller, in every phase of the marketplace, by every way to an object: all that is theirs, and nothing else."""

from collections.abc import Iterator

import pytest
from harness import Template
from visibility_callers import CALLERS, VERSION, World, world
from visibility_checks import LISTS, TYPED, Checks
from visibility_model import PHASES, Records, fixture_rows, typename
from visibility_routes import NODES, ROOT_FIELDS, unlisted

import schema


@pytest.fixture(scope="module")
def matrix(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(template, tmp_path_factory.mktemp("matrix")) as opened:
        yield opened


@pytest.fixture(scope="module")
def records(matrix: World) -> Records:
    return Records({**fixture_rows(), "audit_entries": matrix.audit()})


def test_every_type_list_root_field_and_relation_stands_in_the_matrix():
    assert unlisted(schema.build(VERSION)) == set()


def test_every_root_field_that_reads_rows_is_asked():
    asked = {*TYPED, *LISTS, "eventsinks", "node", "nodes", "partners", "viewer"}
    queries = {name.partition(".")[2] for name in ROOT_FIELDS if name.startswith("QueryRoot.")}
    # These have tests of their own; the words of the directory are everyone's.
    words = {"directoryService", "serviceCategories"}
    own_tests = {
        "activeSubscription",
        "events",
        "partnerBlockPreview",
        "marketplace",
        "migrationTasks",
        "reviewEligibility",
    }
    assert queries - asked == {"publicApiVersions"} | own_tests | words


def test_the_fixtures_hold_every_type_of_row(records):
    """Else the matrix would say nothing about a type."""
    held = {typename(table, row) for table in dict.fromkeys(NODES.values()) for row in records.rows[table]}
    assert held == set(NODES)


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("name", CALLERS)
def test_a_caller_sees_what_is_its_own_and_nothing_else(matrix, records, name, phase):
    Checks(matrix, records, CALLERS[name], phase).all()

"""Of each version: introspection, printing and execution agree on what exists in it."""

import time
from itertools import pairwise

import pytest
from coordinates import coordinates
from graphql import (
    build_client_schema,
    build_schema,
    get_introspection_query,
    is_enum_type,
    is_input_object_type,
    is_required_input_field,
    parse,
    validate_schema,
)

import schema
from gateway.execution.validation import validate_document
from schema import snapshot
from schema.history import SERVING, VERSIONS
from schema.projection import project


@pytest.mark.parametrize("version", SERVING)
def test_a_version_is_a_valid_schema(version):
    assert validate_schema(schema.build(version)) == []
    # What was found of the built one is kept with it; the printed one is looked at anew.
    assert validate_schema(build_schema(snapshot.printed(schema.build(version)))) == []


@pytest.mark.parametrize("version", SERVING)
def test_introspection_and_printing_tell_the_same(shared, version):
    answer = shared.ask(get_introspection_query(input_value_deprecation=True), version=version)
    told = coordinates(build_client_schema(answer.data))
    assert told == coordinates(build_schema(snapshot.printed(schema.build(version))))
    assert told == coordinates(schema.build(version))
    assert answer.headers["X-Shopify-API-Version"] == version


@pytest.mark.parametrize("version", SERVING)
def test_what_a_version_lacks_can_not_be_asked_for(version):
    built, full = schema.build(version), schema.full()
    missing = coordinates(full).keys() - coordinates(built).keys()
    for coordinate in missing:
        parent, _, name = coordinate.partition(".")
        kind = full.type_map[parent]
        if "(" not in name and kind in (full.query_type, full.mutation_type):
            operation = "query" if kind is full.query_type else "mutation"
            errors = validate_document(built, parse(f"{operation} {{ {name} }}"))
            assert errors[0].message == f"Field '{name}' doesn't exist on type '{parent}'"
    assert (missing == set()) is (version == "unstable")


@pytest.mark.parametrize("version", SERVING)
def test_every_field_is_executed_from_the_same_source_in_every_version(version):
    """But those that give objects of any type, and must not give what the version has not."""
    full = schema.full()
    others = set()
    for named in schema.build(version).type_map.values():
        for name, field in getattr(named, "fields", {}).items():
            whole = full.type_map[named.name].fields[name]
            if getattr(field, "resolve", None) is not getattr(whole, "resolve", None):
                others.add(f"{named.name}.{name}")
            assert getattr(field, "out_name", None) == getattr(whole, "out_name", None)
            for key, argument in getattr(field, "args", {}).items():
                assert (argument.out_name, argument.default_value) == (
                    whole.args[key].out_name,
                    whole.args[key].default_value,
                )
    assert others <= {"QueryRoot.node", "QueryRoot.nodes"}


def test_what_leaves_was_deprecated_before():
    """But for what can't be: types, required fields of inputs, and fields that an interface promises."""
    dated = [version for version in SERVING if version != "unstable"]
    for older, newer in pairwise(dated):
        before = schema.build(older)
        gone = coordinates(before).keys() - coordinates(schema.build(newer)).keys()
        assert [coordinate for coordinate in sorted(gone) if not _was_deprecated(before, coordinate)] == []


def _was_deprecated(built, coordinate):
    parent, _, name = coordinate.partition(".")
    kind, name = built.type_map[parent], name.partition("(")[0]
    if is_enum_type(kind):
        return kind.values[name].deprecation_reason
    promised = any(name in interface.fields for interface in getattr(kind, "interfaces", ()))
    required = is_input_object_type(kind) and is_required_input_field(kind.fields[name])
    return promised or required or kind.fields[name].deprecation_reason


def test_all_versions_are_built_when_they_are_asked_for_and_kept():
    assert schema.build("2025-07") is schema.build("2024-10") is not schema.build("2026-10")
    assert {schema.build(version) for version in VERSIONS} == {schema.build(version) for version in SERVING}


@pytest.mark.parametrize("version", ["2023-07", "2024-10", "2026-10", "unstable"])
def test_the_tax_on_fees_is_told_by_a_name_that_the_version_knows(shared, version):
    tax = "... on TaxTransaction { type }"
    asked = f"{{ transactions(types: [TAX], first: 250) {{ nodes {{ {tax} }} }} }}"
    answer = shared.ask(asked, version=version)
    told = {node["type"] for node in answer.data["transactions"]["nodes"]}
    assert told <= set(schema.build(version).type_map["TaxTransactionType"].values)
    assert "SALE_SHOPIFY_FEE" in told


def test_building_all_versions_takes_less_than_a_second_of_a_processor():
    schema.timeline()
    seconds = []
    # The best of a few: among many tests the collector has more to look through than a server's.
    for _ in range(4):
        started = time.process_time()
        built = [project(schema.full(), schema.timeline(), version) for version in SERVING]
        seconds.append(time.process_time() - started)
        assert len(built) == 8
    assert min(seconds) < 1


ANY = """{
    nodes(ids: ["gid://partners/Job/1", "gid://partners/Shop/1"]) { __typename id }
    node(id: "gid://partners/Job/1") { id }
}"""
JOB = {"__typename": "Job", "id": "gid://partners/Job/1"}
SHOP = {"__typename": "Shop", "id": "gid://partners/Shop/1"}


@pytest.mark.parametrize("version", ["2023-07", "2026-10", "unstable"])
def test_a_job_is_found_by_its_id_where_there_are_jobs(shared, version):
    assert shared.ask(ANY, version=version).data == {"nodes": [JOB, SHOP], "node": {"id": JOB["id"]}}


def test_a_job_is_null_in_the_version_that_it_has_left(shared):
    assert shared.ask(ANY, version="2027-01").data == {"nodes": [None, SHOP], "node": None}
    told = shared.ask('{ node(id: "gid://partners/Job/1") { ... on Job { id } } }', version="2027-01").body["errors"]
    assert [error["message"] for error in told] == ["Unknown type 'Job'. Did you mean 'JSON'?"]


def test_a_partner_is_null_before_there_was_a_directory(shared):
    asked = '{ node(id: "gid://partners/Partner/1") { __typename } }'
    assert shared.ask(asked, version="2023-10").data == {"node": {"__typename": "Partner"}}
    assert shared.ask(asked, version="2023-07").data == {"node": None}

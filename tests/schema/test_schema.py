"""The schema against the facts of the Partner API, and against what this API adds to them."""

from dataclasses import replace
from pathlib import Path

import pytest
from coordinates import coordinates, named_types
from graphql import (
    BreakingChange,
    DocumentNode,
    ObjectTypeExtensionNode,
    build_schema,
    extend_schema,
    find_schema_changes,
    parse,
)

from schema import VERSIONS, build, timeline
from schema.history import AWAITED

HERE = Path(__file__).parent
OURS = build("unstable")
DATED = ("2024-10", "2026-07", "2026-10")
THEIRS = {
    version: build_schema((HERE / f"partner_api_{version.replace('-', '_')}.graphql").read_text(encoding="utf-8"))
    for version in ("2025-07", "unstable")
}
ADDITIONS = (HERE / "partner_api_2026_07_additions.graphql").read_text(encoding="utf-8")
THEIRS["2026-07"] = extend_schema(THEIRS["2025-07"], parse(ADDITIONS))
CONTRACT = parse((HERE / "contract.graphql").read_text(encoding="utf-8"))


def without_awaited(document: DocumentNode) -> DocumentNode:
    """Without the types and fields that the history awaits and the schema has not: nothing can be said of them yet."""
    awaited = {change.coordinate for change in AWAITED if not timeline().exists(change.coordinate)}
    kept = []
    for each in document.definitions:
        if isinstance(each, ObjectTypeExtensionNode):
            fields = [field for field in each.fields if f"{each.name.value}.{field.name.value}" not in awaited]
            kept.append(replace(each, fields=tuple(fields)))
        elif each.name.value not in awaited:
            kept.append(each)
    return replace(document, definitions=tuple(kept))


THEIRS["contract"] = extend_schema(THEIRS["unstable"], without_awaited(CONTRACT))


# Each version with what it has to hold.
PAIRS = [
    ("unstable", "unstable"),
    ("unstable", "contract"),
    *((version, "2025-07") for version in DATED),
    *((version, "2026-07") for version in ("2026-07", "2026-10", "unstable")),
]


@pytest.mark.parametrize(("version", "fact"), PAIRS)
def test_nothing_breaks_for_a_client_of_the_partner_api(version, fact):
    changes = find_schema_changes(THEIRS[fact], build(version))
    assert [change.description for change in changes if isinstance(change, BreakingChange)] == []


@pytest.mark.parametrize(("version", "fact"), PAIRS)
def test_each_coordinate_of_the_partner_api_has_the_same_type_here(version, fact):
    ours, facts = coordinates(build(version)), coordinates(THEIRS[fact])
    assert {coordinate: ours.get(coordinate) for coordinate in facts} == facts


@pytest.mark.parametrize(("version", "fact"), PAIRS)
def test_each_type_of_the_partner_api_has_the_same_interfaces_and_members_here(version, fact):
    for named in named_types(THEIRS[fact]):
        ours = build(version).type_map[named.name]
        assert isinstance(ours, type(named))
        for part in ("interfaces", "types"):
            assert {each.name for each in getattr(named, part, ())} <= {each.name for each in getattr(ours, part, ())}


@pytest.mark.parametrize(("version", "fact"), PAIRS)
def test_what_is_deprecated_there_is_deprecated_here(version, fact):
    for named in named_types(THEIRS[fact]):
        for part in ("fields", "values"):
            for name, declared in getattr(named, part, {}).items():
                if getattr(declared, "deprecation_reason", None):
                    ours = getattr(build(version).type_map[named.name], part)[name]
                    assert ours.deprecation_reason, f"{named.name}.{name}"


def test_dated_versions_have_nothing_that_only_unstable_has():
    only = coordinates(THEIRS["unstable"]).keys() - coordinates(THEIRS["2025-07"]).keys()
    assert len(only) > 30
    for version in VERSIONS:
        assert (only & coordinates(build(version)).keys() == set()) is (version != "unstable")


# What neither the Partner API nor the contract has.
BEYOND = {
    "QueryRoot.exportReceipts": "ExportReceiptConnection!",
    "QueryRoot.exportReceipts(after:)": "String",
    "QueryRoot.exportReceipts(before:)": "String",
    "QueryRoot.exportReceipts(first:)": "Int",
    "QueryRoot.exportReceipts(last:)": "Int",
    "ExportReceiptConnection.edges": "[ExportReceiptEdge!]!",
    "ExportReceiptConnection.nodes": "[ExportReceipt!]!",
    "ExportReceiptConnection.pageInfo": "PageInfo!",
    "ExportReceiptEdge.cursor": "String!",
    "ExportReceiptEdge.node": "ExportReceipt!",
    "PartnerEventConnection.nodes": "[PartnerEvent!]!",
    "MutationRoot.appSubscriptionCancel(idempotencyKey:)": "String",
}


def test_what_is_added_to_the_partner_api_is_the_contract_and_nothing_else():
    ours, facts = coordinates(OURS), coordinates(THEIRS["contract"]) | coordinates(THEIRS["2026-07"])
    assert {name: told for name, told in ours.items() if name not in facts} == BEYOND


def test_of_the_contract_bulk_operations_alone_are_still_to_come():
    """What is awaited is left out of the comparisons above; nothing else may hide there."""
    whole = coordinates(extend_schema(THEIRS["unstable"], CONTRACT))
    missing = whole.keys() - coordinates(OURS).keys()
    assert [name for name in sorted(missing) if "bulkoperation" not in name.lower()] == []
    assert len(whole) - len(coordinates(THEIRS["unstable"])) > 450


def test_the_currencies_are_192_with_the_test_currency_in_small_letters():
    values = list(OURS.type_map["Currency"].values)
    assert len(values) == 192
    assert values == list(THEIRS["unstable"].type_map["Currency"].values)
    assert "xts" in values

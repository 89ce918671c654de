"""What the schema says of itself."""

import pytest
from coordinates import coordinates, named_types
from graphql import (
    GraphQLObjectType,
    build_client_schema,
    get_introspection_query,
    is_enum_type,
    is_input_object_type,
    validate_schema,
)

from schema import VERSIONS, build

OURS = build("unstable")

# Enums whose members' names say what they are.
SELF_EXPLAINING = {
    "AppEventTypes",
    "AppPricingInterval",
    "Currency",
    "EventType",
    "ReferralCategory",
    "TaxTransactionType",
    "TransactionType",
    "UserErrorCode",
}


def test_everything_is_described():
    missing = []
    for named in named_types(OURS):
        told = {named.name: named.description}
        for name, field in getattr(named, "fields", {}).items():
            told[f"{named.name}.{name}"] = field.description
            for argument, declared in getattr(field, "args", {}).items():
                told[f"{named.name}.{name}({argument}:)"] = declared.description
        if is_enum_type(named) and named.name not in SELF_EXPLAINING:
            told |= {f"{named.name}.{name}": value.description for name, value in named.values.items()}
        missing += [coordinate for coordinate, description in told.items() if not description]
    assert missing == []


def test_descriptions_are_sentences():
    for named in named_types(OURS):
        for declared in [named, *getattr(named, "fields", {}).values()]:
            assert declared.description == declared.description.strip()
            assert declared.description.endswith((".", "`"))


def test_nothing_has_null_for_a_default():
    assert [name for name, told in coordinates(OURS).items() if told.endswith("= null")] == []


def test_each_field_names_its_source_and_resolves():
    for named in named_types(OURS):
        if isinstance(named, GraphQLObjectType):
            for name, field in named.fields.items():
                assert field.resolve is not None, f"{named.name}.{name}"
                assert field.extensions["source"] is not None
        elif is_input_object_type(named):
            assert all(field.out_name for field in named.fields.values())


@pytest.mark.parametrize("version", VERSIONS)
def test_the_schema_of_each_version_is_valid(version):
    assert validate_schema(build(version)) == []


def test_a_version_that_is_not_served_has_no_schema():
    with pytest.raises(KeyError):
        build("2023-04")


def test_introspection_tells_the_whole_schema(shared):
    query = get_introspection_query(input_value_deprecation=True)
    answer = shared.ask(query)
    assert answer.statements == 0
    assert coordinates(build_client_schema(answer.data)) == coordinates(OURS)
    assert shared.ask("{ __typename }").data == {"__typename": "QueryRoot"}

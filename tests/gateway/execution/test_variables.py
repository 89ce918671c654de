"""Values of variables: plain ones pass as they are, and all are what graphql-core makes of them."""

import pytest
from graphql import OperationDefinitionNode, build_schema, get_variable_values, parse

from gateway.execution.variables import Variables

SCHEMA = build_schema("""
    enum Size { SMALL LARGE }
    input Filter { name: String!, sizes: [Size!] = [SMALL] }
    type Query { ask(id: ID, text: String, number: Int, flag: Boolean, size: Size, filter: Filter): Int }
""")
DOCUMENT = """
    query ($id: ID!, $text: String, $number: Int = 10, $flag: Boolean!, $ids: [ID!], $size: Size, $filter: Filter) {
      ask(id: $id, text: $text, number: $number, flag: $flag, size: $size, filter: $filter)
    }
"""
OPERATION = parse(DOCUMENT).definitions[0]
GIVEN = {"id": "1", "text": "a", "number": 3, "flag": True}


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"unknown": 1},
        {"id": 7},
        {"id": None},
        {"id": True},
        {"id": 1.5},
        {"text": None},
        {"text": 5},
        {"number": None},
        {"number": 2**31},
        {"number": -(2**31)},
        {"number": 3.0},
        {"number": True},
        {"number": "3"},
        {"flag": None},
        {"flag": 1},
        {"ids": "1"},
        {"ids": ["1", None]},
        {"size": "LARGE"},
        {"size": "NONE"},
        {"filter": {"name": "a"}},
        {"filter": {}},
    ],
)
def test_a_value_is_what_graphql_core_makes_of_it(changed):
    same_as_graphql_core(GIVEN | changed)


@pytest.mark.parametrize("left_out", GIVEN)
def test_a_variable_that_is_left_out_is_absent_or_has_its_default(left_out):
    same_as_graphql_core({name: value for name, value in GIVEN.items() if name != left_out})


def same_as_graphql_core(given):
    assert isinstance(OPERATION, OperationDefinitionNode)
    declared = {name: value for name, value in given.items() if name != "unknown"}
    expected = get_variable_values(SCHEMA, OPERATION.variable_definitions or (), declared)
    found = Variables(SCHEMA, OPERATION).coerce(given)
    if isinstance(expected, list):
        assert [str(error) for error in found] == [str(error) for error in expected]
        return
    assert (found.coerced, list(found.coerced)) == (expected.coerced, list(expected.coerced))
    assert {name: source.value for name, source in found.sources.items()} == {
        name: source.value for name, source in expected.sources.items()
    }


def test_a_type_that_takes_no_input_is_told():
    [error] = Variables(SCHEMA, parse("query ($a: Query) { ask }").definitions[0]).coerce({"a": 1})
    assert error.message == "Variable '$a' expected value of type 'Query' which cannot be used as an input type."

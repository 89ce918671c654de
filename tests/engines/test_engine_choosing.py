"""Which engine answers: ours, unless a document asks for what has no source."""

import asyncio

import pytest
from small_schema import Carried, Small, gives, rows

from gateway.execution.engine import Engine, Plans

SDL = """
    type Query { thing: Thing  plain: String }
    type Thing { id: ID!  plain: String }
"""


def small() -> Small:
    sources = {"Query.thing": gives(rows("id", ("1",))), "Query.plain": None, "Thing.plain": None}
    return Small(SDL, sources)


def plan(small: Small, document: str):
    return Plans().get(small.operation(document), {})


@pytest.mark.parametrize(
    ("document", "answer"),
    [
        ("{ plain thing { id } }", {"plain": "from a resolver", "thing": {"id": "1"}}),
        ("{ thing { id plain } }", {"thing": {"id": "1", "plain": "from a resolver"}}),
        ("{ thing { id } __schema { queryType { name } } }", {"thing": {"id": "1"}, "__schema": {"queryType": {"name": "Query"}}}),  # noqa: E501
        ('{ __type(name: "Thing") { kind } thing { __typename } }', {"__type": {"kind": "OBJECT"}, "thing": {"__typename": "Thing"}}),  # noqa: E501
        ("{ ...F } fragment F on Query { plain }", {"plain": "from a resolver"}),
    ],
)  # fmt: skip
def test_a_document_with_a_field_without_source_is_answered_by_graphql_core(document, answer):
    assert plan(small(), document) is None
    data = small().data(document)
    assert data == answer
    assert list(data) == list(answer)


@pytest.mark.parametrize("document", ["{ thing { id } plain @skip(if: true) }", "{ __typename thing { __typename } }"])
def test_what_is_skipped_has_no_say(document):
    assert plan(small(), document) is not None
    small().data(document)


def test_the_setting_chooses():
    for name, compiled in (("compiled", True), ("graphql-core", False)):
        engine = Engine(name)
        asked = small()
        operation = asked.operation("{ thing { id } }")
        result = asyncio.run(engine.execute(operation, operation.coerce({}), Carried()))
        assert result.data == {"thing": {"id": "1"}}
        assert (engine._plans is not None) is compiled

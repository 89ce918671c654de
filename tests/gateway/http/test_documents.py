"""The cache of documents: what is kept, and that it never grows beyond its bounds."""

import pytest
from graphql import build_schema

from gateway.errors import LimitExceeded
from gateway.http.answers import RequestErrors
from gateway.http.documents import Documents
from gateway.settings import Settings

SCHEMA = build_schema("type Query { a: Int }")
SETTINGS = Settings()


def test_a_document_is_parsed_once_for_each_version():
    documents = Documents()
    first = documents.get("2025-07", SCHEMA, "{ a }", SETTINGS)
    assert documents.get("2025-07", SCHEMA, "{ a }", SETTINGS) is first
    assert documents.get("unstable", SCHEMA, "{ a }", SETTINGS) is not first


@pytest.mark.parametrize("text", ["{ a", "{ b }"])
def test_errors_are_kept_as_well(text):
    documents = Documents()
    told = []
    for _ in range(2):
        with pytest.raises(RequestErrors) as caught:
            documents.get("2025-07", SCHEMA, text, SETTINGS).operation(None, SETTINGS)
        told.append(caught.value.errors)
    assert told[0] is told[1]


def test_the_least_recently_used_document_goes_first():
    documents = Documents(max_documents=2)
    first = documents.get("v", SCHEMA, "{ a }", SETTINGS)
    documents.get("v", SCHEMA, "{ b: a }", SETTINGS)
    documents.get("v", SCHEMA, "{ a }", SETTINGS)
    documents.get("v", SCHEMA, "{ c: a }", SETTINGS)
    assert len(documents) == 2
    assert documents.get("v", SCHEMA, "{ a }", SETTINGS) is first


def test_the_texts_together_are_bounded():
    documents = Documents(max_characters=1_000)
    for number in range(100):
        documents.get("v", SCHEMA, f"{{ a }} #{number:090}", SETTINGS)
    assert len(documents) == 10
    documents.get("v", SCHEMA, "{ a } #" + "x" * 2_000, SETTINGS)
    assert len(documents) == 10


def test_a_text_that_the_parser_must_not_see_is_not_kept():
    documents = Documents()
    with pytest.raises(LimitExceeded):
        documents.get("v", SCHEMA, "{ a " * 100_000, SETTINGS)
    assert len(documents) == 0


def test_each_operation_of_a_document_has_its_own_limits():
    deep = "query Deep { " + "... { " * 90 + "a" + " }" * 90 + "}"
    document = Documents().get("v", SCHEMA, "query Flat { a } " + deep, SETTINGS)
    assert document.operation("Flat", SETTINGS).name == "Flat"
    aliases = "query Many { " + " ".join(f"a{n}: a" for n in range(600)) + " }"
    document = Documents().get("v", SCHEMA, "query Flat { a } " + aliases, SETTINGS)
    assert document.operation("Flat", SETTINGS).name == "Flat"
    with pytest.raises(LimitExceeded):
        document.operation("Many", SETTINGS)

"""The Accept header: which media type is answered, and the statuses that follow from it."""

import pytest

from gateway.http.negotiation import Media, choose

JSON, RESPONSE = "application/json", "application/graphql-response+json"


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (None, Media.JSON),
        ("", Media.JSON),
        ("*/*", Media.JSON),
        ("application/*", Media.JSON),
        (JSON, Media.JSON),
        ("Application/JSON; charset=utf-8", Media.JSON),
        (RESPONSE, Media.RESPONSE),
        (f"{RESPONSE}, {JSON}", Media.RESPONSE),
        (f"{JSON}, {RESPONSE}", Media.RESPONSE),
        (f"{RESPONSE}, {JSON};q=0.9", Media.RESPONSE),
        (f"{RESPONSE};q=0.8, {JSON};q=0.9", Media.JSON),
        (f"{RESPONSE};q=0.8, */*;q=0.9", Media.JSON),
        (f"{RESPONSE}, */*", Media.RESPONSE),
        (f"{JSON};q=0, */*", Media.RESPONSE),
        (f"text/html, {JSON};q=0.001", Media.JSON),
        (f"{RESPONSE}, application/graphql+json, {JSON}, text/event-stream, multipart/mixed", Media.RESPONSE),
        ("text/html", None),
        (f"{JSON};q=0", None),
        ("*/*;q=0", None),
        (f"{JSON};q=nan", None),
        (",;,=;q", None),
    ],
)
def test_the_header_decides(accept, media):
    assert choose(accept) is media


def test_nothing_that_we_have_is_a_406(gateway):
    answer = gateway.post("{ hello }", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]) == (406, {"code": "NOT_ACCEPTABLE"})


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("{ hello", "GRAPHQL_PARSE_FAILED"),
        ("{ nope }", "undefinedField"),
        ("{ hello(name: 5) }", "GRAPHQL_VALIDATION_FAILED"),
        ("query ($at: DateTime) { hello(at: $at) }", "BAD_USER_INPUT"),
        ("query A { hello } query B { hello }", "OPERATION_NAME_MISSING"),
        ("fragment f on Query { hello }", "OPERATION_MISSING"),
        ("subscription { hello }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ hello " * 40 + "}" * 40, "MAX_DEPTH"),
        ("{ " + "hello " * 20_000 + "}", "MAX_TOKENS"),
    ],
)
def test_a_document_that_cannot_run_is_200_or_400_without_data(gateway, document, code):
    for accept, status in ((JSON, 200), (RESPONSE, 400)):
        answer = gateway.post(document, variables={"at": "x"}, headers={"Accept": accept})
        assert answer.status_code == status
        assert list(answer.json()) == ["errors"]
        assert answer.json()["errors"][0]["extensions"]["code"] == code


def test_an_unknown_operation_is_not_repeated_in_the_answer(gateway):
    answer = gateway.request("POST", json={"query": "query A { hello }", "operationName": "<script>"})
    assert answer.json() == {
        "errors": [
            {
                "message": "The document has no operation with the name in `operationName`",
                "extensions": {"code": "OPERATION_UNKNOWN"},
            }
        ]
    }


@pytest.mark.parametrize("accept", [JSON, RESPONSE])
def test_what_was_executed_is_200(gateway, accept):
    answer = gateway.post("{ hello refused }", headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == (RESPONSE if accept == RESPONSE else "application/json; charset=utf-8")
    assert answer.headers["Vary"] == "Accept, Accept-Encoding, Accept-Language"
    assert answer.json() == {
        "data": {"hello": "Hello you", "refused": None},
        "errors": [
            {
                "message": "That cursor is damaged",
                "locations": [{"line": 1, "column": 9}],
                "path": ["refused"],
                "extensions": {"code": "INVALID_CURSOR"},
            }
        ],
    }

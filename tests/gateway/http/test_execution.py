"""What an executed operation answers: its errors in words without our insides, its cost, its deadline, its log line."""

import json
import logging
import time

import pytest

from schema import build


def errors(answer):
    return [(error["message"], error.get("path"), error["extensions"]["code"]) for error in answer.json()["errors"]]


@pytest.mark.parametrize("document", ["{ hello broken }", "{ hello strayObject }", "{ hello nothing }"])
def test_our_bugs_are_masked_and_logged(gateway, caplog, document):
    answer = gateway.post(document)
    request_id = answer.headers["X-Request-Id"]
    assert answer.status_code == 200
    name = document.split()[2]
    assert answer.json()["errors"] == [
        {
            "message": "Internal error",
            "locations": [{"line": 1, "column": 9}],
            "path": [name],
            "extensions": {"code": "INTERNAL_SERVER_ERROR", "requestId": request_id},
        }
    ]
    [logged] = [record for record in caplog.records if record.name == "gateway.errors"]
    assert request_id in logged.getMessage()
    assert logged.exc_info


def test_a_database_that_is_away_fails_the_whole_request(gateway):
    answer = gateway.post("{ hello away }")
    assert (answer.status_code, answer.json()) == (
        503,
        {
            "data": None,
            "errors": [
                {
                    "message": "The database can't be reached. Try again soon.",
                    "extensions": {"code": "UNAVAILABLE"},
                }
            ],
        },
    )


@pytest.mark.parametrize(
    ("document", "variables", "expected"),
    [
        ('{ hello(at: "x") }', {}, ("DateTime cannot represent that", None, "GRAPHQL_VALIDATION_FAILED")),
        (
            "query ($at: DateTime) { hello(at: $at) }",
            {"at": "x"},
            ("Variable '$at' has invalid value: DateTime cannot represent that", None, "BAD_USER_INPUT"),
        ),
        (
            "query ($at: DateTime) { hello(at: $at) }",
            {"at": "python"},
            ("Variable '$at' has invalid value: Expected value of type 'DateTime'", None, "BAD_USER_INPUT"),
        ),
        (
            "query ($n: String!) { hello(name: $n) }",
            {},
            (
                "Variable '$n' has invalid value: Expected a value of non-null type 'String!' to be provided.",
                None,
                "BAD_USER_INPUT",
            ),
        ),
    ],
)
def test_what_the_caller_can_mend_is_told(gateway, document, variables, expected):
    assert errors(gateway.post(document, variables=variables)) == [expected]


def test_numbers_of_thousands_of_digits_are_told_without_pythons_words(make_gateway):
    gateway = make_gateway(build=build)
    answer = gateway.post("{ transactions(first: " + "9" * 5_000 + ") { edges { cursor } } }")
    assert errors(answer) == [("Expected value of type 'Int'", None, "GRAPHQL_VALIDATION_FAILED")]


def test_names_are_not_repeated_at_length(gateway):
    answer = gateway.post("{ " + "x" * 100_000 + " }")
    assert len(answer.json()["errors"][0]["message"]) == 1_000


def test_the_cost_is_told_to_those_who_ask(make_gateway):
    gateway = make_gateway(build=build, rate_limit=4.0)
    answer = gateway.post("{ jobs(first: 3) { edges { node { id } } } }", headers={"Shopify-GraphQL-Cost-Debug": "1"})
    assert answer.text == (
        '{"data":{"jobs":{"edges":[]}},"extensions":{"cost":{"requestedQueryCost":3,"actualQueryCost":0,'
        '"throttleStatus":{"maximumAvailable":4.0,"currentlyAvailable":3.0,"restoreRate":4.0}}}}'
    )
    assert "extensions" not in gateway.post("{ hello: __typename }").json()


def test_an_operation_that_takes_too_long_is_cut_off(make_gateway):
    gateway = make_gateway(request_timeout=0.3)
    for document in ("{ slow }", "{ slowLoaded }"):
        started = time.perf_counter()
        answer = gateway.post(document)
        assert time.perf_counter() - started < 3
        assert (answer.status_code, errors(answer)) == (
            503,
            [("The request took too long. Ask for less at once.", None, "TIMEOUT")],
        )
    assert gateway.post("{ hello }").status_code == 200


def test_one_line_is_logged_without_tokens_and_variables(gateway, caplog):
    with caplog.at_level(logging.INFO, "gateway.request"):
        answer = gateway.post("query Secrets($name: String) { hello(name: $name) }", variables={"name": "s3cret"})
    [line] = [record.getMessage() for record in caplog.records if record.name == "gateway.request"]
    expected = f"request_id={answer.headers['X-Request-Id']} version=2024-10 operation=Secrets status=200 cost=0 "
    assert line.startswith(expected + "statements=0 ms=")
    assert "s3cret" not in caplog.text
    assert gateway.tokens["partner"] not in caplog.text


def test_a_name_cannot_forge_a_log_line(gateway, caplog):
    name = "A\nrequest_id=1 status=200 " + "x" * 5_000
    with caplog.at_level(logging.INFO, "gateway.request"):
        gateway.request("POST", json={"query": "query A { hello }", "operationName": name})
    [line] = [record.getMessage() for record in caplog.records if record.name == "gateway.request"]
    assert "\n" not in line
    assert " operation=Arequest_id1status200" in line
    assert len(line) < 250


def test_an_exception_of_ours_is_a_500_and_the_next_request_is_served(make_gateway, caplog):
    def build_once(version):
        if not built:
            built.append(version)
            raise RuntimeError("an inner detail")
        return build(version)

    built = []
    gateway = make_gateway(build=build_once)
    answer = gateway.post("{ __typename }")
    assert answer.status_code == 500
    assert json.loads(answer.text) == {
        "data": None,
        "errors": [
            {
                "message": "Internal error",
                "extensions": {"code": "INTERNAL_SERVER_ERROR", "requestId": answer.headers["X-Request-Id"]},
            }
        ],
    }
    assert "an inner detail" in caplog.text
    assert gateway.post("{ __typename }").json() == {"data": {"__typename": "QueryRoot"}}


def test_mutations_run_by_post(gateway):
    assert gateway.post("mutation { change }").json() == {"data": {"change": "jobs"}}

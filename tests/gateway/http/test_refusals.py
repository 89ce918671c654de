"""Rules 15 to 19: who is let in, what is refused and how it is told, under both media types."""

import re

import pytest

RESPONSE = "application/graphql-response+json"
both = pytest.mark.parametrize("accept", ["application/json", RESPONSE])


@both
def test_an_unknown_version_is_told_in_exactly_these_words(gateway, accept):
    answer = gateway.post("{ hello }", "/1/api/2019-01/graphql.json", headers={"Accept": accept})
    assert answer.status_code == 404
    assert answer.text == '{"data":null,"errors":[{"message":"Invalid API version","extensions":{"code":"404"}}]}'
    assert "X-Shopify-API-Version" not in answer.headers


@both
@pytest.mark.parametrize("token", [None, "", "prtapi_" + "0" * 40, "x" * 5_000, "caf\u00e9"])
def test_a_partner_path_wants_a_good_token(gateway, accept, token):
    answer = gateway.post("{ hello }", token=token and token.encode("latin-1"), headers={"Accept": accept})
    assert answer.status_code == 401
    assert answer.json() == {
        "data": None,
        "errors": [
            {
                "message": "Unauthorized: send a valid token in X-Shopify-Access-Token",
                "extensions": {"code": "401"},
            }
        ],
    }
    assert answer.headers["X-Shopify-API-Version"] == "2024-10"


@both
@pytest.mark.parametrize("token", ["partner", "merchant", "employee"])
@pytest.mark.parametrize("organization", ["2", "01", "9" * 25, "9" * 6_000, "abc", "%C3%A9"])
def test_the_organization_in_the_path_must_be_the_tokens_own(gateway, accept, token, organization):
    path = f"/{organization}/api/2025-07/graphql.json"
    answer = gateway.post("{ hello }", path, token=token, headers={"Accept": accept})
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]) == (404, {"code": "404"})


@pytest.mark.parametrize("token", [None, "partner", "merchant", "employee"])
def test_everyone_may_ask_at_the_path_without_an_organization(gateway, token):
    answer = gateway.post("{ hello }", "/api/2025-07/graphql.json", token=token)
    assert answer.text == '{"data":{"hello":"Hello you"}}'


def test_a_bad_token_is_refused_even_where_none_is_needed(gateway):
    assert gateway.post("{ hello }", "/api/2025-07/graphql.json", token="nonsense").status_code == 401


@both
@pytest.mark.parametrize(
    "document",
    [
        "{ transactions }",
        "{ a: transactions b: transactions }",
        "{ ...f } fragment f on Query { ... { transactions } }",
        "{ transactions hello @skip(if: true) }",
        "query ($no: Boolean = false) { transactions hello @include(if: $no) }",
        "mutation { credit }",
    ],
)
def test_a_request_is_refused_whole_where_every_root_field_is(gateway, accept, document):
    answer = gateway.post(document, token="jobs", headers={"Accept": accept})
    assert answer.status_code == 403
    assert answer.json() == {
        "data": None,
        "errors": [
            {
                "message": "Forbidden: the token lacks these permissions: VIEW_FINANCIALS",
                "extensions": {"code": "403"},
            }
        ],
    }


@pytest.mark.parametrize(
    ("document", "variables"),
    [
        ("{ transactions __typename }", None),
        ("{ transactions jobs }", None),
        ("query ($yes: Boolean!) { transactions hello @include(if: $yes) }", {"yes": True}),
        ("{ ...f ...g } fragment f on Query { transactions } fragment g on Query { hello }", None),
        ("{ __typename }", None),
    ],
)
def test_a_request_runs_where_one_root_field_is_allowed(gateway, document, variables):
    assert gateway.post(document, variables=variables, token="jobs").status_code == 200


@both
def test_the_fifth_request_of_a_second_has_to_wait(make_gateway, accept):
    gateway = make_gateway(rate_limit=4.0)
    answers = [gateway.post("{ hello }", headers={"Accept": accept}) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert answers[4].json() == {
        "data": None,
        "errors": [{"message": "Too many requests", "extensions": {"code": "429"}}],
    }
    assert answers[4].headers["Retry-After"] == "1"
    assert gateway.post("{ hello }", token="jobs").status_code == 200


def test_guessing_tokens_is_slowed_without_shutting_out_the_neighbours(make_gateway):
    gateway = make_gateway(rate_limit=4.0)
    guesses = [gateway.post("{ hello }", token="guess").status_code for _ in range(5)]
    assert guesses == [401, 401, 401, 401, 429]
    assert gateway.post("{ hello }").status_code == 200
    assert gateway.post("{ hello }", "/api/2025-07/graphql.json", token=None).status_code == 200


def test_every_answer_names_its_version_and_request(gateway):
    answer = gateway.post("{ hello }")
    assert answer.headers["X-Shopify-API-Version"] == "2024-10"
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-Id"])
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize(
    ("sent", "adopted"),
    [("abc-123_X", True), ("a" * 64, True), ("a" * 65, False), ("a b", False), ("a\tlevel=error", False), ("", False)],
)
def test_a_request_id_is_adopted_if_it_is_sane(gateway, sent, adopted):
    answer = gateway.request("GET", "/healthz", headers={"X-Request-Id": sent})
    assert (answer.headers["X-Request-Id"] == sent) is adopted


def test_an_unknown_path_is_a_404_in_json(gateway):
    answer = gateway.request("GET", "/admin")
    assert answer.status_code == 404
    assert answer.json() == {"data": None, "errors": [{"message": "Not Found", "extensions": {"code": "404"}}]}
    assert "X-Request-Id" in answer.headers

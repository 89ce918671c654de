"""Documents that are named instead of sent: known ones, registered ones, and callers that may send no other."""

import json
from urllib.parse import quote

import pytest

from gateway.http.trusted import Registered, digest
from gateway.settings import SettingsError

HELLO = "query Hello { hello }"
NAMED = 'query Named { hello(name: "Bo") }'
ANSWER = {"data": {"hello": "Hello you"}}


def persisted(text, **more):
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest(text)}}} | more


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "documents"
    (made / "2025-07").mkdir(parents=True)
    (made / "hello.graphql").write_text(HELLO)
    (made / "2025-07" / f"{digest(NAMED)}.graphql").write_text(NAMED)
    return made


@pytest.fixture
def trusting(make_gateway, folder):
    """Partners and those without a token may send nothing but the two documents; merchants may send any."""
    return make_gateway(trusted_documents=str(folder), trusted_only="partner, anonymous")


def ask(gateway, body, **options):
    answer = gateway.request("POST", json=body, **options)
    codes = [error["extensions"]["code"] for error in answer.json().get("errors", [])]
    return answer.status_code, codes or answer.json()


@pytest.mark.parametrize("document_id", ["hello", digest(HELLO), f"sha256:{digest(HELLO)}"])
def test_a_known_document_is_named_by_its_id(trusting, document_id):
    assert ask(trusting, {"documentId": document_id}) == (200, ANSWER)
    url = f"{trusting.path}?documentId={quote(document_id)}"
    assert trusting.request("GET", url).json() == ANSWER


def test_variables_and_the_operation_are_as_with_a_text(make_gateway, folder):
    (folder / "two.graphql").write_text("query A { hello } query B($n: String!) { hello(name: $n) }")
    gateway = make_gateway(trusted_documents=str(folder))
    assert ask(gateway, {"documentId": "two", "operationName": "B", "variables": {"n": "Al"}}) == (
        200,
        {"data": {"hello": "Hello Al"}},
    )
    assert ask(gateway, {"documentId": "two"}) == (200, ["OPERATION_NAME_MISSING"])


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"documentId": "goodbye"}, 400, "DOCUMENT_NOT_FOUND"),
        ({"documentId": "sha256:hello"}, 400, "DOCUMENT_NOT_FOUND"),
        ({"documentId": "../hello"}, 400, "DOCUMENT_NOT_FOUND"),
        ({"documentId": ""}, 400, "DOCUMENT_NOT_FOUND"),
        ({"documentId": 5}, 400, "INVALID_DOCUMENT_ID"),
        ({"documentId": "hello", "query": HELLO}, 400, "DOCUMENT_ID_AND_QUERY"),
        ({"query": "{ hello }"}, 403, "DOCUMENT_NOT_TRUSTED"),
        ({"query": HELLO + " "}, 403, "DOCUMENT_NOT_TRUSTED"),
        ({"query": "{"}, 403, "DOCUMENT_NOT_TRUSTED"),
        (persisted("{ hello }", query="{ hello }"), 403, "DOCUMENT_NOT_TRUSTED"),
        (persisted(HELLO, query="{ hello }"), 400, "PERSISTED_QUERY_HASH_MISMATCH"),
        (persisted("{ hello }"), 200, "PERSISTED_QUERY_NOT_FOUND"),
        ({"extensions": {"persistedQuery": 5}}, 400, "INVALID_PERSISTED_QUERY"),
        (
            {"extensions": {"persistedQuery": {"version": 2, "sha256Hash": digest(HELLO)}}},
            400,
            "INVALID_PERSISTED_QUERY",
        ),
        ({"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "hello"}}}, 400, "INVALID_PERSISTED_QUERY"),
        ({"extensions": {"persistedQuery": None}}, 400, "QUERY_MISSING"),
    ],
)
def test_what_names_no_known_document_is_refused_with_a_code(trusting, body, status, code):
    assert ask(trusting, body, headers={"Accept": "application/graphql-response+json"}) == (status, [code])


def test_the_text_of_a_known_document_may_still_be_sent(trusting):
    assert ask(trusting, {"query": HELLO}) == (200, ANSWER)
    assert ask(trusting, persisted(NAMED, query=NAMED)) == (200, {"data": {"hello": "Hello Bo"}})


def test_the_setting_is_for_kinds_of_callers(trusting):
    path = "/api/2025-07/graphql.json"
    other = {"query": "{ hello }"}
    assert ask(trusting, other, path=path, token=None) == (403, ["DOCUMENT_NOT_TRUSTED"])
    assert ask(trusting, other, path=path, token="merchant") == (200, ANSWER)
    assert ask(trusting, other, path=path, token="employee") == (200, ANSWER)


def test_what_another_caller_registered_is_not_trusted(trusting):
    text, path = "{ hello }", "/api/2025-07/graphql.json"
    assert ask(trusting, persisted(text, query=text), path=path, token="merchant") == (200, ANSWER)
    assert ask(trusting, persisted(text), path=path, token="merchant") == (200, ANSWER)
    assert ask(trusting, persisted(text)) == (200, ["PERSISTED_QUERY_NOT_FOUND"])


@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
def test_apollo_s_clients_register_what_is_not_known(make_gateway, accept):
    gateway = make_gateway()
    headers = {"Accept": accept, "Accept-Language": "nb"}
    told = gateway.request("POST", json=persisted(HELLO), headers=headers)
    assert (told.status_code, told.headers["Cache-Control"]) == (200, "no-store")
    error = {"message": "PersistedQueryNotFound", "extensions": {"code": "PERSISTED_QUERY_NOT_FOUND"}}
    assert told.json() == {"errors": [error]}
    assert ask(gateway, persisted(HELLO, query=HELLO)) == (200, ANSWER)
    assert ask(gateway, persisted(HELLO)) == (200, ANSWER)
    extensions = quote(json.dumps(persisted(HELLO)["extensions"]))
    assert gateway.request("GET", f"{gateway.path}?extensions={extensions}").json() == ANSWER


def test_a_registered_document_is_checked_as_any_other(make_gateway):
    gateway = make_gateway(max_depth=3)
    text = "{ gone }"
    for body in (persisted(text, query=text), persisted(text)):
        assert ask(gateway, body) == (200, ["undefinedField"])


def test_what_is_registered_is_bounded():
    registered = Registered(max_documents=3, max_characters=12)
    for number in range(5):
        registered.add(str(number), f"{{ a{number} }}")
    registered.get("3")
    assert [key for key in "01234" if registered.get(key)] == ["3", "4"]
    registered.add("long", "x" * 13)
    assert (len(registered), registered.get("long")) == (2, None)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"trusted_only": "partner"}, "GATEWAY_TRUSTED_ONLY lets nothing through without GATEWAY_TRUSTED_DOCUMENTS"),
        ({"trusted_only": "robot"}, "takes kinds of callers, with commas: anonymous, partner, merchant, employee"),
        ({"trusted_documents": "/nowhere"}, "there is no folder /nowhere"),
    ],
)
def test_a_wrong_setting_stops_the_start(make_gateway, settings, told):
    with pytest.raises(SettingsError, match=told):
        make_gateway(**settings)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("bad.graphql", "{", "Syntax Error"),
        ("2025-07/hello.graphql", "{ hello }", "another document has this name"),
        (f"{digest('{ a }')}.graphql", "{ b }", "its name is not the SHA-256 of its text"),
    ],
)
def test_a_folder_that_can_not_be_trusted_stops_the_start(make_gateway, folder, name, text, told):
    (folder / name).write_text(text)
    with pytest.raises(SettingsError, match=told):
        make_gateway(trusted_documents=str(folder))


def test_what_clients_sent_is_recorded_and_can_be_trusted(make_gateway, tmp_path):
    recorded = tmp_path / "recorded"
    gateway = make_gateway(record_documents=str(recorded))
    text = "query Q($name: String) { hello(name: $name) }"
    for name in ("Al", "Bo"):
        assert gateway.post(text, variables={"name": name}).status_code == 200
    gateway.post("{ gone }")
    gateway.post("{")
    (file,) = recorded.rglob("*.*")
    assert (file, file.read_text()) == (recorded / "2024-10" / f"{digest(text)}.graphql", text)
    trusting = make_gateway(trusted_documents=str(recorded), trusted_only="partner")
    assert ask(trusting, {"documentId": digest(text)}) == (200, ANSWER)


def test_a_disk_that_can_not_be_written_stops_no_answer(make_gateway, tmp_path, caplog):
    (tmp_path / "file").write_text("")
    gateway = make_gateway(record_documents=str(tmp_path / "file"))
    assert ask(gateway, {"query": HELLO}) == (200, ANSWER)
    assert "A document could not be recorded" in caplog.text

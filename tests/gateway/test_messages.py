"""Languages: which one a caller gets, and that no message lacks a translation."""

import string

import pytest
from messages_in_source import NoLiteral, templates, templates_in

from gateway.errors import Forbidden, InvalidArgument
from gateway.http.answers import words
from gateway.messages import LANGUAGES, catalogue, language_for, worded

NO_SIZE = "{ transactions(first: 999) { pageInfo { hasNextPage } } }"
BAD_ARN = """mutation {
  eventsinkCreate(input: {appId: "gid://partners/App/999", topic: CUSTOMERS_REDACT, awsUserArn: "x"}) {
    userErrors { code message }
  }
}"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_lacks_a_translation(language):
    """Write what is printed here into the language's file, with the translation."""
    missing = {text: place for text, place in templates().items() if text not in catalogue(language)}
    entries = [f'# {place}\nmsgid "{text}"\nmsgstr ""\n' for text, place in missing.items()]
    assert not missing, f"gateway/messages/{language}.po lacks these:\n\n" + "\n".join(entries)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_of_a_message_that_is_gone(language):
    gone = [text for text in catalogue(language) if text not in templates()]
    assert not gone, f"Take these out of gateway/messages/{language}.po: {gone}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_have_the_parameters_of_their_messages(language):
    for template, translated in catalogue(language).items():
        assert _parameters(translated) == _parameters(template), translated


def _parameters(template: str) -> list[tuple[str, str | None]]:
    return sorted((name, form) for _, name, form, _ in string.Formatter().parse(template) if name is not None)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('Reason(INVALID, ("a",), "One " "text")', ["One text"]),
        ('errors.Reason(INVALID, ("a",), template="One {n}", params={})', ["One {n}"]),
        ('def f():\n message, params = "One", {}\n raise InvalidArgument(message, params)', ["One"]),
        ('ONE = "One"\ndef f():\n raise BadRequest(ONE if x else "Two")', ["One", "Two"]),
        ('WHY = {A: "One", B: "Two"}\nReason(INVALID, (), WHY[kind])', ["One", "Two"]),
        ('for a, b in ((1, "One"), (2, "Two")):\n raise LimitExceeded(b)', ["One", "Two"]),
        ('class Busy(Unavailable):\n def __init__(self):\n  super().__init__("One")', ["One"]),
        ('raise Forbidden("It stays English")', []),
    ],
)
def test_messages_are_found_where_they_are_written(source, found):
    assert [text for text, _ in templates_in(source, "x.py")] == found


@pytest.mark.parametrize("source", ['Reason(A, (), f"At most {n}")', "BadRequest(what(1))", 'Reason(A, (), "a" + b)'])
def test_a_message_that_can_not_be_translated_is_noticed(source):
    with pytest.raises(NoLiteral):
        list(templates_in(source, "x.py"))


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("nb", "nb"),
        ("NO-no", "nb"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("zh-Hans-SG", "zh-Hans"),
        ("vi-VN ; q=0.1 , nb;q=0.5", "nb"),
        ("nb;q=0.5, vi;q=0.5", "nb"),
        ("fr, *;q=0.1", "en"),
        ("fr;q=1, vi;q=0.001", "vi"),
        ("en, vi", "en"),
        ("en-US;q=0.5, vi;q=0.4", "en"),
        ("vi;q=0", "en"),
        ("no, nb;q=0", "en"),
        ("nb;q=nan, vi", "vi"),
        ("nb;q=1_0, vi;q=0.1", "vi"),
        ("vietnamese", "en"),
        (",;,;q=;=", "en"),
        ("x" * 600 + ",vi", "en"),
    ],
)
def test_the_language_is_the_one_that_is_wanted_most_among_ours(header, language):
    assert language_for(header) == language


def test_words_that_clients_look_for_stay_english():
    assert words(Forbidden("This takes {n}", {"n": 1}), "nb") == "This takes 1"
    told = words(InvalidArgument("Give first or last, not both", code="INVALID_PAGE_SIZE"), "nb")
    assert told == "Oppgi first eller last, ikke begge"


def test_what_nobody_translated_is_told_in_english():
    assert worded("Not translated {n}", {"n": 1}, "vi") == "Not translated 1"


def test_an_error_of_a_field_is_told_in_the_language_and_keeps_its_code(shared):
    answer = shared.ask(NO_SIZE, headers={"Accept-Language": "zh-CN"})
    assert answer.body["errors"][0]["message"] == "每页为 0 到 250 行；first 为 999"
    assert answer.codes == [(["transactions"], "INVALID_PAGE_SIZE")]
    assert answer.headers["Content-Language"] == "zh-Hans"
    assert "Accept-Language" in answer.headers["Vary"]


def test_user_errors_are_told_in_the_language(shared):
    answer = shared.ask(BAD_ARN, headers={"Accept-Language": "no"})
    assert answer.data["eventsinkCreate"]["userErrors"] == [
        {"code": "NOT_FOUND", "message": "Det finnes ingen app med denne ID-en"},
        {"code": "INVALID", "message": "En ARN ser slik ut: arn:aws:iam::123456789012:user/name"},
    ]
    assert answer.headers["Content-Language"] == "nb"


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("fragment f on QueryRoot { __typename }", "Tài liệu không có thao tác nào"),
        ("{ a " * 26 + "}" * 26, "Tính cả các fragment, thao tác có hơn 25 cấp trường"),
    ],
)
def test_a_document_that_is_refused_is_told_why_in_the_language(shared, document, message):
    answer = shared.ask(document, headers={"Accept-Language": "vi"})
    assert answer.body["errors"][0]["message"] == message
    assert answer.headers["Content-Language"] == "vi"


def test_an_answer_without_messages_has_no_language(shared):
    assert "Content-Language" not in shared.ask("{ __typename }", headers={"Accept-Language": "vi"}).headers
    assert "Content-Language" not in shared.ask(BAD_ARN).headers


def test_a_missing_token_is_told_in_english_to_everyone(shared):
    answer = shared.ask("{ jobs { nodes { id } } }", token="wrong", headers={"Accept-Language": "vi"})
    assert "Unauthorized" in answer.body["errors"][0]["message"]

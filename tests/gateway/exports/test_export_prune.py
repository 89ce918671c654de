import pytest
from export_schema import SDL, SDL_WITH_PROPOSALS, SDL_WITH_SUBSCRIPTIONS, SDL_WITHOUT_JOBS
from graphql import OverlappingFieldsCanBeMergedRule, build_schema, parse, print_ast, specified_rules, validate

from gateway.exports import documents
from gateway.exports.kinds import KINDS, MESSAGES, plan_for
from gateway.exports.prune import fit, without

# The Partner API merges `Shop` with `Shop!`, and so do we ask it to.
RULES = [rule for rule in specified_rules if rule is not OverlappingFieldsCanBeMergedRule]

OF_EVERY_SERVER = {"jobs", "conversations", "messages", "transactions", "apps", "app_events"}


@pytest.mark.parametrize("kind", [*KINDS, MESSAGES], ids=lambda kind: kind.name)
@pytest.mark.parametrize(
    "sdl",
    [SDL, SDL_WITH_PROPOSALS, SDL_WITHOUT_JOBS, SDL_WITH_SUBSCRIPTIONS],
    ids=["real", "ours", "2026-04", "2026-07"],
)
def test_a_fitted_document_is_valid(kind, sdl: str) -> None:
    schema = build_schema(sdl)
    fitted = fit(kind.document, schema)
    if fitted.document:
        assert validate(schema, fitted.document, RULES) == []
    else:
        assert sdl is SDL_WITHOUT_JOBS or kind.name not in OF_EVERY_SERVER


def test_unknown_arguments_variables_and_fragments_go_too() -> None:
    schema = build_schema("type Query { a(x: Int): A } type A { id: ID }")
    fitted = fit("query($x: Int, $y: Int) { a(x: $x, y: $y) { id ...B } } fragment B on B { c }", schema)
    assert print_ast(fitted.document) == print_ast(parse("query($x: Int) { a(x: $x) { id } }"))


def test_what_selects_nothing_any_more_goes_too() -> None:
    schema = build_schema("type Query { a: A, id: ID } type A { id: ID }")
    fitted = fit("{ id a { b { c } } }", schema)
    assert print_ast(fitted.document) == print_ast(parse("{ id }"))
    assert fitted.missing == ("A.b",)


def test_nothing_left_is_no_document() -> None:
    assert fit(documents.JOBS, build_schema("type Query { a: ID }")).document is None


def test_a_field_is_taken_out_of_every_fragment_on_its_path() -> None:
    document = parse(documents.TRANSACTIONS)
    rest = print_ast(without(document, ("transactions", "edges", "node", "app")))
    assert "app {" not in rest
    assert "chargeId" in rest


def test_many_types_without_one_field_are_one_phrase() -> None:
    said = plan_for(build_schema(SDL), "2025-07").left_out
    assert any("processingFee (2 types)" in sentence for sentence in said)

"""Random changes against random documents: what is called safe harms none of them."""

from random import Random

from graphql import GraphQLError, GraphQLSchema, build_schema, print_schema, validate_schema
from hypothesis import given, settings
from hypothesis import strategies as st
from random_schemas import BASE, mutate
from witnesses import compare_answers, documents

from gateway.diff.changes import BREAKING, SAFE, worst
from gateway.diff.compare import compare
from gateway.diff.sdl import read_sdl


def valid(sdl: str) -> GraphQLSchema | None:
    try:
        schema = build_schema(sdl)
        return None if validate_schema(schema) else schema
    except (GraphQLError, TypeError):
        # Validation itself stumbles over an output type where an input is due.
        return None


def changed(seed: int) -> tuple[Random, str, str]:
    """Two valid schemas, of which the first may itself be a changed one."""
    random = Random(seed)
    old = BASE
    for _ in range(random.randint(0, 2)):
        other = mutate(old, random)
        old = other if valid(other) else old
    new = mutate(old, random)
    while not valid(new):
        new = mutate(old, random)
    return random, old, new


@given(st.integers(0, 2**32))
@settings(max_examples=25, deadline=None)
def test_no_document_is_harmed_without_a_verdict(seed: int) -> None:
    random, old, new = changed(seed)
    changes = compare(read_sdl(old), read_sdl(new))
    verdict = worst(changes)
    before, after = build_schema(old), build_schema(new)
    for document in documents(before, random, 12 if verdict < BREAKING else 0):
        found = compare_answers(before, after, document, random)
        # Two fields that part are dangerous, and refused where strict rules hold.
        assert [each for each in found.breaking if verdict == SAFE or "conflict" not in each] == []
        assert verdict > SAFE or found.dangerous == []


@given(st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_the_same_schema_written_otherwise_has_no_changes(seed: int) -> None:
    random, old, _ = changed(seed)
    lines = [line for line in old.splitlines() if line]
    random.shuffle(lines)
    for other in ("\n".join(lines), print_schema(build_schema(old))):
        assert compare(read_sdl(old), read_sdl(other)) == []
        assert compare(read_sdl(other), read_sdl(old)) == []


@given(st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_a_change_is_found_in_both_directions(seed: int) -> None:
    _, old, new = changed(seed)
    there, back = compare(read_sdl(old), read_sdl(new)), compare(read_sdl(new), read_sdl(old))
    assert bool(there) == bool(back)

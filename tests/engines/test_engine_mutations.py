"""Mutations: one after the other, each with all that is selected of it."""

import asyncio

import pytest
from small_schema import Small, gives, rows

from gateway.execution.sources import Batch, Call

SDL = """
    type Query { nothing: String }
    type Mutation { add(by: Int!, fails: Boolean): Counter  must(by: Int!, fails: Boolean, hollow: Boolean): Counter! }
    type Counter { value: Int!  later: Int }
"""


class Ledger:
    """A number that mutations add to, the slower the more they add, and what was done in which order."""

    def __init__(self) -> None:
        self.value = 0
        self.done: list[str] = []

    async def add(self, _parents, call: Call):
        by = call.arguments["by"]
        self.done.append(f"begin {by}")
        await asyncio.sleep(by / 1000)
        if call.arguments.get("fails"):
            raise ValueError(f"{by} failed")
        self.value += by
        self.done.append(f"end {by}")
        return rows("value", (None if call.arguments.get("hollow") else self.value,))

    async def later(self, parents, _call):
        """What it finds when it is asked for: nothing may have happened meanwhile."""
        await asyncio.sleep(0.003)
        self.done.append("read")
        return [self.value] * len(parents)


def ask(document):
    """What both engines answer, and what ours did, which graphql-core must have done as well."""
    ledgers = []
    results = []
    for engine in ("compiled", "graphql-core"):
        ledger = Ledger()
        add, later = Batch(ledger.add), Batch(ledger.later, ("value",))
        small = Small(SDL, {"Mutation.add": add, "Mutation.must": add, "Counter.later": later})
        results.append(asyncio.run(small.execute(document, engine=engine)))
        ledgers.append(ledger.done)
    assert results[0].data == results[1].data
    told = [[(error.message, error.path) for error in result.errors or ()] for result in results]
    assert told[0] == told[1][-len(told[0]) :]
    assert ledgers[0] == ledgers[1]
    return results[0].data, told[0], ledgers[0]


def test_they_are_done_one_after_the_other():
    data, errors, done = ask("mutation { a: add(by: 5) { value } b: add(by: 1) { value } c: add(by: 3) { value } }")
    assert (data, errors) == ({"a": {"value": 5}, "b": {"value": 6}, "c": {"value": 9}}, [])
    assert done == ["begin 5", "end 5", "begin 1", "end 1", "begin 3", "end 3"]


def test_what_is_selected_of_one_is_read_before_the_next_begins():
    data, _, done = ask("mutation { a: add(by: 5) { later } b: add(by: 1) { later value } }")
    assert data == {"a": {"later": 5}, "b": {"later": 6, "value": 6}}
    assert done == ["begin 5", "end 5", "read", "begin 1", "end 1", "read"]


def test_one_that_fails_does_not_keep_the_others_from_being_done():
    data, errors, done = ask("mutation { a: add(by: 2, fails: true) { value } b: add(by: 1) { value } }")
    assert data == {"a": None, "b": {"value": 1}}
    assert errors == [("2 failed", ["a"])]
    assert done == ["begin 2", "begin 1", "end 1"]


@pytest.mark.parametrize("how", ["fails: true", "hollow: true"])
def test_one_that_must_not_be_null_ends_them(how):
    """As graphql-core has it: nothing is left to answer with, and those after it are not begun."""
    data, errors, done = ask(
        f"mutation {{ a: add(by: 1) {{ value }} b: must(by: 2, {how}) {{ value }} c: add(by: 3) {{ value }} }}"
    )
    assert data is None
    assert [path[0] for _, path in errors] == ["b"]
    assert "begin 3" not in done


def test_of_what_failed_before_only_the_last_is_told():
    asked = "mutation { a: add(by: 1, fails: true) { value } b: must(by: 2, fails: true) { value } }"
    assert ask(asked)[:2] == (None, [("2 failed", ["b"])])


def test_a_hollow_one_that_may_be_null_does_not_end_them():
    sources = {"Mutation.add": gives(rows("value", (None,))), "Mutation.must": gives(rows("value", (4,)))}
    answer = Small(SDL, sources).errors("mutation { add(by: 1) { value } must(by: 2) { value } }")
    message = "Cannot return null for non-nullable field Counter.value."
    assert answer == ({"add": None, "must": {"value": 4}}, [(message, ["add", "value"])])


def test_fields_with_one_key_are_one_mutation():
    data, _, done = ask("mutation { add(by: 1) { value } ...F } fragment F on Mutation { add(by: 1) { later } }")
    assert data == {"add": {"value": 1, "later": 1}}
    assert done == ["begin 1", "end 1", "read"]


def test_nothing_is_done_where_nothing_is_selected():
    assert ask("mutation { add(by: 1) @skip(if: true) { value } }") == ({}, [], [])

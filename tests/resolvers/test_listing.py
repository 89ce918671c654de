"""Every connection, page by page, as clients walk them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mirror import EVENTS, JOBS, LISTS, MESSAGES, MirrorList, expected

every_list = pytest.mark.parametrize("listed", LISTS, ids=str)

# A page costs one statement; finding the object that holds a nested list costs another.
STATEMENTS = {"jobs": 1, "conversations": 1, "transactions": 1, "messages": 2, "events": 2}


def codes(listed: MirrorList, answer) -> list[tuple[list[str], str]]:
    """Where it failed is the list itself, wherever that hangs."""
    inside = [] if listed.inside == "%s" else [listed.inside.partition("(")[0]]
    return [(path == [*inside, "page"], code) for path, code in answer.codes]


@every_list
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_every_page_is_the_slice_that_a_list_in_memory_would_give(shared, listed, data):
    rows = listed.rows()
    whole = listed.page(shared, first=250)
    cursors = [edge["cursor"] for edge in whole["edges"]]
    side = data.draw(st.sampled_from(["first", "last", None]))
    size = {} if side is None else {side: data.draw(st.integers(0, len(rows) + 1) | st.just(250))}
    given_rows, given_cursors = {}, {}
    for name in data.draw(st.sets(st.sampled_from(["after", "before"]))):
        place = data.draw(st.integers(0, len(rows) - 1))
        given_rows[name], given_cursors[name] = rows[place], cursors[place]
    page, wanted = listed.page(shared, **size, **given_cursors), expected(listed, **size, **given_rows)
    assert page["nodes"] == wanted.nodes
    assert page["pageInfo"]["hasNextPage"] == wanted.has_next
    assert page["pageInfo"]["hasPreviousPage"] == wanted.has_previous


@every_list
@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_walk_meets_every_row_once_in_either_direction(shared, listed, size):
    whole = [listed.node(row) for row in listed.rows()]
    for size_name, cursor_name, end, more in (
        ("first", "after", "endCursor", "hasNextPage"),
        ("last", "before", "startCursor", "hasPreviousPage"),
    ):
        met, cursor, goes_on = [], None, True
        while goes_on:
            page = listed.page(shared, **{size_name: size, cursor_name: cursor})
            met = met + page["nodes"] if size_name == "first" else page["nodes"] + met
            cursor, goes_on = page["pageInfo"][end], page["pageInfo"][more]
            assert len(met) <= len(whole)
        assert met == whole


@every_list
@pytest.mark.parametrize("arguments", [{}, {"first": 0}, {"first": 1}, {"last": 3}, {"first": 250}])
def test_a_page_costs_the_same_statements_whatever_its_size(shared, listed, arguments):
    assert listed.ask(shared, **arguments).statements == STATEMENTS[listed.name]


@every_list
@pytest.mark.parametrize("cursor", ["", None])
def test_an_empty_cursor_asks_for_the_first_page(shared, listed, cursor):
    assert listed.page(shared, first=2, after=cursor) == listed.page(shared, first=2)
    assert listed.page(shared, last=2, before=cursor) == listed.page(shared, last=2)


@every_list
def test_past_the_last_cursor_there_is_nothing_and_no_error(shared, listed):
    page = listed.page(shared, first=5, after=listed.page(shared, last=1)["pageInfo"]["endCursor"])
    assert (page["edges"], page["pageInfo"]["hasNextPage"]) == ([], False)
    page = listed.page(shared, last=5, before=listed.page(shared, first=1)["pageInfo"]["startCursor"])
    assert (page["edges"], page["pageInfo"]["hasPreviousPage"]) == ([], False)


@every_list
@pytest.mark.parametrize(
    "arguments", [{"first": 251}, {"first": -1}, {"last": 251}, {"last": -1}, {"first": 1, "last": 1}]
)
def test_a_size_that_is_no_page_is_refused(shared, listed, arguments):
    assert codes(listed, listed.ask(shared, **arguments)) == [(True, "INVALID_PAGE_SIZE")]


@every_list
@pytest.mark.parametrize("side", ["after", "before"])
def test_a_damaged_cursor_is_refused(shared, listed, side):
    cursor = listed.page(shared, first=1)["pageInfo"]["endCursor"]
    for damaged in (cursor[:-1], "x" + cursor[1:], cursor + "=", "A" * 32, "x" * 100_000, "é", " "):
        assert codes(listed, listed.ask(shared, **{side: damaged})) == [(True, "INVALID_CURSOR")]


@every_list
def test_a_cursor_of_another_list_is_refused(shared, listed):
    for other in LISTS:
        if other is not listed:
            cursor = other.page(shared, first=1)["pageInfo"]["endCursor"]
            assert codes(listed, listed.ask(shared, after=cursor)) == [(True, "INVALID_CURSOR")]


@pytest.mark.parametrize("arguments", ["first: 2", "last: 2", "first: 0", ""])
def test_each_of_many_conversations_has_its_own_page_for_one_statement(shared, arguments):
    passed = f"({arguments})" if arguments else ""
    page = "nodes { id } edges { cursor } pageInfo { hasNextPage hasPreviousPage }"
    document = f"{{ parents: conversations {{ nodes {{ id messages{passed} {{ {page} }} }} }} }}"
    answer = shared.ask(document)
    assert answer.statements == 2
    one = f"query ($id: ID!) {{ conversation(id: $id) {{ id messages{passed} {{ {page} }} }} }}"
    alone = [shared.ask(one, {"id": parent["id"]}).data["conversation"] for parent in answer.data["parents"]["nodes"]]
    assert answer.data["parents"]["nodes"] == alone
    assert len(alone) == 6


def test_a_conversation_met_many_times_has_the_same_messages_in_each_place(shared):
    answer = shared.ask("{ jobs { nodes { conversation { id messages(first: 1) { nodes { id } } } } } }")
    assert answer.statements == 3
    met = [job["conversation"] for job in answer.data["jobs"]["nodes"] if job["conversation"]]
    newest = {conversation["id"]: conversation["messages"] for conversation in met}
    assert len(met) > len(newest)
    assert all(newest[conversation["id"]] == conversation["messages"] for conversation in met)


def test_each_of_many_apps_has_its_own_events_for_one_statement(shared):
    answer = shared.ask(
        """query ($ids: [ID!]!) {
          nodes(ids: $ids) { ... on App { events(last: 1) { nodes { type } pageInfo { hasPreviousPage } } } }
        }""",
        {"ids": ["gid://partners/App/2", "gid://partners/App/1", "gid://partners/App/2"]},
    )
    assert answer.statements == 2
    oldest = {"events": {"nodes": [{"type": "RELATIONSHIP_INSTALLED"}], "pageInfo": {"hasPreviousPage": True}}}
    assert answer.data["nodes"] == [oldest, oldest, oldest]


def test_one_relation_under_two_aliases_answers_each_with_its_own_arguments(shared):
    answer = shared.ask("""{
      conversation(id: "gid://partners/Conversation/4") {
        newest: messages(first: 1) { nodes { id } }
        again: messages(first: 1) { nodes { id } }
        oldest: messages(last: 1) { nodes { id } }
      }
    }""")
    newest, oldest = {"nodes": [{"id": "gid://partners/Message/26"}]}, {"nodes": [{"id": "gid://partners/Message/21"}]}
    assert answer.data["conversation"] == {"newest": newest, "again": newest, "oldest": oldest}
    # One for the conversation, and one for each different set of arguments.
    assert answer.statements == 3


def test_the_lists_of_the_fixtures_have_ties_to_walk_over():
    for listed in (JOBS, MESSAGES, EVENTS):
        moments = [row[listed.moment] for row in listed.rows()]
        assert len(set(moments)) < len(moments)

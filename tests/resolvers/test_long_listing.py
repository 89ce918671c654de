"""Lists longer than a page, and lists that change while somebody walks them."""

from datetime import UTC, datetime, timedelta

import pytest
from harness import Gateway
from mirror import rows_of
from sqlalchemy import delete, insert

from gateway.models.conversation import messages
from gateway.models.transaction import transactions

NEWER = datetime(2026, 9, 1, tzinfo=UTC)
MANY = 300


def written_to(gateway: Gateway, *statements) -> None:
    def run(connection):
        for statement in statements:
            connection.execute(statement)

    gateway.runner.run(gateway.database.run_sync(run))


def tied(row_id: int) -> datetime:
    """Seven rows share each moment."""
    return NEWER + timedelta(microseconds=row_id // 7)


def new_transactions(ids) -> list[dict]:
    row = rows_of("transactions", id=34)[0]
    return [row | {"id": row_id, "created_at": tied(row_id)} for row_id in ids]


@pytest.fixture
def long(fresh) -> Gateway:
    row = rows_of("messages", id=1)[0] | {"conversation_id": 5}
    many = [row | {"id": row_id, "sent_at": tied(row_id)} for row_id in range(1000, 1000 + MANY)]
    rows = new_transactions(range(1000, 1000 + MANY))
    written_to(fresh, insert(transactions).values(rows), insert(messages).values(many))
    return fresh


TRANSACTIONS = """query ($first: Int, $last: Int, $after: String, $before: String) {
  page: transactions(first: $first, last: $last, after: $after, before: $before) {
    nodes { id } pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
  }
}"""
MESSAGES = """query ($first: Int, $last: Int, $after: String, $before: String) {
  conversation(id: "gid://partners/Conversation/5") {
    page: messages(first: $first, last: $last, after: $after, before: $before) {
      nodes { id } pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
    }
  }
}"""


def asked(gateway: Gateway, document: str, **arguments):
    """The row ids of the page, and its page info."""
    data = gateway.ask(document, arguments).data
    page = data.get("page") or data["conversation"]["page"]
    return [int(node["id"].rpartition("/")[2]) for node in page["nodes"]], page["pageInfo"]


@pytest.mark.parametrize("document", [TRANSACTIONS, MESSAGES], ids=["root", "nested"])
def test_a_page_has_50_rows_unless_another_size_is_asked_for_and_250_at_most(long, document):
    newest = list(range(999 + MANY, 999, -1))
    assert asked(long, document)[0] == newest[:50]
    ids, info = asked(long, document, first=250)
    assert ids == newest[:250]
    assert info["hasNextPage"]
    ids, info = asked(long, document, first=50, after=info["endCursor"])
    assert ids == newest[250:]


@pytest.mark.parametrize("size", [1, 6, 7, 100])
def test_rows_of_one_moment_are_each_met_once(long, size):
    for size_name, cursor_name, end, more in (
        ("first", "after", "endCursor", "hasNextPage"),
        ("last", "before", "startCursor", "hasPreviousPage"),
    ):
        met, info = [], {end: None, more: True}
        while info[more] and len(met) < 60 * size:
            ids, info = asked(long, MESSAGES, **{size_name: size, cursor_name: info[end]})
            met += ids if size_name == "first" else reversed(ids)
        whole = list(range(999 + MANY, 999, -1))
        assert met == (whole if size_name == "first" else whole[::-1])[: len(met)]
        assert len(met) == min(MANY, 60 * size)


def test_a_cursor_stays_good_while_rows_come_and_go(long):
    ids, info = asked(long, TRANSACTIONS, first=10)
    assert ids == list(range(1299, 1289, -1))
    # The cursor's own row goes and the next too; a row comes at the top, and one into the moment of the cursor's own.
    newest, tie = new_transactions([5000, 999])
    written_to(
        long,
        delete(transactions).where(transactions.c.id.in_([1290, 1289])),
        insert(transactions).values([newest, tie | {"created_at": tied(1290)}]),
    )
    following, page_info = asked(long, TRANSACTIONS, first=4, after=info["endCursor"])
    assert following == [1288, 999, 1287, 1286]
    assert page_info["hasPreviousPage"]
    preceding, page_info = asked(long, TRANSACTIONS, last=10, before=info["endCursor"])
    assert preceding == [5000, *range(1299, 1290, -1)]
    assert not page_info["hasPreviousPage"]

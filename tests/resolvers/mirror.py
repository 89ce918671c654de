"""The lists of the mirror: how a client asks for each, and what it answers, told in plain Python from the fixtures."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from harness import Answer, Gateway

from fixtures.load import base_rows
from resolvers.event import EVENT_TYPENAMES
from resolvers.node import TRANSACTION_TYPENAMES

Row = dict[str, Any]
PAGING = {"after": "String", "before": "String", "first": "Int", "last": "Int"}


@cache
def all_rows() -> dict[str, list[Row]]:
    return {table.name: rows for table, rows in base_rows()}


def rows_of(table: str, **wanted: Any) -> list[Row]:
    return [row for row in all_rows()[table] if all(row[name] == value for name, value in wanted.items())]


def written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclass(frozen=True, eq=False)
class MirrorList:
    """`inside` is the field that holds the list, where it is not at the root; `told` is what tells its rows apart."""

    name: str
    table: str
    moment: str
    filters: Mapping[str, str] = field(default_factory=dict)
    inside: str = "%s"
    of: Mapping[str, int] = field(default_factory=lambda: {"organization_id": 1})
    told: str = "__typename id"

    @property
    def document(self) -> str:
        arguments = PAGING | self.filters
        declared = ", ".join(f"${name}: {kind}" for name, kind in arguments.items())
        passed = ", ".join(f"{name}: ${name}" for name in arguments)
        info = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
        rows = f"edges {{ cursor node {{ {self.told} }} }} nodes {{ {self.told} }}"
        page = f"page: {self.name}({passed}) {{ {rows} {info} }}"
        return f"query ({declared}) {{ {self.inside % page} }}"

    def rows(self) -> list[Row]:
        """Newest first."""
        return sorted(rows_of(self.table, **self.of), key=self.position, reverse=True)

    def position(self, row: Row) -> tuple[datetime, int]:
        return row[self.moment], row["id"]

    def node(self, row: Row) -> dict[str, Any]:
        """The row as `told` has it."""
        if self.table == "app_events":
            return {"__typename": EVENT_TYPENAMES[row["type"]], "occurredAt": written(row["occurred_at"])}
        named = {"jobs": "Job", "conversations": "Conversation", "messages": "Message"}
        typename = named.get(self.table) or TRANSACTION_TYPENAMES[row["type"]]
        return {"__typename": typename, "id": f"gid://partners/{typename}/{row['id']}"}

    def __str__(self) -> str:
        return self.name

    def ask(self, gateway: Gateway, **arguments: Any) -> Answer:
        return gateway.ask(self.document, arguments)

    def page(self, gateway: Gateway, **arguments: Any) -> dict[str, Any]:
        """The connection, whose parts must agree with each other."""
        data = self.ask(gateway, **arguments).data
        page = data["page"] if "page" in data else next(iter(data.values()))["page"]
        cursors = [edge["cursor"] for edge in page["edges"]]
        assert page["nodes"] == [edge["node"] for edge in page["edges"]]
        assert page["pageInfo"]["startCursor"] == (cursors[0] if cursors else None)
        assert page["pageInfo"]["endCursor"] == (cursors[-1] if cursors else None)
        return page

    def nodes(self, gateway: Gateway, **arguments: Any) -> list[Any]:
        return self.page(gateway, **arguments)["nodes"]


@dataclass
class Expected:
    nodes: list[Any]
    has_next: bool
    has_previous: bool


def expected(
    listed: MirrorList,
    *,
    first: int | None = None,
    last: int | None = None,
    after: Row | None = None,
    before: Row | None = None,
) -> Expected:
    """A slice of all rows; the cursors are rows here."""
    rows = listed.rows()
    # Bisecting needs rising keys, and the list falls.
    keys = [(-position[0].timestamp(), -position[1]) for position in map(listed.position, rows)]
    start, end = 0, len(rows)
    if after is not None:
        start = bisect_right(keys, keys[rows.index(after)])
    if before is not None:
        end = bisect_left(keys, keys[rows.index(before)])
    if last is None:
        end = min(start + (50 if first is None else first), end)
    else:
        start = max(end - last, start)
    return Expected([listed.node(row) for row in rows[start:end]], end < len(rows), start > 0)


DATES = {f"{name}{side}": "DateTime" for name in ("createdAt", "lastEventAt") for side in ("Min", "Max")}

JOBS = MirrorList("jobs", "jobs", "created_at", {"statuses": "[JobStatus!]", "shopId": "ID"} | DATES)
CONVERSATIONS = MirrorList(
    "conversations",
    "conversations",
    "created_at",
    {"unreadOnly": "Boolean", "statuses": "[ConversationStatus!]"} | DATES,
)
TRANSACTIONS = MirrorList(
    "transactions",
    "transactions",
    "created_at",
    {
        "shopId": "ID",
        "myshopifyDomain": "String",
        "appId": "ID",
        "createdAtMin": "DateTime",
        "createdAtMax": "DateTime",
        "types": "[TransactionType!]",
    },
)
MESSAGES = MirrorList(
    "messages",
    "messages",
    "sent_at",
    {"sentAtMin": "DateTime", "sentAtMax": "DateTime"},
    inside='conversation(id: "gid://partners/Conversation/1") { %s }',
    of={"organization_id": 1, "conversation_id": 1},
)
EVENTS = MirrorList(
    "events",
    "app_events",
    "occurred_at",
    {
        "types": "[AppEventTypes!]",
        "shopId": "ID",
        "chargeId": "ID",
        "occurredAtMin": "DateTime",
        "occurredAtMax": "DateTime",
    },
    inside='app(id: "gid://partners/App/1") { %s }',
    of={"organization_id": 1, "app_id": 1},
    told="__typename occurredAt",
)
LISTS = (JOBS, CONVERSATIONS, TRANSACTIONS, MESSAGES, EVENTS)

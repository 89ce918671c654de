"""Records read page by page, the messages of a conversation together. Memory holds one page, or one conversation."""

from bisect import bisect_right
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from gateway.exports.client import Api
from gateway.exports.errors import ExportError, FieldForbiddenError, KindForbiddenError, PageTooLargeError
from gateway.exports.kinds import KINDS, MESSAGES, Kind, Plan
from gateway.exports.prune import without
from gateway.exports.subscriptions import SubscriptionReader

SMALLEST_PAGE = 10
# Most conversations end within these, and 250 of them still make an answer of a few megabytes.
MESSAGES_AT_FIRST = 50

JOBS, CONVERSATIONS, TRANSACTIONS, APPS, APP_EVENTS, EVENTS, SUBSCRIPTIONS, *_ = KINDS
# Their records name an app with a shop.
PAIRED = (TRANSACTIONS, APP_EVENTS, EVENTS)
# A server tells a year of events at once. It has none from before there were apps.
RANGE = timedelta(days=365)
FIRST_EVENTS = datetime(2010, 1, 1, tzinfo=UTC)
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """Whole records in the server's order; a run that stopped goes on `after` this batch's `cursor`."""

    records: list[Record]
    cursor: str
    apps: frozenset[str] = frozenset()


class Reader:
    """`leave_out(sentence, complete)` is told of what the token may not read, and of apps that do not exist."""

    def __init__(self, api: Api, plan: Plan, leave_out: Callable[[str, bool], None]) -> None:
        self.api = api
        self.plan = plan
        self.leave_out = leave_out
        self._subscriptions = SubscriptionReader(api, plan, leave_out)
        self._sizes = {kind.name: api.options.page_size for kind in (*KINDS, MESSAGES)}

    def batches(self, kind: Kind, after: str | None, names: Sequence[str]) -> AsyncGenerator[Batch, None]:
        """`names`, sorted, are of what is asked one by one: apps, or for subscriptions pairs of an app and a shop."""
        if kind is APPS:
            return self._apps(after, names)
        if kind is APP_EVENTS:
            return self._app_events(after, names)
        if kind is SUBSCRIPTIONS:
            return self._pairs(after, names)
        if kind is EVENTS:
            return self._events(after)
        return self._conversations(after) if kind is CONVERSATIONS else self._plain(kind, after)

    async def _plain(self, kind: Kind, after: str | None) -> AsyncGenerator[Batch, None]:
        async with aclosing(self._pages(kind, after)) as pages:
            async for edges in pages:
                records = [edge["node"] for edge in edges]
                yield Batch(records, edges[-1]["cursor"], _apps_of(records) if kind is TRANSACTIONS else frozenset())

    async def _conversations(self, after: str | None) -> AsyncGenerator[Batch, None]:
        """Long conversations are batches of their own: all of a page at once might not fit into memory."""
        async with aclosing(self._pages(CONVERSATIONS, after)) as pages:
            async for edges in pages:
                short: list[Record] = []
                last = ""
                for edge in edges:
                    record = edge["node"]
                    if go_on_from := _inline_messages(record):
                        if short:
                            yield Batch(short, last)
                            short = []
                        await self._rest_of_messages(record, go_on_from)
                        yield Batch([record], edge["cursor"])
                    else:
                        short.append(record)
                    last = edge["cursor"]
                if short:
                    yield Batch(short, last)

    async def _apps(self, after: str | None, apps: Iterable[str]) -> AsyncGenerator[Batch, None]:
        for app in apps:
            if after is None or app > after:
                found = (await self.api.ask(self.plan.documents[APPS.name], {"app": app}))["app"]
                if found is None:
                    self.leave_out(f"apps: the server knows no {app}.", app not in self.api.options.apps)
                else:
                    yield Batch([found], app)

    async def _app_events(self, after: str | None, apps: Iterable[str]) -> AsyncGenerator[Batch, None]:
        """The place to go on from is an app and a cursor within its events."""
        app_then, _, cursor_then = (after or "").partition(" ")
        for app in apps:
            if app < app_then:
                continue
            cursor = cursor_then if app == app_then else None
            async with aclosing(self._pages(APP_EVENTS, cursor, app=app)) as pages:
                async for edges in pages:
                    yield Batch([edge["node"] for edge in edges], f"{app} {edges[-1]['cursor']}")

    async def _events(self, after: str | None) -> AsyncGenerator[Batch, None]:
        """Year after year, back from now. The place to go on from is the end of a year and a cursor within it."""
        end, _, cursor = (after or "").partition(" ")
        until = datetime.fromisoformat(end) if end else datetime.now(UTC)
        while until > FIRST_EVENTS:
            since = until - RANGE
            year = {"occurredAtMin": since.isoformat(), "occurredAtMax": until.isoformat()}
            async with aclosing(self._pages(EVENTS, cursor or None, filter=year)) as pages:
                async for edges in pages:
                    yield Batch([edge["node"] for edge in edges], f"{until.isoformat()} {edges[-1]['cursor']}")
            until, cursor = since - timedelta(microseconds=1), ""

    async def _pairs(self, after: str | None, pairs: Sequence[str]) -> AsyncGenerator[Batch, None]:
        """Batches may be empty: most shops that ever had an app have no subscription."""
        left = pairs[bisect_right(pairs, after) :] if after else pairs
        async with aclosing(self._subscriptions.read(left)) as found:
            async for records, last in found:
                yield Batch(records, last)

    async def _rest_of_messages(self, record: Record, cursor: str) -> None:
        async with aclosing(self._pages(MESSAGES, cursor, id=record["id"])) as pages:
            async for edges in pages:
                record["messages"] += [edge["node"] for edge in edges]

    async def _pages(self, kind: Kind, after: str | None, **variables: Any) -> AsyncGenerator[list[Any], None]:
        more = True
        while more:
            connection = await self._page(kind, {**variables, "after": after})
            edges = connection["edges"] if connection else []
            if not edges:
                return
            if edges[-1]["cursor"] == after:
                raise ExportError(f"{kind.name}: the server answers with the same page again and again.")
            after, more = edges[-1]["cursor"], connection["pageInfo"]["hasNextPage"]
            yield edges

    async def _page(self, kind: Kind, variables: dict[str, Any]) -> Any:
        """One connection, None where the object that has it is gone. Asks for less until the server is content."""
        while True:
            size = self._sizes[kind.name]
            shrinkable = size > SMALLEST_PAGE
            sizes = {"first": size}
            if kind is CONVERSATIONS:
                sizes["messages"] = min(size, MESSAGES_AT_FIRST)
            try:
                found: Any = await self.api.ask(
                    self.plan.documents[kind.name], {**variables, **sizes}, shrinkable=shrinkable
                )
            except PageTooLargeError as error:
                if not shrinkable:
                    raise ExportError(
                        f"{kind.name}: the server refuses even {size} records at once: {error}."
                    ) from None
                self._sizes[kind.name] = max(SMALLEST_PAGE, size // 2)
            except FieldForbiddenError as error:
                self._do_without(kind, error)
            else:
                for name in kind.path:
                    found = found and found[name]
                return found

    def _do_without(self, kind: Kind, error: FieldForbiddenError) -> None:
        document = self.plan.documents[kind.name]
        rest = without(document, error.path)
        if len(error.path) < len(kind.path) + 3 or rest is None or rest is document:
            raise KindForbiddenError(str(error))
        self.plan.documents[kind.name] = rest
        self.leave_out(f"{kind.name}: without {error.path[-1]} ({str(error).rstrip('.')}).", False)


def _inline_messages(record: Record) -> str:
    """Puts the list in place of the connection. Returns the cursor to go on from, empty where all are here."""
    connection = record.get("messages")
    if connection is None:
        return ""
    edges = connection["edges"]
    record["messages"] = [edge["node"] for edge in edges]
    return edges[-1]["cursor"] if edges and connection["pageInfo"]["hasNextPage"] else ""


def _apps_of(records: list[Record]) -> frozenset[str]:
    return frozenset(record["app"]["id"] for record in records if record.get("app"))

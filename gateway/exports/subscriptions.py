"""What shops subscribe to. The API lists none of it: it is asked for each app and shop that records name together.

One request asks for several, each under an alias of its own.
"""

from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson
from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    NamedTypeNode,
    NameNode,
    NonNullTypeNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableDefinitionNode,
    VariableNode,
)

from gateway.exports.client import Api
from gateway.exports.errors import FieldForbiddenError, KindForbiddenError, NotThereError, PageTooLargeError
from gateway.exports.kinds import SUBSCRIPTIONS, Plan
from gateway.exports.prune import without

# 25 subscriptions with all of their fields are a quarter of what this gateway takes in one document.
PAIRS_AT_ONCE = 25
Record = dict[str, Any]


def pair_of(record: Record) -> str | None:
    """`gid://shopify/App/1 gid://shopify/Shop/2` of a transaction or an event, None where it does not name both."""
    app, shop = record.get("app") or record.get("subject"), record.get("shop")
    ids = [_plain(one["id"]) for one in (app, shop) if one and "id" in one]
    if len(ids) == 2 and ids[0].startswith("App/") and ids[1].startswith("Shop/"):
        return " ".join(f"gid://shopify/{each}" for each in ids)
    return None


def pairs_in(paths: Iterable[Path]) -> list[str]:
    """Of all records in those of the files that are there, sorted. Memory holds the pairs."""
    return sorted({pair for path in paths if path.exists() for pair in _pairs_of_file(path)})


def _pairs_of_file(path: Path) -> Iterator[str]:
    with path.open("rb") as lines:
        for line in lines:
            if pair := pair_of(orjson.loads(line)):
                yield pair


def _plain(gid: str) -> str:
    return "/".join(gid.split("/")[-2:])


class SubscriptionReader:
    """`leave_out(sentence, complete)` is told of apps that the server no longer has."""

    def __init__(self, api: Api, plan: Plan, leave_out: Callable[[str, bool], None]) -> None:
        self.api = api
        self.plan = plan
        self.leave_out = leave_out
        self._size = min(PAIRS_AT_ONCE, api.options.page_size)
        self._gone: set[str] = set()

    async def read(self, pairs: Sequence[str]) -> AsyncGenerator[tuple[list[Record], str], None]:
        """What was found of some pairs, which may be nothing, and the last of them."""
        for start in range(0, len(pairs), PAIRS_AT_ONCE):
            some = pairs[start : start + PAIRS_AT_ONCE]
            yield await self._all(some), some[-1]

    async def _all(self, pairs: Sequence[str]) -> list[Record]:
        """Asks for less at once until the server is content, and without the apps that it does not have."""
        found: list[Record] = []
        left = list(pairs)
        while left := [pair for pair in left if pair.partition(" ")[0] not in self._gone]:
            asked = left[: self._size]
            try:
                data = await self._ask(asked)
            except PageTooLargeError:
                self._size = max(1, len(asked) // 2)
            except NotThereError as error:
                self._do_without_app(asked, error)
            except FieldForbiddenError as error:
                self._do_without_field(error)
            else:
                found += [record for record in data.values() if record]
                left = left[len(asked) :]
        return found

    async def _ask(self, pairs: Sequence[str]) -> dict[str, Any]:
        document = for_pairs(self.plan.documents[SUBSCRIPTIONS.name], len(pairs))
        variables = {}
        for number, pair in enumerate(pairs):
            variables[f"app{number}"], _, variables[f"shop{number}"] = pair.partition(" ")
        return await self.api.ask(document, variables, shrinkable=self._size > 1)

    def _do_without_app(self, pairs: Sequence[str], error: NotThereError) -> None:
        app = pairs[int(error.path[0].removeprefix("pair"))].partition(" ")[0]
        self._gone.add(app)
        self.leave_out(f"subscriptions: the server has no {app} any more.", True)

    def _do_without_field(self, error: FieldForbiddenError) -> None:
        document = self.plan.documents[SUBSCRIPTIONS.name]
        rest = without(document, (*SUBSCRIPTIONS.path, *error.path[1:]))
        if rest is None or rest is document:
            raise KindForbiddenError(str(error))
        self.plan.documents[SUBSCRIPTIONS.name] = rest
        self.leave_out(f"subscriptions: without {error.path[-1]} ({str(error).rstrip('.')}).", False)


def for_pairs(document: DocumentNode, count: int) -> DocumentNode:
    """The document for one pair, made into one for several: `pair0` asks with `$app0` and `$shop0`, and so on."""
    operation, *fragments = document.definitions
    assert isinstance(operation, OperationDefinitionNode)  # noqa: S101 - it stands first in documents.py
    (field,) = operation.selection_set.selections
    assert isinstance(field, FieldNode)  # noqa: S101 - so it is written there
    numbers = range(count)
    made = OperationDefinitionNode(
        operation=operation.operation,
        name=operation.name,
        directives=(),
        variable_definitions=tuple(_variable(f"{name}{number}") for number in numbers for name in ("app", "shop")),
        selection_set=SelectionSetNode(selections=tuple(_for_pair(field, number) for number in numbers)),
    )
    return DocumentNode(definitions=(made, *fragments))


def _for_pair(field: FieldNode, number: int) -> FieldNode:
    arguments = tuple(
        ArgumentNode(name=NameNode(value=f"{name}Id"), value=VariableNode(name=NameNode(value=f"{name}{number}")))
        for name in ("app", "shop")
    )
    alias = NameNode(value=f"pair{number}")
    return FieldNode(
        alias=alias, name=field.name, arguments=arguments, directives=(), selection_set=field.selection_set
    )


def _variable(name: str) -> VariableDefinitionNode:
    kind = NonNullTypeNode(type=NamedTypeNode(name=NameNode(value="ID")))
    return VariableDefinitionNode(variable=VariableNode(name=NameNode(value=name)), type=kind, directives=())

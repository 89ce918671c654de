"""Small schemas with rows in memory, asked of either engine or of both."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agreement import assert_agree
from graphql import ExecutionResult, GraphQLAbstractType, GraphQLObjectType, GraphQLSchema, build_schema, parse
from graphql import is_abstract_type as is_abstract

from gateway.execution.bridge import resolver
from gateway.execution.engine import Engine, Operation
from gateway.execution.rows import Grouped, Layout, Rows
from gateway.execution.sources import GUARD, SOURCE, Batch, Call, Column, Source
from gateway.execution.validation import validate_document


@dataclass
class Carried:
    """What the engines need of a context. `calls` are the coordinates whose batch functions ran, in their order."""

    objects: int = 0
    field_loaders: dict[Any, Any] = field(default_factory=dict)
    calls: list[Any] = field(default_factory=list)
    viewer: str = ""

    def count(self, objects: int) -> None:
        self.objects += objects


class Small:
    """A schema whose leaves are columns of their names; `sources` tell of the others by coordinate."""

    def __init__(self, sdl: str, sources: Mapping[str, Source | None], guards: Mapping[str, Any] | None = None) -> None:
        self.schema: GraphQLSchema = build_schema(sdl)
        for named in self.schema.type_map.values():
            if isinstance(named, GraphQLObjectType) and not named.name.startswith("__"):
                for name, each in named.fields.items():
                    coordinate = f"{named.name}.{name}"
                    self._bind(each, coordinate, sources.get(coordinate, Column(name)), (guards or {}).get(coordinate))
            elif is_abstract(named):
                _resolve_by_typename(named)
        self.engines = {name: Engine(name) for name in ("compiled", "graphql-core")}

    def _bind(self, each: Any, coordinate: str, source: Source | None, guard: Any) -> None:
        if source is None:
            each.resolve = lambda _parent, _info: "from a resolver"
            return
        each.extensions |= {SOURCE: source, GUARD: guard}
        each.resolve = resolver(source, coordinate, guard)

    def operation(self, document: str) -> Operation:
        node = parse(document)
        assert validate_document(self.schema, node) == []
        return Operation(self.schema, node, node.definitions[0])

    async def execute(
        self,
        document: str | Operation,
        variables: Any = None,
        *,
        engine: str = "compiled",
        context: Any = None,
        as_json: bool = False,
    ) -> ExecutionResult:
        operation = self.operation(document) if isinstance(document, str) else document
        coerced = operation.coerce(variables or {})
        assert not isinstance(coerced, list), coerced
        return await self.engines[engine].execute(operation, coerced, context or Carried(), as_json=as_json)

    def ask(self, document: str, variables: Any = None) -> ExecutionResult:
        """What ours answers, also where parts of it are JSON already; graphql-core must answer alike."""

        def run(engine: str, *, as_json: bool = False) -> tuple[ExecutionResult, list[Any]]:
            context = Carried()
            executing = self.execute(document, variables, engine=engine, context=context, as_json=as_json)
            return asyncio.run(executing), context.calls

        (ours, our_calls), (theirs, their_calls), (json, json_calls) = (
            run("compiled"),
            run("graphql-core"),
            run("compiled", as_json=True),
        )
        assert_agree(ours, theirs)
        assert_agree(json, theirs)
        assert our_calls == their_calls == json_calls
        return ours

    def data(self, document: str, variables: Any = None) -> Any:
        result = self.ask(document, variables)
        assert result.errors is None, result.errors
        return result.data

    def errors(self, document: str, variables: Any = None) -> tuple[Any, list[tuple[str, list[Any] | None]]]:
        """The data, and the message and path of each error in the order of their paths."""
        result = self.ask(document, variables)
        told = [(error.message, list(error.path or [])) for error in result.errors or ()]
        return result.data, sorted(told, key=str)


def _resolve_by_typename(named: GraphQLAbstractType) -> None:
    named.resolve_type = lambda value, _info, _type: value.typename


def rows(names: str, *values: Any, typenames: Sequence[str] | None = None) -> Rows:
    """`names` are those of the columns, with spaces between. A value may be None or an exception."""
    return Rows(values, Layout(tuple(names.split())), typenames)


def lists(found: Rows, *lengths: int) -> Grouped:
    return Grouped(found, lengths)


def gives(values: Any, *reads: str) -> Batch:
    """A batch function that always answers the same, or always raises."""

    async def function(_parents: Rows, _call: Call) -> Any:
        if isinstance(values, Exception):
            raise values
        return values

    return Batch(function, reads)


def each(answer: Any, *reads: str) -> Batch:
    """A batch function that answers for one parent at a time: `answer(*columns, **arguments)`."""

    async def function(parents: Rows, call: Call) -> list[Any]:
        found = parents.columns(*reads) if reads else [()] * len(parents)
        return [answer(*row, **call.arguments) for row in found]

    return Batch(function, reads)

"""The schema's sources under graphql-core: batch functions run as the data loaders of a request."""

from collections.abc import Callable, Hashable, Mapping
from typing import Any

from aiodataloader import DataLoader
from graphql import GraphQLFieldResolver, GraphQLResolveInfo

from gateway.execution.arguments import check_text
from gateway.execution.rows import ROOT, Grouped, Page, Record, Rows, count_objects, records
from gateway.execution.sources import (
    Attribute,
    Batch,
    Call,
    Column,
    Computed,
    Embedded,
    Prefixed,
    Same,
    Source,
    Values,
    check_length,
)


def resolver(source: Source, coordinate: str, guard: Callable[[Any], None] | None = None) -> GraphQLFieldResolver:
    """What graphql-core calls for the field. `guard` raises where the caller may not take the action."""
    if isinstance(source, Batch):
        return _guarded(_batch_resolver(source, coordinate), guard)
    return _guarded(_plain_resolver(source), guard)


def _guarded(resolve: GraphQLFieldResolver, guard: Callable[[Any], None] | None) -> GraphQLFieldResolver:
    if guard is None:
        return resolve

    def guarded(parent: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        guard(info.context)
        return resolve(parent, info, **arguments)

    return guarded


def _plain_resolver(source: Source) -> GraphQLFieldResolver:
    if isinstance(source, Column):
        name = source.name
        return lambda parent, _info: parent[name]
    if isinstance(source, Attribute):
        return lambda parent, _info: _with_layout(getattr(parent, source.name))
    if isinstance(source, Same):
        return lambda parent, _info: parent
    if isinstance(source, Computed):
        function, reads = source.function, source.reads
        return lambda parent, _info: function(*[parent[name] for name in reads])
    if isinstance(source, Prefixed):
        return lambda parent, _info: f"{source.prefix}{parent[source.name]}"
    if isinstance(source, Embedded):
        return _embedded_resolver(source)
    raise TypeError(source)


def _embedded_resolver(source: Embedded) -> GraphQLFieldResolver:
    layout = source.layout

    def resolve(parent: Record, _info: GraphQLResolveInfo[Any]) -> Record | None:
        row = source.row(tuple(parent[name] for name in source.columns))
        return None if row is None else Record(row, layout)

    return resolve


def _with_layout(value: Any) -> Any:
    return records(value) if isinstance(value, Rows) else value


def _batch_resolver(source: Batch, coordinate: str) -> GraphQLFieldResolver:
    async def resolve(parent: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        context = info.context
        if not isinstance(parent, Record):
            check_text(arguments)
            parents: Any = [parent] if isinstance(parent, Page) else ROOT
            values = await source.function(parents, Call(context, arguments))
            check_length(values, parents, coordinate)
            return _values(values, context)[0]
        key = (coordinate, _frozen(arguments))
        loader = context.field_loaders.get(key)
        if loader is None:
            check_text(arguments)
            loader = context.field_loaders[key] = _loader(source, coordinate, Call(context, arguments))
        return await loader.load(parent)

    return resolve


def _loader(source: Batch, coordinate: str, call: Call) -> DataLoader[Record, Any]:
    async def load(parents: list[Record]) -> list[Any]:
        rows = Rows([parent.row for parent in parents], parents[0].layout)
        values = await source.function(rows, call)
        check_length(values, rows, coordinate)
        return _values(values, call.context)

    # Parents are rows, so they are not looked up again: every place of a level asks once.
    return DataLoader(load, cache=False)


def _values(values: Values, context: Any) -> list[Any]:
    """One value for each parent, each row with its layout."""
    context.count(count_objects(values))
    if isinstance(values, Rows):
        return records(values)
    if isinstance(values, Grouped):
        flat = iter(records(values.rows))
        return [[next(flat) for _ in range(length)] for length in values.lengths]
    return [_with_layout(value) for value in values]


def _frozen(value: Any) -> Hashable:
    if isinstance(value, Mapping):
        return tuple((name, _frozen(item)) for name, item in value.items())
    if isinstance(value, list):
        return tuple(map(_frozen, value))
    return value  # type: ignore[no-any-return] # scalars and enums are hashable

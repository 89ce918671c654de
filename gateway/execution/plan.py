"""A compiled selection: what is read of a level's parents, what is fetched for them, how their objects are built."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, cast

from graphql import FieldNode, GraphQLField, get_argument_values, print_ast

from gateway.execution.arguments import Arguments, check_text
from gateway.execution.builder import Build, Code
from gateway.execution.completion import Completer
from gateway.execution.failure import Failure, Shape, spreads
from gateway.execution.rows import Layout, Names, Pages, Rows, count_objects
from gateway.execution.run import Run
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
    check_length,
)

Fetches = dict[str, "asyncio.Future[Any]"]

# Layouts come from the columns that plans ask for, so a plan meets one or two; a third may be a fixture's.
MOST_LAYOUTS = 8


class FieldPlan:
    """One response key of an object of type `typename`. `source` is None for `__typename`.

    `sub` is the plan of the objects behind the field, None for leaves and abstract types. `arguments` are None where
    they have to be coerced for each request. `columns` is what a batch function has to fetch; fields that ask for the
    same under two keys have one value of `shared`, and one fetch. `waits` says that something is fetched for the field
    or below it; `alone`, that nothing else is meanwhile.
    """

    __slots__ = (
        "alone",
        "arguments",
        "columns",
        "completer",
        "definition",
        "guard",
        "key",
        "nodes",
        "shape",
        "shared",
        "source",
        "sub",
        "typename",
        "waits",
    )

    def __init__(self, key: str, nodes: Sequence[FieldNode], typename: str) -> None:
        self.key = key
        self.nodes = nodes
        self.typename = typename
        self.source: Source | None = None
        self.definition: GraphQLField | None = None
        self.arguments: Arguments | None = None
        self.guard: Callable[[Any], None] | None = None
        self.completer: Completer
        self.shape: Shape | None = None
        self.sub: ObjectPlan | None = None
        self.columns: Names = ()
        self.shared: str | None = None
        self.waits = False
        self.alone = False

    async def column(self, parents: Any, run: Run, fetches: Fetches) -> list[Any]:
        """The field in all places of the level, completed. `fetches` are those that fields of the level share."""
        try:
            if self.shared is None:
                values = await self._values(parents, run)
            else:
                if self.shared not in fetches:
                    fetches[self.shared] = asyncio.ensure_future(self._values(parents, run))
                values = await fetches[self.shared]
            return await self.completer.complete(values, run)
        except Exception as error:  # noqa: BLE001 - what is raised for a level fails the field in every place of it
            run.failed = True
            return [Failure(error, self.nodes)] * len(parents)

    async def _values(self, parents: Any, run: Run) -> Any:
        source = self.source
        if isinstance(source, Batch):
            return await self._fetched(source, parents, run)
        if isinstance(source, Column):
            return parents.column(source.name)
        if isinstance(source, Attribute):
            if isinstance(parents, Pages):
                return parents.attribute(source.name)
            return [getattr(parent, source.name) for parent in parents]
        if isinstance(source, Same):
            return parents
        if isinstance(source, Embedded):
            return Rows(map(source.row, parents.columns(*source.columns)), source.layout)
        if isinstance(source, Prefixed):
            return [f"{source.prefix}{value}" for value in parents.column(source.name)]
        if isinstance(source, Computed):
            return [_caught(source.function, row) for row in zip(*map(parents.column, source.reads), strict=True)]
        return [self.typename] * len(parents)

    async def _fetched(self, source: Batch, parents: Any, run: Run) -> Any:
        compiled = self.arguments
        arguments = None if compiled is None else compiled.given(run.variables.coerced)
        if arguments is None:
            arguments = get_argument_values(cast("GraphQLField", self.definition), self.nodes[0], run.variables)
        if self.guard is not None:
            self.guard(run.context)
        if compiled is None or not compiled.is_constant:
            check_text(arguments)
        values = await source.function(parents, Call(run.context, arguments, self.columns, self.alone))
        check_length(values, parents, f"{self.typename}.{self.nodes[0].name.value}")
        run.context.count(count_objects(values))
        return values


class ObjectPlan:
    """Builds the objects of one concrete type. `reads` are the columns that it needs of its rows."""

    def __init__(self, typename: str, fields: Sequence[FieldPlan]) -> None:
        self.typename = typename
        self.fields = fields
        self.waits = any(field.waits for field in fields)
        self.reads: Names = tuple(dict.fromkeys(name for field in fields for name in reads_of(field)))
        _share_fetches(fields)
        self._builders: dict[Layout | None, tuple[Build, list[int]]] = {}

    async def build(self, parents: Any, run: Run) -> list[Any]:
        """One dict for each parent. The parents are rows, or the pages of a connection."""
        layout = parents.layout if isinstance(parents, Rows) else None
        build, columns = self._builder(layout)
        completed = await self._columns(columns, parents, run) if columns else ()
        try:
            return build(parents, *completed)
        except Exception:  # noqa: BLE001 - some place failed: each is looked at on its own
            rest = [index for index in range(len(self.fields)) if index not in columns]
            slow = dict(zip(rest, await self._columns(rest, parents, run), strict=True))
            slow |= dict(zip(columns, completed, strict=True))
            keys = [field.key for field in self.fields]
            return [dict(zip(keys, row, strict=True)) for row in zip(*(slow[i] for i in range(len(keys))), strict=True)]

    async def build_serially(self, parents: Any, run: Run) -> list[Any]:
        """As mutations want it: a field is done, with all that is selected of it, before the next one begins.

        Once one failed that must not be null, nothing is left to answer with, and the next ones are not begun.
        """
        data: dict[str, Any] = {}
        for field in self.fields:
            value = data[field.key] = (await field.column(parents, run, {}))[0]
            if run.failed and field.shape is not None and spreads(value, field.shape, field.sub, run.plans()):
                break
        return [data]

    async def _columns(self, indexes: list[int], parents: Any, run: Run) -> list[Any]:
        """All relations of a level at once."""
        fetches: Fetches = {}
        fields = [self.fields[index] for index in indexes]
        if sum(field.waits for field in fields) > 1:
            done: list[Any] = await asyncio.gather(*(field.column(parents, run, fetches) for field in fields))
            return done
        # A task is for those who wait beside others; the rest is computed on the spot.
        return [await field.column(parents, run, fetches) for field in fields]

    def _builder(self, layout: Layout | None) -> tuple[Build, list[int]]:
        known = self._builders.get(layout)
        if known is None:
            code = Code(self.fields, layout)
            known = code.compile(), code.columns
            if len(self._builders) >= MOST_LAYOUTS:
                self._builders.clear()
            self._builders[layout] = known
        return known


def _share_fetches(fields: Sequence[FieldPlan]) -> None:
    """One relation under two aliases with equal arguments is fetched once, with the columns that either needs."""
    same: dict[str, list[FieldPlan]] = {}
    for field in fields:
        if isinstance(field.source, Batch):
            same.setdefault(field.nodes[0].name.value, []).append(field)
    for name, alike in same.items():
        if len(alike) > 1:
            _share_equal(name, alike)


def _share_equal(name: str, fields: Sequence[FieldPlan]) -> None:
    equal: dict[str, list[FieldPlan]] = {}
    for field in fields:
        arguments = sorted(print_ast(argument) for argument in field.nodes[0].arguments or ())
        equal.setdefault(f"{name}({', '.join(arguments)})", []).append(field)
    for key, group in equal.items():
        if len(group) > 1:
            columns = tuple(dict.fromkeys(column for field in group for column in field.columns))
            for field in group:
                field.shared, field.columns = key, columns


def reads_of(field: FieldPlan) -> Names:
    """The columns of the row that the field is made of; what lies behind an edge is read of the same row."""
    source = field.source
    if isinstance(source, (Column, Prefixed)):
        return (source.name,)
    if isinstance(source, (Computed, Batch)):
        return source.reads
    if isinstance(source, Embedded):
        return source.columns
    if isinstance(source, Attribute) and not field.columns:
        # A leaf of a page: to tell whether there is more takes a row more.
        return (source.name,)
    return field.columns


def _caught(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    try:
        return function(*arguments)
    except Exception as error:  # noqa: BLE001 - fails its place alone
        return error

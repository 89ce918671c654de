"""Completing a column: the values that a field has in all places of a level become JSON, or a Failure, in each place.

A completer is `await complete(values, run) -> list`. What failed, and what is null, is set aside before the inner
type sees the column, and put back in its place afterwards.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Any, Protocol

from graphql import FieldNode, GraphQLError

from gateway.execution.failure import Failure
from gateway.execution.rows import Grouped, Layout, Pages, Record, Rows
from gateway.execution.run import Run
from gateway.execution.written import written

Nodes = Sequence[FieldNode]
_NONE = type(None)


class Completer(Protocol):
    async def complete(self, values: Any, run: Run) -> list[Any]: ...


class Builder(Protocol):
    """What builds the objects of one concrete type: an ObjectPlan."""

    async def build(self, parents: Any, run: Run) -> list[Any]: ...


class Leaves:
    def __init__(self, serialize: Callable[[Sequence[Any], Run], list[Any]]) -> None:
        self._serialize = serialize

    async def complete(self, values: Any, run: Run) -> list[Any]:
        return self._serialize(values, run)


class NonNull:
    """A null where none may be is a failure; how far it spreads is settled in the end."""

    def __init__(self, inner: Completer, coordinate: str, nodes: Nodes) -> None:
        self._inner = inner
        self._message = f"Cannot return null for non-nullable field {coordinate}."
        self._nodes = nodes

    async def complete(self, values: Any, run: Run) -> list[Any]:
        done = await self._inner.complete(values, run)
        if None in done:
            run.failed = True
            return [Failure(GraphQLError(self._message), self._nodes) if value is None else value for value in done]
        return done


class Objects:
    def __init__(self, plan: Builder, nodes: Nodes) -> None:
        self._plan = plan
        self._nodes = nodes

    async def complete(self, values: Any, run: Run) -> list[Any]:
        present, places, done = _present(values, self._nodes, run)
        if not present:
            return done
        built = await self._plan.build(_in_one_layout(present), run)
        return built if places is None else _put(done, places, built)


class Abstracts:
    """Objects of an interface or union: each concrete type has a plan, and builds all of its objects at once."""

    def __init__(self, plans: Mapping[str, Builder], name: str, nodes: Nodes) -> None:
        self._plans = plans
        self._name = name
        self._nodes = nodes

    async def complete(self, values: Any, run: Run) -> list[Any]:
        present, places, done = _present(values, self._nodes, run)
        if places is None:
            places, done = range(len(present)), [None] * len(present)
        groups: dict[str | None, list[int]] = {}
        typenames = present.typenames if isinstance(present, Rows) else [value.typename for value in present]
        for index, typename in enumerate(typenames or ()):
            groups.setdefault(typename, []).append(index)
        # The types' own relations often lead to the same tables: all at once, they share statements.
        found = await asyncio.gather(
            *(
                self._built(name, [present[index] for index in indexes], present, run)
                for name, indexes in groups.items()
            )
        )
        for indexes, built in zip(groups.values(), found, strict=True):
            for index, value in zip(indexes, built, strict=True):
                done[places[index]] = value
        return done

    async def _built(self, typename: str | None, values: list[Any], present: Any, run: Run) -> list[Any]:
        plan = self._plans.get(typename or "")
        if plan is None:
            run.failed = True
            error = GraphQLError(f"Runtime Object type '{typename}' is not a possible type for '{self._name}'.")
            return [Failure(error, self._nodes)] * len(values)
        rows = Rows(values, present.layout) if isinstance(present, Rows) else _in_one_layout(values)
        built = await plan.build(rows, run)
        run.concrete.append((plan, built))
        return built


class Lists:
    """All items of all lists are completed as one column. `is_last` says that nothing is fetched for them."""

    def __init__(self, inner: Completer, coordinate: str, nodes: Nodes, *, is_last: bool = False) -> None:
        self._inner = inner
        self._coordinate = coordinate
        self._nodes = nodes
        self._is_last = is_last

    async def complete(self, values: Any, run: Run) -> list[Any]:
        if isinstance(values, Grouped):
            split = _split(await self._inner.complete(values.rows, run), values.lengths)
            # Where something failed the answer is looked through, and must be more than text.
            return list(map(written, split)) if self._is_last and run.as_json and not run.failed else split
        present, places, done = _present(values, self._nodes, run)
        lists = [value if isinstance(value, (list, tuple)) else None for value in present]
        joined = _joined([value or () for value in lists])
        split = _split(await self._inner.complete(joined, run), [len(value or ()) for value in lists])
        if None in lists:
            split = [self._not_a_list(run) if value is None else done for value, done in zip(lists, split, strict=True)]
        return split if places is None else _put(done, places, split)

    def _not_a_list(self, run: Run) -> Failure:
        run.failed = True
        message = f"Expected Iterable, but did not find one for field '{self._coordinate}'."
        return Failure(GraphQLError(message), self._nodes)


def _present(values: Any, nodes: Nodes, run: Run) -> tuple[Any, Sequence[int] | None, list[Any]]:
    """The values that are there, their places (None: all of them), and the column with what is already settled."""
    if isinstance(values, Pages):
        return values, None, []
    for kind in set(map(type, values)):
        if kind is _NONE or kind is Failure or issubclass(kind, Exception):
            break
    else:
        return values, None, []
    present: list[Any] = []
    places: list[int] = []
    done: list[Any] = [None] * len(values)
    for index, value in enumerate(values):
        if isinstance(value, Exception):
            run.failed = True
            done[index] = Failure(value, nodes)
        elif type(value) is Failure:
            done[index] = value
        elif value is not None:
            present.append(value)
            places.append(index)
    if isinstance(values, Rows):
        typenames = None if values.typenames is None else [values.typenames[place] for place in places]
        return Rows(present, values.layout, typenames), places, done
    return present, places, done


def _put(done: list[Any], places: Sequence[int], values: list[Any]) -> list[Any]:
    for place, value in zip(places, values, strict=True):
        done[place] = value
    return done


def _in_one_layout(values: Any) -> Any:
    """Records of one type as rows; rows, and objects that are no rows, stay what they are."""
    if isinstance(values, (Rows, Pages)) or type(values[0]) is not Record:
        return values
    layout: Layout = values[0].layout
    for value in values:
        if value.layout is not layout:
            return Rows([tuple(value[name] for name in layout.names) for value in values], layout)
    return Rows([value.row for value in values], layout)


def _joined(lists: list[Any]) -> Any:
    flat = [item for items in lists for item in items]
    rows = next((items for items in lists if isinstance(items, Rows)), None)
    if rows is None:
        return flat
    if rows.typenames is None:
        return Rows(flat, rows.layout)
    # What is empty may be any list, and has no typenames.
    return Rows(flat, rows.layout, [typename for items in lists if items for typename in items.typenames])


def _split(done: list[Any], lengths: Sequence[int]) -> list[Any]:
    bounds = [0, *accumulate(lengths)]
    return [done[start:end] for start, end in pairwise(bounds)]

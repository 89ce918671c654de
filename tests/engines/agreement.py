"""Whether two engines answered alike."""

from collections.abc import Sequence
from typing import Any

import orjson
from graphql import ExecutionResult, GraphQLError

from gateway.execution.written import JSON_OPTIONS

Path = tuple[str | int, ...]


def assert_agree(ours: ExecutionResult, theirs: ExecutionResult, *, compiled: bool = True) -> None:
    """Equal data, keys in equal order; and each place that an error made null is explained alike by both.

    Of several errors below one place, graphql-core tells whichever it met first, and sometimes more of them; ours tells
    one. So errors are compared by the place that they made null: both have the same places; at each, ours tells of one
    error; and it is one that graphql-core tells as well, unless both tell of errors further below, in different places.
    `compiled` is False for a document that graphql-core had to answer for ours.
    """
    # As it is sent: ours leaves some values to orjson, and some lists are JSON already.
    sent, expected = orjson.dumps(ours.data, option=JSON_OPTIONS), orjson.dumps(theirs.data)
    assert sent == expected, (_first_difference(sent, expected), ours.errors, theirs.errors)
    here, there = (_by_nulled_place(orjson.loads(expected), result.errors or ()) for result in (ours, theirs))
    assert here.keys() == there.keys()
    for place, errors in here.items():
        assert len(errors) == 1 or not compiled
        for told in errors:
            paths = {error["path"] for error in there[place]}
            below = told["path"] not in paths and min(map(len, {told["path"], *paths})) > len(place)
            assert told in there[place] or below, (told, there[place])


def _first_difference(ours: bytes, theirs: bytes) -> tuple[bytes, bytes]:
    """Both from a little before the place where they part."""
    place = next((at for at, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), 0)
    return ours[max(0, place - 200) : place + 200], theirs[max(0, place - 200) : place + 200]


def _by_nulled_place(data: Any, errors: Sequence[GraphQLError]) -> dict[Path, list[dict[str, Any]]]:
    places: dict[Path, list[dict[str, Any]]] = {}
    for error in errors:
        places.setdefault(_nulled_place(data, error.path or ()), []).append(_told(error))
    return places


def _nulled_place(data: Any, path: Sequence[str | int]) -> Path:
    """As far as the answer reaches along the path of an error, it is there; what it reaches last is null."""
    place: list[str | int] = []
    for step in path:
        if data is None:
            break
        data = data[step]
        place.append(step)
    assert data is None, (path, "holds something, and an error is told of it")
    return tuple(place)


def _told(error: GraphQLError) -> dict[str, Any]:
    return {
        "path": tuple(error.path or ()),
        "message": error.message,
        "locations": error.locations,
        "extensions": error.extensions,
    }

"""How a field of the schema names its source, and what all objects share."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, TypeVar

import strawberry

from gateway.execution.sources import SOURCE, Attribute, Batch, Column, Computed, Embedded, Same, Source
from gateway.viewer import ApiPermission

E = TypeVar("E", bound=type[Enum])

PERMISSION = "permission"


class GlobalId:
    """The source of `Node.id`: which type's id it is, the binding knows."""


def field(source: Source | GlobalId, description: str, **options: Any) -> Any:
    """A field of that source: an attribute, or, used as a decorator, a method whose parameters are the arguments.

    `permission` guards it. What is deprecated stands in schema/history/.
    """
    metadata = {SOURCE: source, PERMISSION: options.pop("permission", None)}
    return strawberry.field(description=description, metadata=metadata, **options)


def column(name: str, description: str, **options: Any) -> Any:
    return field(Column(name), description, **options)


def attribute(name: str, description: str, **options: Any) -> Any:
    return field(Attribute(name), description, **options)


def computed(function: Callable[..., Any], *reads: str, description: str, **options: Any) -> Any:
    return field(Computed(function, reads), description, **options)


def relation(batch: Batch, description: str, *, permission: ApiPermission | None = None, **options: Any) -> Any:
    return field(batch, description, permission=permission, **options)


def same(description: str) -> Any:
    return field(Same(), description)


def money(name: str, description: str) -> Any:
    """An amount in cents with the currency of its row."""
    return field(Embedded((name, "currency_code"), ("amount_cents", "currency_code")), description)


def dollars(name: str, description: str) -> Any:
    """An amount in cents of US dollars, which is what the directory's prices are in."""
    return field(Embedded((name,), ("amount_cents",), (("currency_code", "USD"),)), description)


def enum(values: E, description: str, meanings: Mapping[str, str] | None = None) -> E:
    """The enum as clients see it; `meanings` describes those members whose names don't."""
    declared = strawberry.enum(values, description=description)
    for value in declared.__strawberry_definition__.values:  # type: ignore[attr-defined] # strawberry.enum sets it
        value.description = (meanings or {}).get(value.name)
    return declared


def node_id() -> Any:
    return field(GlobalId(), "The object's id, the same in every version.")


@strawberry.interface(description="An object with an id of its own, which `node` finds again.")
class Node:
    id: strawberry.ID = node_id()

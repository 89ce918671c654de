"""Depth and breadth of an operation with its fragments spread out, without ever spreading them out.

Each definition is measured once; a spread adds what its fragment measured. A document of two hundred tokens can so
stand for millions of fields, and is refused as fast as any other. It is read before it is validated: fragments that
are unknown or spread each other add nothing here, since validation refuses them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from gateway.errors import LimitExceeded
from gateway.limits.scan import MAX_NESTING
from gateway.settings import Settings

# Some rules of validation look at each operation with each fragment.
MAX_DEFINITIONS = 250
# The standard introspection query with every option is 15 levels deep.
MAX_INTROSPECTION_DEPTH = 20
# Introspection of the whole schema costs as much as many usual requests, and each alias within it repeats a part.
# `__schema`, `__type` and the aliases below them share this number.
MAX_INTROSPECTIONS = 5
# Numbers stop here: it is more than any limit, and sums of it stay cheap.
_CAP = 10**9

_INTROSPECTION_ROOTS = frozenset({"__schema", "__type"})


class _Spread(NamedTuple):
    """A fragment and where it is spread. The same fragment is measured anew `inside` introspection."""

    name: str
    inside: bool
    level: int
    introspection_level: int
    nesting: int


@dataclass(slots=True)
class _Shape:
    """Three depths (levels of fields, of fields within introspection, of braces), then four counts."""

    depth: int = 0
    introspection_depth: int = 0
    nesting: int = 0
    selections: int = 0
    aliases: int = 0
    root_fields: int = 0
    introspections: int = 0

    def add(self, at: _Spread, spread: "_Shape") -> None:
        self.depth = max(self.depth, at.level + spread.depth)
        self.introspection_depth = max(self.introspection_depth, at.introspection_level + spread.introspection_depth)
        self.nesting = max(self.nesting, at.nesting + spread.nesting)
        self.selections = min(_CAP, self.selections + spread.selections)
        self.aliases = min(_CAP, self.aliases + spread.aliases)
        self.introspections = min(_CAP, self.introspections + spread.introspections)
        if at.level == 0:
            self.root_fields = min(_CAP, self.root_fields + spread.root_fields)


def check_shape(document: DocumentNode, limits: Settings, operation: OperationDefinitionNode) -> None:
    """Raises LimitExceeded: MAX_DEFINITIONS, MAX_DEPTH, MAX_ALIASES, MAX_ROOT_FIELDS, MAX_FIELDS, MAX_INTROSPECTION."""
    if len(document.definitions) > MAX_DEFINITIONS:
        message = "The document has more than {most} definitions"
        raise LimitExceeded(message, {"most": MAX_DEFINITIONS}, code="MAX_DEFINITIONS")
    shape = _measure(document, operation)
    # Spread out, a document may have as many selections as it may have tokens: what it stands for is no larger than
    # what could have been written. This bounds the work of everyone who walks the fields after us.
    for measured, most, code, message in (
        (
            shape.depth,
            limits.max_depth,
            "MAX_DEPTH",
            "With its fragments, the operation has more than {most} levels of fields",
        ),
        (
            shape.nesting,
            MAX_NESTING,
            "MAX_DEPTH",
            "With its fragments, the operation has more than {most} levels of braces",
        ),
        (
            shape.root_fields,
            limits.max_root_fields,
            "MAX_ROOT_FIELDS",
            "With its fragments, the operation has more than {most} root fields",
        ),
        (
            shape.aliases,
            limits.max_aliases,
            "MAX_ALIASES",
            "With its fragments, the operation has more than {most} aliases",
        ),
        (
            shape.introspection_depth,
            MAX_INTROSPECTION_DEPTH,
            "MAX_INTROSPECTION",
            "With its fragments, the operation has more than {most} levels of introspection",
        ),
        (
            shape.introspections,
            MAX_INTROSPECTIONS,
            "MAX_INTROSPECTION",
            "With its fragments, the operation has more than {most} introspections and aliases within them",
        ),
        (
            shape.selections,
            limits.max_tokens,
            "MAX_FIELDS",
            "With its fragments, the operation has more than {most} selections",
        ),
    ):
        if measured > most:
            raise LimitExceeded(message, {"most": most}, code=code)


def _measure(document: DocumentNode, operation: OperationDefinitionNode) -> _Shape:
    """Fragments first, then what spreads them; by hand, since a chain of fragments is longer than Python's stack."""
    sets = {d.name.value: d.selection_set for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    sets[""] = operation.selection_set
    own: dict[tuple[str, bool], tuple[_Shape, list[_Spread]]] = {}
    done: dict[tuple[str, bool], _Shape] = {}
    pending = [("", False)]
    while pending:
        key = pending[-1]
        if key in done:
            pending.pop()
        elif key not in own:
            shape = _Shape()
            spreads = [spread for spread in _walk(sets[key[0]], shape, inside=key[1]) if spread.name in sets]
            own[key] = shape, spreads
            # What is in `own` and not yet done spreads us: that is a cycle, and is left out.
            pending += dict.fromkeys(spread[:2] for spread in spreads if spread[:2] not in own)
        else:
            shape, spreads = own[key]
            _add_all(shape, spreads, done)
            done[key] = shape
    return done["", False]


def _add_all(shape: _Shape, spreads: list[_Spread], done: Mapping[tuple[str, bool], _Shape]) -> None:
    for spread in spreads:
        measured = done.get((spread.name, spread.inside))
        if measured is not None:
            shape.add(spread, measured)


def _walk(root: SelectionSetNode, shape: _Shape, *, inside: bool) -> Iterator[_Spread]:
    """Counts one definition into `shape` and yields its spreads."""
    pending = [(root, 0, 0, 1, inside)]
    while pending:
        selection_set, level, introspection_level, nesting, inside = pending.pop()
        shape.nesting = max(shape.nesting, nesting)
        shape.selections += len(selection_set.selections)
        for node in selection_set.selections:
            if isinstance(node, FragmentSpreadNode):
                yield _Spread(node.name.value, inside, level, introspection_level, nesting)
            elif isinstance(node, FieldNode):
                below = _count_field(node, shape, level, introspection_level, inside=inside)
                if node.selection_set:
                    pending.append((node.selection_set, below[0], below[1], nesting + 1, below[2]))
            elif isinstance(node, InlineFragmentNode):
                pending.append((node.selection_set, level, introspection_level, nesting + 1, inside))


def _count_field(
    node: FieldNode, shape: _Shape, level: int, introspection_level: int, *, inside: bool
) -> tuple[int, int, bool]:
    """Where the field's own selections are: level, level within introspection, and whether they are within it."""
    starts = not inside and node.name.value in _INTROSPECTION_ROOTS
    shape.aliases += node.alias is not None
    shape.root_fields += level == 0 and not inside
    shape.introspections += starts or (inside and node.alias is not None)
    if starts or inside:
        shape.introspection_depth = max(shape.introspection_depth, introspection_level + 1)
        return level, introspection_level + 1, True
    shape.depth = max(shape.depth, level + 1)
    return level + 1, introspection_level, False

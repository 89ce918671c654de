"""A schema as the differ sees it: names, types as they are written, and texts that are read only when they differ.

It is leaner than graphql-core's schema, so that a megabyte of SDL is read, kept and compared in a fraction of a second;
and more lenient, so that a schema with faults can be compared too.
"""

from dataclasses import dataclass, field
from typing import Literal

# An applied directive: its name, and its arguments as literals, such as ("deprecated", (("reason", '"Use b."'),)).
Applied = tuple[str, tuple[tuple[str, str], ...]]
Kind = Literal["scalar", "type", "interface", "union", "enum", "input"]

BUILT_IN_SCALARS = frozenset(("Boolean", "Float", "ID", "Int", "String"))
SPECIFIED_DIRECTIVES = frozenset(("deprecated", "include", "oneOf", "skip", "specifiedBy"))
NO_REASON = '"No longer supported"'


@dataclass(slots=True)
class Named:
    """`description` is a literal with its quotes; `at` is the place in the source, -1 where that has none."""

    name: str
    description: str | None = None
    directives: list[Applied] = field(default_factory=list)
    at: int = -1

    def argument(self, directive: str, name: str) -> str | None:
        """The literal given to the first directive of that name; None where there is neither."""
        return next((dict(given).get(name) for applied, given in self.directives if applied == directive), None)

    def has(self, directive: str) -> bool:
        return any(name == directive for name, _ in self.directives)

    @property
    def deprecation(self) -> str | None:
        """The reason's literal, also where none is given; None for what is not deprecated."""
        return (self.argument("deprecated", "reason") or NO_REASON) if self.has("deprecated") else None


@dataclass(slots=True)
class Input(Named):
    """An argument or an input field. `default` is the literal as it is written."""

    type: str = ""
    default: str | None = None

    @property
    def is_required(self) -> bool:
        return self.type.endswith("!") and self.default is None


@dataclass(slots=True)
class Field(Named):
    type: str = ""
    args: dict[str, Input] = field(default_factory=dict)


@dataclass(slots=True)
class Type(Named):
    """`fields` of objects and interfaces, `inputs` of input objects, `members` of unions."""

    kind: Kind = "scalar"
    fields: dict[str, Field] = field(default_factory=dict)
    inputs: dict[str, Input] = field(default_factory=dict)
    values: dict[str, Named] = field(default_factory=dict)
    members: dict[str, int] = field(default_factory=dict)
    interfaces: dict[str, int] = field(default_factory=dict)

    @property
    def is_composite(self) -> bool:
        return self.kind in {"type", "interface", "union"}


@dataclass(slots=True)
class Directive(Named):
    args: dict[str, Input] = field(default_factory=dict)
    locations: list[str] = field(default_factory=list)
    repeatable: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What the strict builder would refuse, and how it was read here."""

    code: str
    coordinate: str
    message: str
    at: int = -1


@dataclass(slots=True)
class Schema(Named):
    """`roots` by operation. `silent_on` names what the source can't tell, so that silence is not taken for a change."""

    roots: dict[str, str] = field(default_factory=dict)
    types: dict[str, Type] = field(default_factory=dict)
    definitions: dict[str, Directive] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    silent_on: frozenset[str] = frozenset()


def named_type(type_: str) -> str:
    return type_.strip("[]!")

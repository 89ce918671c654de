"""SDL → Schema. What it does not understand is told by graphql-core's parser."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from gateway.diff.cursor import Cursor
from gateway.diff.model import Directive, Field, Finding, Input, Kind, Named, Schema, Type
from gateway.diff.standard import LOCATIONS, OPERATIONS, complete, default_roots
from gateway.diff.tokens import BREAK, Unreadable

T = TypeVar("T", bound=Named)
_KINDS: dict[str, Kind] = {
    "scalar": "scalar",
    "type": "type",
    "interface": "interface",
    "union": "union",
    "enum": "enum",
    "input": "input",
}


def read_sdl(*texts: str) -> Schema:
    """Of one file, or of several together. Raises Unreadable.

    What is defined twice is a finding: the first definition counts, and what others add to it.
    """
    reader = _Reader(texts)
    reader.document()
    complete(reader.schema)
    return reader.schema


class _Reader(Cursor):
    def __init__(self, texts: Sequence[str]) -> None:
        super().__init__(texts)
        self.schema = Schema("")
        self._defined: set[str] = set()
        self._has_schema = False

    def document(self) -> None:
        while self.ahead:
            if not self.take(BREAK):
                self._definition()
        if not (self.schema.types or self.schema.definitions):
            raise Unreadable
        for name, extended in self.schema.types.items():
            if name not in self._defined:
                self._find("EXTENSION_ALONE", name, f"{name} is extended but not defined", extended.at)
        if not self._has_schema:
            default_roots(self.schema)

    def _definition(self) -> None:
        description = self.description()
        is_extension = description is None and self.take("extend")
        keyword = self.advance()
        if keyword in _KINDS:
            self._type(_KINDS[keyword], description, is_extension=is_extension)
        elif keyword == "schema":
            self._schema(description, is_extension=is_extension)
        elif keyword == "directive":
            self.expect("@")
            self._directive(description, is_extension=is_extension)
        else:
            raise Unreadable

    def _find(self, code: str, coordinate: str, message: str, at: int) -> None:
        self.schema.findings.append(Finding(code, coordinate, message, at))

    def _twice(self, coordinate: str, at: int) -> None:
        self._find("DEFINED_TWICE", coordinate, f"{coordinate} is defined twice: the first definition counts", at)

    def _once(self, parent: str, items: Iterable[T]) -> dict[str, T]:
        """By name. `parent` has a place for the name, as `Query.{}` and `Query.jobs({}:)`."""
        found: dict[str, T] = {}
        for item in items:
            if item.name in found:
                self._twice(parent.format(item.name), item.at)
            else:
                found[item.name] = item
        return found

    def _schema(self, description: str | None, *, is_extension: bool) -> None:
        at = self.at
        applied = self.directives()
        if not is_extension and self._has_schema:
            self._twice("schema", at)
        self._has_schema |= not is_extension
        self.schema.description = self.schema.description or description
        self.schema.directives += applied
        if not self.take("{"):
            if is_extension and applied:
                return
            raise Unreadable
        while True:
            operation, at = self.name(), self.at
            self.expect(":")
            if operation not in OPERATIONS:
                raise Unreadable
            name = self.name()
            if self.schema.roots.setdefault(operation, name) != name:
                self._twice(f"schema.{operation}", at)
            if self.take("}"):
                return

    def _directive(self, description: str | None, *, is_extension: bool) -> None:
        at = self.at
        name = self.name()
        if is_extension:
            known = self.schema.definitions.setdefault(name, Directive(name, at=at))
            known.directives += self.directives()
            return
        args = self._once(f"@{name}({{}}:)", self.inputs(")")) if self.take("(") else {}
        applied = self.directives()
        repeatable = self.take("repeatable")
        self.expect("on")
        locations = list(self.names("|"))
        if not LOCATIONS.issuperset(locations):
            raise Unreadable
        if f"@{name}" in self._defined:
            self._twice(f"@{name}", at)
            return
        self._defined.add(f"@{name}")
        extended = self.schema.definitions.get(name)
        applied += extended.directives if extended else []
        self.schema.definitions[name] = Directive(name, description, applied, at, args, locations, repeatable)

    def _type(self, kind: Kind, description: str | None, *, is_extension: bool) -> None:
        at = self.at
        read = Type(self.name(), description, at=at, kind=kind)
        if kind in {"type", "interface"} and self.take("implements"):
            read.interfaces = self.names("&")
        read.directives = self.directives()
        self._body(read)
        if is_extension and not (read.directives or read.interfaces or _has_body(read)):
            raise Unreadable
        known = self.schema.types.setdefault(read.name, read)
        is_second = not is_extension and read.name in self._defined
        if not is_extension:
            self._defined.add(read.name)
        if is_second:
            self._twice(read.name, at)
        if known is not read:
            self._add(known, read, is_second=is_second, is_extension=is_extension)

    def _body(self, read: Type) -> None:
        name, kind = read.name, read.kind
        if kind == "union" and self.take("="):
            read.members = self.names("|")
        elif kind in {"type", "interface"} and self.take("{"):
            read.fields = self._once(f"{name}.{{}}", self._fields(name))
        elif kind == "input" and self.take("{"):
            read.inputs = self._once(f"{name}.{{}}", self.inputs("}"))
        elif kind == "enum" and self.take("{"):
            read.values = self._once(f"{name}.{{}}", self._values())

    def _fields(self, parent: str) -> list[Field]:
        found: list[Field] = []
        while not found or not self.take("}"):
            description = self.description()
            at = self.at
            name = self.name()
            args: dict[str, Input] = {}
            if self.take("("):
                args = self._once(f"{parent}.{name}({{}}:)", self.inputs(")"))
            self.expect(":")
            type_ = self.type()
            applied = self.directives() if self.ahead == "@" else []
            found.append(Field(name, description, applied, at, type_, args))
        return found

    def _values(self) -> list[Named]:
        found: list[Named] = []
        while not found or not self.take("}"):
            description = self.description()
            at = self.at
            if self.ahead in {"true", "false", "null"}:
                raise Unreadable
            name = self.name()
            found.append(Named(name, description, self.directives(), at))
        return found

    def _add(self, known: Type, read: Type, *, is_second: bool, is_extension: bool) -> None:
        """What an extension adds, or a definition to its extensions, or a second definition to the first."""
        if known.kind != read.kind:
            self._find("KIND_CONFLICT", read.name, f"{read.name} is of two kinds: the first counts", read.at)
            return
        if not is_extension and not is_second:
            known.description, known.at = read.description, read.at
        known.directives += [] if is_second else read.directives
        for mine, theirs in (
            (known.fields, read.fields),
            (known.inputs, read.inputs),
            (known.values, read.values),
        ):
            for name, item in theirs.items():
                if name in mine and not is_second:
                    self._twice(f"{read.name}.{name}", item.at)
                mine.setdefault(name, item)  # type: ignore[arg-type] # both are of the same kind of type
        known.members = read.members | known.members
        known.interfaces = read.interfaces | known.interfaces


def _has_body(read: Type) -> bool:
    return bool(read.fields or read.inputs or read.values or read.members)

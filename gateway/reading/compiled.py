"""Statements as texts, which is what drivers take."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy.engine import Dialect
from sqlalchemy.sql import Executable

from gateway.moments import microseconds_of

Parameters = Mapping[str, Any]
# Parameters that are not known before there is a connection.
Late = Callable[[], Parameters]
Rewrite = Callable[[Executable, str], str | None]

# Statements that differ in their columns and filters are a few hundred; each connection keeps them prepared.
PREPARED_STATEMENTS = 1_000


def _as_it_is(_statement: Executable, _text: str) -> None:
    """What SQLAlchemy wrote is what is sent."""


class Compiled:
    """The text of a statement and the order of its parameters. `is_rewritten` says whether it is another text."""

    __slots__ = ("_defaults", "_names", "_processors", "is_rewritten", "text")

    def __init__(self, statement: Executable, dialect: Dialect, rewrite: Rewrite) -> None:
        compiled: Any = statement.compile(dialect=dialect)  # type: ignore[attr-defined] # every Executable has it
        rewritten = rewrite(statement, str(compiled))
        self.text = rewritten or str(compiled)
        self.is_rewritten = rewritten is not None
        self._names: list[str] = list(compiled.positiontup or ())
        self._defaults: Mapping[str, Any] = compiled.params
        self._processors: Mapping[str, Any] = compiled._bind_processors

    def arguments(self, parameters: Parameters | Late) -> list[Any]:
        processors, defaults = self._processors, self._defaults
        if not isinstance(parameters, Mapping):
            parameters = parameters()
        arguments = []
        for name in self._names:
            value = parameters[name] if name in parameters else defaults[name]
            processor = processors.get(name)
            if processor is not None:
                value = processor(value)
            arguments.append(microseconds_of(value) if value.__class__ is datetime else value)
        return arguments


class Texts:
    """Statements are built once and kept by their builders, so they are compiled once as well."""

    def __init__(self, dialect: Dialect, rewrite: Rewrite = _as_it_is) -> None:
        """`rewrite` may make another text of a statement and its text."""
        self._dialect = dialect
        self._rewrite = rewrite
        self._compiled: WeakKeyDictionary[Any, Compiled] = WeakKeyDictionary()

    def get(self, statement: Executable) -> Compiled:
        compiled = self._compiled.get(statement)
        if compiled is None:
            compiled = self._compiled[statement] = Compiled(statement, self._dialect, self._rewrite)
        return compiled

"""Statements as texts, which is what drivers take."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy.engine import Dialect
from sqlalchemy.sql import Executable

from gateway.moments import microseconds_of

Parameters = Mapping[str, Any] | Callable[[], Mapping[str, Any]]

# Statements that differ in their columns and filters are a few hundred; each connection keeps them prepared.
PREPARED_STATEMENTS = 1_000


class Compiled:
    """The text of a statement and the order of its parameters."""

    __slots__ = ("_defaults", "_names", "_processors", "text")

    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)  # type: ignore[attr-defined] # every Executable has it
        self.text = str(compiled)
        self._names: list[str] = list(compiled.positiontup or ())
        self._defaults: Mapping[str, Any] = compiled.params
        self._processors: Mapping[str, Any] = compiled._bind_processors

    def arguments(self, parameters: Parameters) -> list[Any]:
        """Asks for parameters that are not known before."""
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

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._compiled: WeakKeyDictionary[Any, Compiled] = WeakKeyDictionary()

    def get(self, statement: Executable) -> Compiled:
        compiled = self._compiled.get(statement)
        if compiled is None:
            compiled = self._compiled[statement] = Compiled(statement, self._dialect)
        return compiled

"""Generated code: one comprehension that turns the rows of a level into the dicts of the answer.

The database is trusted to hold what its columns say. What needs more (a relation, a list, a column that may be null
where the schema says it is not) arrives as a column that was completed before, and is only put into its place.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from graphql import GraphQLEnumType, GraphQLScalarType, get_nullable_type

from gateway.execution.leaves import wire_of
from gateway.execution.rows import Layout
from gateway.execution.sources import Attribute, Column, Computed, Embedded, Prefixed, Same

if TYPE_CHECKING:
    from gateway.execution.plan import FieldPlan

Build = Callable[..., list[dict[str, Any]]]


class Code:
    """The text of one builder, while it is written. `layout` is None where the parents are objects and not rows."""

    def __init__(self, fields: Sequence["FieldPlan"], layout: Layout | None) -> None:
        self._layout = layout
        self._names: dict[str, Any] = {}
        self._read: set[int] = set()
        # The fields that the builder is handed as columns.
        self.columns: list[int] = []
        columns = {} if layout is None else {name: f"r{place}" for place, name in enumerate(layout.names)}
        parts = []
        for index, field in enumerate(fields):
            text = self._field(field, columns, layout)
            if text is None:
                self.columns.append(index)
                text = f"c{index}"
            parts.append(f"{field.key!r}: {text}")
        self.text = self._function("{" + ", ".join(parts) + "}")

    def compile(self) -> Build:
        scope = dict(self._names)
        exec(compile(self.text, "<builder>", "exec"), scope)  # noqa: S102 - written here, of keys that the parser let in
        build: Build = scope["build"]
        return build

    def _function(self, body: str) -> str:
        given = [f"c{index}" for index in self.columns]
        if self._layout is None:
            row = "p" if "p." in body or not given else ""
        else:
            row = "".join(f"r{place}, " if place in self._read else "_, " for place in range(len(self._layout.names)))
            row = f"({row})" if self._read else "_"
        # Rows that nothing is read of are not looked at, as long as a column tells how many they are.
        names = [name for name in (row if row != "_" or not given else "", *given) if name]
        columns = [*(["rows"] if names[0] == row else []), *(f"all_{name}" for name in given)]
        each = f"{names[0]} in {columns[0]}" if len(names) == 1 else f"{', '.join(names)} in zip({', '.join(columns)})"
        arguments = ", ".join(["rows", *(f"all_{name}" for name in given)])
        return f"def build({arguments}):\n    return [{body} for {each}]\n"

    def _field(self, field: "FieldPlan", columns: dict[str, str], layout: Layout | None) -> str | None:
        """The expression of the field's value, or None where it can't be one."""
        source = field.source
        if source is None:
            return repr(field.typename)
        if isinstance(source, Column) and layout is not None:
            return self._leaf(field, columns[source.name], source.name in layout.nullable)
        if isinstance(source, Attribute) and layout is None:
            return self._leaf(field, f"p.{source.name}", nullable=True)
        if isinstance(source, Prefixed) and layout is not None:
            prefix = repr(source.prefix.replace("{", "{{").replace("}", "}}"))
            return f"f{prefix[:-1]}{{{self._column(columns[source.name])}}}{prefix[-1]}"
        if isinstance(source, Computed) and layout is not None:
            name = self._name(source.function)
            given = ", ".join(self._column(columns[read]) for read in source.reads)
            return self._leaf(field, f"{name}({given})", nullable=True, once=True)
        if isinstance(source, Embedded) and layout is not None:
            return self._embedded(field, source, columns, layout)
        if isinstance(source, Same) and layout is not None and field.sub is not None:
            return self._object(field.sub.fields, columns, layout)
        return None

    def _leaf(self, field: "FieldPlan", value: str, nullable: bool, once: bool = False) -> str | None:
        """A leaf is written in place unless it may be null where it must not be."""
        leaf = get_nullable_type(field.definition.type) if field.definition else None
        if not isinstance(leaf, (GraphQLScalarType, GraphQLEnumType)):
            return None
        wire = wire_of(leaf)
        if wire is None or (nullable and not once and field.shape is not None and field.shape.non_null):
            return None
        self._column(value)
        self._names |= wire.names
        if once and field.shape is not None and field.shape.non_null:
            return f"{self._name(_missing)}() if (v := {value}) is None else {wire.expression.format('v')}"
        if wire.expression == "{0}":
            return value
        if once:
            # The function runs once, and what it gives is looked at twice.
            return f"None if (v := {value}) is None else {wire.expression.format('v')}"
        written = wire.expression.format(value)
        return f"None if {value} is None else {written}" if nullable else written

    def _embedded(self, field: "FieldPlan", source: Embedded, columns: dict[str, str], layout: Layout) -> str | None:
        nullable = source.columns[0] in layout.nullable
        if field.sub is None or (nullable and field.shape is not None and field.shape.non_null):
            return None
        renamed = dict(zip(source.names, (columns[name] for name in source.columns), strict=True))
        renamed |= {name: repr(value) for name, value in source.constants}
        # Where the first column is there, so are the others: they belong together.
        inner = self._object(field.sub.fields, renamed, Layout(source.layout.names, nullable=()))
        if inner is None:
            return None
        first = self._column(columns[source.columns[0]])
        return f"None if {first} is None else {inner}" if nullable else inner

    def _object(self, fields: Sequence["FieldPlan"], columns: dict[str, str], layout: Layout) -> str | None:
        parts = []
        for field in fields:
            text = self._field(field, columns, layout)
            if text is None:
                return None
            parts.append(f"{field.key!r}: {text}")
        return "{" + ", ".join(parts) + "}"

    def _column(self, variable: str) -> str:
        if variable.startswith("r") and variable[1:].isdigit():
            self._read.add(int(variable[1:]))
        return variable

    def _name(self, value: Any) -> str:
        name = f"f{id(value)}"
        self._names[name] = value
        return name


def _missing() -> None:
    raise ValueError("A function gave None where none may be")

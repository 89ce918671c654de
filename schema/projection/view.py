"""What one version shows of the full schema, and what it says of what is deprecated there."""

from collections.abc import Mapping
from typing import Any, TypeVar

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    get_named_type,
    is_required_argument,
    is_required_input_field,
)

from schema.history.change import HistoryError
from schema.history.versions import UNSTABLE
from schema.projection.timeline import ALWAYS, Life, Timeline

Composite = GraphQLObjectType | GraphQLInterfaceType
Typed = TypeVar("Typed", GraphQLField, GraphQLArgument, GraphQLInputField)


class View:
    def __init__(self, timeline: Timeline, version: str) -> None:
        self.version = version
        self._timeline = timeline
        # Asked for again and again: of each type its fields, of each replacement whether it is there.
        self._fields: dict[str, dict[str, GraphQLField]] = {}
        self._has: dict[str, bool] = {}

    def shows(self, named: GraphQLNamedType) -> bool:
        return self._life(named.name).shown(self.version)

    def fields(self, parent: Composite) -> dict[str, GraphQLField]:
        fields = self._fields.get(parent.name)
        if fields is None:
            shown = {name: each for name, each in parent.fields.items() if self._shows_field(parent, name, each)}
            fields = self._fields[parent.name] = shown
        return fields

    def arguments(self, parent: Composite, name: str) -> dict[str, GraphQLArgument]:
        """Raises HistoryError for a required argument that clients of this version could not give."""
        arguments = parent.fields[name].args
        shown = self._typed({f"{parent.name}.{name}({key}:)": argument for key, argument in arguments.items()})
        for coordinate, argument in shown.items():
            if argument is None and is_required_argument(arguments[_last(coordinate)]):
                raise HistoryError(f"{coordinate} is required, and is not in {self.version}")
        return {_last(coordinate): argument for coordinate, argument in shown.items() if argument is not None}

    def input_fields(self, parent: GraphQLInputObjectType) -> dict[str, GraphQLInputField]:
        """Raises HistoryError for a required field that clients of this version could not give."""
        shown = self._typed({f"{parent.name}.{name}": field for name, field in parent.fields.items()})
        for coordinate, field in shown.items():
            if field is None and is_required_input_field(parent.fields[_last(coordinate)]):
                raise HistoryError(f"{coordinate} is required, and is not in {self.version}")
        return {_last(coordinate): field for coordinate, field in shown.items() if field is not None}

    def values(self, parent: GraphQLEnumType) -> dict[str, GraphQLEnumValue]:
        lives = {name: self._life(f"{parent.name}.{name}") for name in parent.values}
        return {name: value for name, value in parent.values.items() if lives[name].shown(self.version)}

    def instead(self, parent: GraphQLEnumType) -> dict[str, str]:
        """What goes out for the values that this version does not have. Raises HistoryError where that is not told."""
        shown = self.values(parent)
        instead: dict[str, str] = {}
        for name in parent.values.keys() - shown.keys():
            life = self._life(f"{parent.name}.{name}")
            told = next((change.instead for change in (life.added, life.removed) if change and change.instead), None)
            if told not in shown:
                message = f"{parent.name}.{name} may be stored, and is not in {self.version}: say what goes out instead"
                raise HistoryError(message)
            instead[name] = told
        return instead

    def field_reason(self, parent: Composite, name: str) -> str | None:
        """Why the field is deprecated. Null where an interface that it implements goes on promising it."""
        reason = self._reason(f"{parent.name}.{name}", parent, parent.fields[name].type)
        for interface in parent.interfaces:
            if name in interface.fields and self.shows(interface) and not self.field_reason(interface, name):
                return None
        return reason

    def argument_reason(self, parent: Composite, name: str, key: str) -> str | None:
        argument = parent.fields[name].args[key]
        if is_required_argument(argument):
            return None
        return self._reason(f"{parent.name}.{name}({key}:)", None, argument.type)

    def input_field_reason(self, parent: GraphQLInputObjectType, name: str) -> str | None:
        field = parent.fields[name]
        return None if is_required_input_field(field) else self._reason(f"{parent.name}.{name}", parent, field.type)

    def value_reason(self, parent: GraphQLEnumType, name: str) -> str | None:
        return self._reason(f"{parent.name}.{name}", parent, None)

    def _life(self, coordinate: str) -> Life:
        return self._timeline.life(coordinate) or ALWAYS

    def _shows_field(self, parent: Composite, name: str, field: GraphQLField) -> bool:
        if not self.shows(get_named_type(field.type)):
            return False
        life = self._timeline.life(f"{parent.name}.{name}")
        if life is not None:
            return life.shown(self.version)
        # A row of an interface's field counts for those who implement it.
        return all(self._life(f"{interface.name}.{name}").shown(self.version) for interface in parent.interfaces)

    def _typed(self, elements: Mapping[str, Typed]) -> dict[str, Typed | None]:
        """None in the places of what is not shown."""
        return {
            coordinate: element
            if self._life(coordinate).shown(self.version) and self.shows(get_named_type(element.type))
            else None
            for coordinate, element in elements.items()
        }

    def _reason(self, coordinate: str, parent: GraphQLNamedType | None, type_: Any) -> str | None:
        """Of the coordinate's own row, else of the type's that it is in, else of the type's that it is of."""
        names = [coordinate, *([parent.name] if parent else ()), *([get_named_type(type_).name] if type_ else ())]
        lives = [life for name in names if (life := self._timeline.life(name)) is not None]
        if not lives:
            return None
        own = next((life for life in lives if life.deprecated), ALWAYS)
        return " ".join([*self._own(own), *self._noticed(self._life(coordinate))]) or None

    def _own(self, life: Life) -> list[str]:
        change = life.deprecated
        if change is None or change.use is None or self.version < change.version or not self.has(change.use):
            return []
        since = "" if change.version == UNSTABLE else f"Since {change.version}. "
        left = f" It leaves with {life.removed.version}." if life.removed else ""
        return [f"{since}{change.sentence}{left}"]

    def _noticed(self, life: Life) -> list[str]:
        notice = life.noticed
        return [] if notice is None or self.version < notice.version else [notice.sentence]

    def has(self, coordinate: str) -> bool:
        """Whether the version has what the full schema has there."""
        if coordinate not in self._has:
            self._has[coordinate] = self._found(coordinate)
        return self._has[coordinate]

    def _found(self, coordinate: str) -> bool:
        resolved: Any = self._timeline.resolved(coordinate)
        if resolved.kind == "NamedType":
            return self.shows(resolved.type)
        if not self.shows(resolved.type):
            return False
        name = coordinate.partition(".")[2].partition("(")[0]
        if resolved.kind == "EnumValue":
            return name in self.values(resolved.type)
        if resolved.kind == "InputField":
            return name in self.input_fields(resolved.type)
        if name not in self.fields(resolved.type):
            return False
        return resolved.kind == "Field" or _last(coordinate) in self.arguments(resolved.type, name)


def _last(coordinate: str) -> str:
    """The name of an argument or field at the end of its coordinate."""
    return coordinate.removesuffix(":)").replace("(", ".").rpartition(".")[2]

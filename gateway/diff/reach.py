"""What requests can name and answers can hold, seen from the roots of one schema."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property

from gateway.diff.model import Input, Schema, Type, named_type
from gateway.diff.standard import EXECUTABLE_LOCATIONS


class Reach:
    """`selectable`: types that a valid document can select or name in a fragment. `answers`: types of fields that can
    be selected in what is really answered. `inputs`: types of arguments and variables of valid documents."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.types = schema.types

    @cached_property
    def _possible(self) -> dict[str, frozenset[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for type_ in self.types.values():
            if type_.kind == "type":
                for name in (type_.name, *type_.interfaces):
                    found[name].add(type_.name)
            elif type_.kind == "union":
                found[type_.name].update(type_.members)
        return {name: frozenset(objects) for name, objects in found.items()}

    def possible(self, name: str) -> frozenset[str]:
        """Names of the objects that a value of the type can be."""
        return self._possible.get(name, frozenset())

    @cached_property
    def parents(self) -> dict[str, list[str]]:
        """The interfaces and unions of each object."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for name, objects in self._possible.items():
            for each in objects:
                if each != name:
                    found[each].append(name)
        return found

    @cached_property
    def selectable(self) -> frozenset[str]:
        """A fragment may stand wherever its type and the selected one share an object, returned there or not."""
        return self._closure(lambda type_: [*self.parents.get(type_.name, ()), *self.possible(type_.name)])

    @cached_property
    def answers(self) -> frozenset[str]:
        return self._closure(lambda type_: self.possible(type_.name))

    def _closure(self, beside: Callable[[Type], Iterable[str]]) -> frozenset[str]:
        found: set[str] = set()
        pending = list(self.schema.roots.values())
        while pending:
            name = pending.pop()
            if name in found or name not in self.types:
                continue
            found.add(name)
            type_ = self.types[name]
            pending += beside(type_)
            pending += [named_type(field.type) for field in type_.fields.values()]
        return frozenset(found)

    @cached_property
    def inputs(self) -> frozenset[str]:
        found: set[str] = set()
        pending = [named_type(each.type) for each in self._arguments()]
        while pending:
            name = pending.pop()
            if name not in found and name in self.types:
                found.add(name)
                pending += [named_type(each.type) for each in self.types[name].inputs.values()]
        return frozenset(found)

    def _arguments(self) -> Iterable[Input]:
        for name in self.selectable:
            for field in self.types[name].fields.values():
                yield from field.args.values()
        for directive in self.schema.definitions.values():
            if self.executable(directive.locations):
                yield from directive.args.values()

    def executable(self, locations: Iterable[str]) -> frozenset[str]:
        """Those where documents can use a directive: none stands on a mutation of a schema without mutations."""
        found = EXECUTABLE_LOCATIONS.intersection(locations)
        return found - {name for name in ("MUTATION", "SUBSCRIPTION") if name.lower() not in self.schema.roots}

    def is_reachable(self, name: str) -> bool:
        return name in self.selectable or name in self.inputs

    @cached_property
    def _group(self) -> dict[str, str]:
        """One name for all types that fragments of one selection set can select beside each other."""
        group: dict[str, str] = {}
        for start in self.types:
            pending = [start] if self.types[start].is_composite and start in self.selectable else []
            while pending:
                name = pending.pop()
                if name not in group:
                    group[name] = start
                    pending += [*self.parents.get(name, ()), *self.possible(name)]
        return group

    @cached_property
    def _beside(self) -> dict[tuple[str, str], list[str]]:
        found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for name, group in self._group.items():
            for field in self.types[name].fields:
                found[group, field].append(name)
        return found

    def beside(self, name: str, field: str) -> list[str]:
        """Types with a field of that name that can be selected in the same selection set, the type itself included."""
        return self._beside.get((self._group.get(name, ""), field), [])

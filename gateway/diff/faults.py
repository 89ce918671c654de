"""Faults of a schema: some can be lived with and are told, others leave nothing to compare."""

from collections.abc import Iterable, Iterator

from gateway.diff.model import Field, Finding, Input, Schema, Type, named_type

_OUTPUT = frozenset(("scalar", "type", "interface", "union", "enum"))
_INPUT = frozenset(("scalar", "enum", "input"))


class Fault(Exception):
    """The schema can't be compared; `at` is the place in its source."""

    def __init__(self, message: str, at: int = -1) -> None:
        super().__init__(message)
        self.at = at


def refuse_faults(schema: Schema) -> None:
    """Raises Fault: names that lead nowhere, or to the wrong kind of type, and a schema without a query root."""
    if "query" not in schema.roots:
        raise Fault("there is no query root: a part of a schema can't be compared alone")
    for operation, name in schema.roots.items():
        _refuse(schema, name, frozenset(("type",)), f"the root of every {operation}", schema.at)
    for directive in schema.definitions.values():
        _inputs(schema, f"@{directive.name}({{}}:)", directive.args.values())
    for type_ in schema.types.values():
        _inputs(schema, f"{type_.name}.{{}}", type_.inputs.values())
        for name, at in type_.interfaces.items():
            _refuse(schema, name, frozenset(("interface",)), f"{type_.name} implements it: it", at)
        for name, at in type_.members.items():
            _refuse(schema, name, frozenset(("type",)), f"a member of {type_.name}", at)
        for field in type_.fields.values():
            _refuse(schema, named_type(field.type), _OUTPUT, f"{type_.name}.{field.name}", field.at)
            if field.args:
                _inputs(schema, f"{type_.name}.{field.name}({{}}:)", field.args.values())


def _inputs(schema: Schema, coordinate: str, inputs: Iterable[Input]) -> None:
    for each in inputs:
        _refuse(schema, named_type(each.type), _INPUT, coordinate.format(each.name), each.at)


def _refuse(schema: Schema, name: str, kinds: frozenset[str], user: str, at: int) -> None:
    found = schema.types.get(name)
    if found is None:
        raise Fault(f"{user} needs the type {name}, which is not defined", at)
    if found.kind not in kinds:
        raise Fault(f"{user} can't be of the type {name}, which is of the kind {found.kind}", at)


def find_faults(schema: Schema) -> list[Finding]:
    """What the specification forbids, and a comparison can do without."""
    found: list[Finding] = []
    for type_ in schema.types.values():
        for name in type_.interfaces:
            interface = schema.types[name]
            found += _implementation(schema, type_, interface)
        if type_.kind != "scalar" and not (type_.fields or type_.inputs or type_.values or type_.members):
            found.append(Finding("EMPTY_TYPE", type_.name, f"{type_.name} holds nothing", type_.at))
    return found


def _implementation(schema: Schema, type_: Type, interface: Type) -> Iterator[Finding]:
    for inherited in interface.interfaces:
        if inherited not in type_.interfaces and inherited != type_.name:
            message = f"{type_.name} has to implement {inherited}, since {interface.name} does"
            yield Finding("INTERFACE_MISSING", type_.name, message, type_.at)
    for name, promised in interface.fields.items():
        coordinate = f"{type_.name}.{name}"
        field = type_.fields.get(name)
        if field is None:
            message = f"{type_.name} lacks the field {name} of {interface.name}"
            yield Finding("INTERFACE_FIELD_MISSING", type_.name, message, type_.at)
            continue
        if not _fits(schema, field.type, promised.type):
            message = f"{coordinate} is {field.type}, which is no {promised.type} as {interface.name} has it"
            yield Finding("INTERFACE_FIELD_TYPE", coordinate, message, field.at)
        if field.deprecation and not promised.deprecation:
            message = f"{coordinate} is deprecated, and {interface.name}.{name} is not"
            yield Finding("DEPRECATED_IMPLEMENTATION", coordinate, message, field.at)
        yield from _arguments(coordinate, field, promised, interface.name)


def _arguments(coordinate: str, field: Field, promised: Field, interface: str) -> Iterator[Finding]:
    for arg in promised.args.values():
        if arg.name not in field.args or field.args[arg.name].type != arg.type:
            message = f"{coordinate} has not the argument {arg.name}: {arg.type} of {interface}"
            yield Finding("INTERFACE_ARG", coordinate, message, field.at)
    for arg in field.args.values():
        if arg.is_required and arg.name not in promised.args:
            message = f"{coordinate}({arg.name}:) is required, and {interface} does not have it"
            yield Finding("INTERFACE_ARG", f"{coordinate}({arg.name}:)", message, arg.at)


def _fits(schema: Schema, type_: str, promised: str) -> bool:
    if promised.endswith("!") and not type_.endswith("!"):
        return False
    type_, promised = type_.removesuffix("!"), promised.removesuffix("!")
    if type_.startswith("[") and promised.startswith("["):
        return _fits(schema, type_[1:-1], promised[1:-1])
    if type_ == promised:
        return True
    known = schema.types.get(type_)
    wider = schema.types.get(promised)
    return bool(known and wider and (promised in known.interfaces or type_ in wider.members))

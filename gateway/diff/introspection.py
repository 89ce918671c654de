"""The answer to an introspection query → Schema."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from gateway.diff.model import Applied, Directive, Field, Input, Kind, Named, Schema, Type
from gateway.diff.standard import OPERATIONS, complete

_KINDS: dict[str, Kind] = {
    "SCALAR": "scalar",
    "OBJECT": "type",
    "INTERFACE": "interface",
    "UNION": "union",
    "ENUM": "enum",
    "INPUT_OBJECT": "input",
}


class NoIntrospection(Exception):
    """The JSON holds something else."""


def read_introspection(answer: Any) -> Schema:
    """Of `{"data": {"__schema": …}}` or `{"__schema": …}`. Raises NoIntrospection.

    What the query did not ask for is named in `silent_on`; applied directives can't be asked for.
    """
    data = answer.get("data", answer) if isinstance(answer, dict) else None
    found = data.get("__schema") if isinstance(data, dict) else None
    if not isinstance(found, dict):
        raise NoIntrospection('there is no "__schema" in it')
    try:
        return _schema(found)
    except (KeyError, TypeError, AttributeError) as error:
        raise NoIntrospection(f"it does not hold what every server answers: {error!r}") from None


def _schema(found: dict[str, Any]) -> Schema:
    types = {each["name"]: _type(each) for each in found["types"] if not each["name"].startswith("__")}
    roots = {operation: (found.get(f"{operation}Type") or {}).get("name") for operation in OPERATIONS}
    schema = Schema(
        "",
        _literal(found.get("description")),
        types=types,
        roots={operation: name for operation, name in roots.items() if name},
        definitions={each["name"]: _directive(each) for each in found.get("directives") or ()},
        silent_on=_silence(found),
    )
    complete(schema)
    return schema


def _silence(found: dict[str, Any]) -> frozenset[str]:
    types, directives = found["types"], found.get("directives") or []
    inputs = [each for type_ in types for each in type_.get("inputFields") or ()]
    inputs += [arg for type_ in types for field in type_.get("fields") or () for arg in field["args"]]
    told = {
        "applied directives": False,
        "descriptions": any("description" in each for each in types),
        "description of the schema": "description" in found,
        "@specifiedBy": any("specifiedByURL" in each or "specifiedByUrl" in each for each in types),
        "@oneOf": any("isOneOf" in each for each in types),
        "repeatable": any("isRepeatable" in each for each in directives),
        "deprecated inputs": not inputs or any("isDeprecated" in each for each in inputs),
    }
    return frozenset(topic for topic, is_told in told.items() if not is_told)


def _type(found: dict[str, Any]) -> Type:
    kind = _KINDS[found["kind"]]
    url = found.get("specifiedByURL") or found.get("specifiedByUrl")
    directives: list[Applied] = [("specifiedBy", (("url", json.dumps(url)),))] if url else []
    directives += [("oneOf", ())] if found.get("isOneOf") else []
    return Type(
        found["name"],
        _literal(found.get("description")),
        directives,
        kind=kind,
        fields=_by_name(_field, found.get("fields")),
        inputs=_by_name(_input, found.get("inputFields")),
        values=_by_name(_value, found.get("enumValues")),
        members={each["name"]: -1 for each in found.get("possibleTypes") or ()} if kind == "union" else {},
        interfaces={each["name"]: -1 for each in found.get("interfaces") or ()},
    )


def _by_name(read: Callable[[dict[str, Any]], Any], found: Iterable[dict[str, Any]] | None) -> dict[str, Any]:
    return {each["name"]: read(each) for each in found or ()}


def _field(found: dict[str, Any]) -> Field:
    type_ = _reference(found["type"])
    args = _by_name(_input, found["args"])
    return Field(found["name"], _literal(found.get("description")), _deprecated(found), type=type_, args=args)


def _input(found: dict[str, Any]) -> Input:
    return Input(
        found["name"],
        _literal(found.get("description")),
        _deprecated(found),
        type=_reference(found["type"]),
        default=found.get("defaultValue"),
    )


def _value(found: dict[str, Any]) -> Named:
    return Named(found["name"], _literal(found.get("description")), _deprecated(found))


def _directive(found: dict[str, Any]) -> Directive:
    return Directive(
        found["name"],
        _literal(found.get("description")),
        _deprecated(found),
        args=_by_name(_input, found["args"]),
        locations=list(found["locations"]),
        repeatable=bool(found.get("isRepeatable")),
    )


def _reference(found: dict[str, Any]) -> str:
    if found["kind"] == "NON_NULL":
        return f"{_reference(found['ofType'])}!"
    if found["kind"] == "LIST":
        return f"[{_reference(found['ofType'])}]"
    return str(found["name"])


def _deprecated(found: dict[str, Any]) -> list[Applied]:
    if not found.get("isDeprecated"):
        return []
    reason = found.get("deprecationReason")
    return [("deprecated", (("reason", json.dumps(reason, ensure_ascii=False)),) if reason is not None else ())]


def _literal(text: str | None) -> str | None:
    """A JSON string is a string of SDL as well."""
    return None if text is None else json.dumps(text, ensure_ascii=False)

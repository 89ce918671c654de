"""What the specification gives to every schema without being written: scalars, directives, names of roots."""

from gateway.diff.model import BUILT_IN_SCALARS, SPECIFIED_DIRECTIVES, Directive, Input, Schema, Type

OPERATIONS = ("query", "mutation", "subscription")
EXECUTABLE_LOCATIONS = frozenset(
    (
        "QUERY",
        "MUTATION",
        "SUBSCRIPTION",
        "FIELD",
        "FRAGMENT_DEFINITION",
        "FRAGMENT_SPREAD",
        "INLINE_FRAGMENT",
        "VARIABLE_DEFINITION",
        "FRAGMENT_VARIABLE_DEFINITION",
    )
)
LOCATIONS = EXECUTABLE_LOCATIONS | {
    "SCHEMA",
    "SCALAR",
    "OBJECT",
    "FIELD_DEFINITION",
    "ARGUMENT_DEFINITION",
    "INTERFACE",
    "UNION",
    "ENUM",
    "ENUM_VALUE",
    "INPUT_OBJECT",
    "INPUT_FIELD_DEFINITION",
    "DIRECTIVE_DEFINITION",
}


def complete(schema: Schema) -> None:
    """Adds what every schema has, where the source does not define it itself."""
    for name in sorted(BUILT_IN_SCALARS):
        schema.types.setdefault(name, Type(name))
    for directive in _specified():
        schema.definitions.setdefault(directive.name, directive)


def default_roots(schema: Schema) -> None:
    """Types with the names of operations are their roots, unless the schema says otherwise."""
    for operation in OPERATIONS:
        found = schema.types.get(operation.capitalize())
        if found and found.kind == "type":
            schema.roots.setdefault(operation, found.name)


def is_standard(directive: Directive) -> bool:
    """Whether it is the specification's, of whatever edition."""
    return directive.name in SPECIFIED_DIRECTIVES


def _specified() -> list[Directive]:
    condition = {"if": Input("if", type="Boolean!")}
    selections = ["FIELD", "FRAGMENT_SPREAD", "INLINE_FRAGMENT"]
    deprecatable = ["FIELD_DEFINITION", "ARGUMENT_DEFINITION", "INPUT_FIELD_DEFINITION", "ENUM_VALUE"]
    reason = {"reason": Input("reason", type="String!", default='"No longer supported"')}
    return [
        Directive("include", args=dict(condition), locations=list(selections)),
        Directive("skip", args=dict(condition), locations=list(selections)),
        Directive("deprecated", args=reason, locations=deprecatable),
        Directive("specifiedBy", args={"url": Input("url", type="String!")}, locations=["SCALAR"]),
        Directive("oneOf", locations=["INPUT_OBJECT"]),
    ]

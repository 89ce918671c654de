"""Whether a document shows a change: refused, answered by another type, called with other arguments."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    execute_sync,
    is_abstract_type,
    is_composite_type,
    is_leaf_type,
    parse,
    type_from_ast,
    validate,
    visit,
)
from random_documents import RandomDocument


@dataclass
class Evidence:
    """What a document shows: `refused`, `answers` outside the promised types, `unknown` values or types, `calls`
    whose arguments mean something else."""

    refused: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    @property
    def breaking(self) -> list[str]:
        return self.refused + self.answers

    @property
    def dangerous(self) -> list[str]:
        return self.unknown + self.calls


def documents(schema: GraphQLSchema, random: Random, count: int) -> Iterator[DocumentNode]:
    """Those of `count` random ones that are valid to the letter of the specification."""
    for _ in range(count):
        document = parse(RandomDocument(schema, random).text)
        if not validate(schema, document):
            yield document


def compare_answers(old: GraphQLSchema, new: GraphQLSchema, document: DocumentNode, random: Random) -> Evidence:
    errors = validate(new, document)
    if errors:
        return Evidence(refused=[each.message for each in errors])
    evidence = Evidence()
    _compare_types(old, new, document, evidence)
    _compare_calls(old, new, document, random, evidence)
    return evidence


def _compare_types(old: GraphQLSchema, new: GraphQLSchema, document: DocumentNode, evidence: Evidence) -> None:
    """By what each selection promised, and what it can hold now."""
    promised = _selected(old, document)
    for key, (_, type_) in _selected(new, document).items():
        _compare_type(old, new, promised[key][1], type_, evidence)


def _selected(schema: GraphQLSchema, document: DocumentNode) -> dict[int, tuple[str, Any]]:
    found: dict[int, tuple[str, Any]] = {}
    info = TypeInfo(schema)

    class Fields(Visitor):
        def enter_field(self, node: Any, *_: Any) -> None:
            found[id(node)] = (node.name.value, info.get_type())

    visit(document, TypeInfoVisitor(info, Fields()))
    return found


def _compare_type(old: GraphQLSchema, new: GraphQLSchema, promised: Any, now: Any, evidence: Evidence) -> None:
    if isinstance(promised, GraphQLNonNull):
        if not isinstance(now, GraphQLNonNull):
            evidence.answers.append(f"null where {promised} was promised")
        promised = promised.of_type
    now = now.of_type if isinstance(now, GraphQLNonNull) else now
    if isinstance(promised, GraphQLList) or isinstance(now, GraphQLList):
        if isinstance(promised, GraphQLList) and isinstance(now, GraphQLList):
            _compare_type(old, new, promised.of_type, now.of_type, evidence)
        else:
            evidence.answers.append(f"{now} where {promised} was promised")
    elif is_composite_type(promised) and is_composite_type(now):
        met = _objects(new, now) - _objects(old, promised)
        if isinstance(promised, GraphQLObjectType) and promised.name not in _objects(new, now):
            evidence.answers.append(f"{now} where {promised} was promised")
        evidence.unknown += [f"{name} where {promised} was known" for name in met]
    elif promised.name != now.name or type(promised) is not type(now):
        evidence.answers.append(f"{now} where {promised} was promised")
    elif isinstance(promised, GraphQLEnumType):
        evidence.unknown += [f"{value} of {promised}" for value in now.values.keys() - promised.values.keys()]
    elif isinstance(promised, GraphQLScalarType):
        _compare_scalar(promised, now, evidence)


def _compare_scalar(promised: GraphQLScalarType, now: GraphQLScalarType, evidence: Evidence) -> None:
    if promised.specified_by_url and now.specified_by_url and promised.specified_by_url != now.specified_by_url:
        evidence.unknown.append(f"{promised} as {now.specified_by_url} says")


def _objects(schema: GraphQLSchema, type_: Any) -> set[str]:
    return {each.name for each in schema.get_possible_types(type_)} if is_abstract_type(type_) else {type_.name}


def _compare_calls(
    old: GraphQLSchema, new: GraphQLSchema, document: DocumentNode, random: Random, evidence: Evidence
) -> None:
    """Executes the document by both schemas, with one seed, and compares what resolvers are given."""
    seed = random.random()
    before, after = _calls(old, document, seed), _calls(new, document, seed)
    for path in before.keys() & after.keys():
        if before[path] != after[path]:
            evidence.calls.append(f"{path}: {before[path]} became {after[path]}")


def _calls(schema: GraphQLSchema, document: DocumentNode, seed: float) -> dict[str, Any]:
    """By path and object, the arguments as a resolver gets them. Answers depend on the path alone."""
    found: dict[str, Any] = {}

    def value(type_: Any, path: str) -> Any:
        if isinstance(type_, GraphQLNonNull):
            return value(type_.of_type, path)
        if isinstance(type_, GraphQLList):
            return [value(type_.of_type, path)]
        if isinstance(type_, GraphQLEnumType):
            return next(iter(type_.values.values())).value
        if is_leaf_type(type_):
            return 1
        names = sorted(_objects(schema, type_))
        return {"__typename": Random(f"{seed}{path}").choice(names)} if names else None

    def resolve(_source: Any, info: Any, **arguments: Any) -> Any:
        path = f"{info.path.as_list()} {info.parent_type}"
        found[path] = _value(arguments)
        return value(info.return_type, path)

    operation = next(each for each in document.definitions if isinstance(each, OperationDefinitionNode))
    variables = {
        each.variable.name.value: _sample(type_from_ast(schema, each.type))
        for each in operation.variable_definitions or ()
        if str(type_from_ast(schema, each.type)).endswith("!")
    }
    execute_sync(
        schema,
        document,
        {},
        variable_values=variables,
        field_resolver=resolve,
        type_resolver=lambda source, *_: source["__typename"],
    )
    return found


def _value(value: Any) -> Any:
    """Equal for what a server can't tell apart: 1 and 1.0, but not 1 and true."""
    if isinstance(value, dict):
        return {name: _value(each) for name, each in value.items()}
    if isinstance(value, list):
        return ["list", *map(_value, value)]
    return (isinstance(value, bool), value)


def _sample(type_: Any) -> Any:
    """A value for a variable that must have one."""
    if isinstance(type_, GraphQLNonNull):
        return _sample(type_.of_type)
    if isinstance(type_, GraphQLList):
        return []
    if isinstance(type_, GraphQLEnumType):
        return next(iter(type_.values))
    if hasattr(type_, "fields"):
        fields = list(type_.fields.items())
        if type_.is_one_of:
            return {fields[0][0]: _sample(fields[0][1].type)}
        return {name: _sample(each.type) for name, each in fields if str(each.type).endswith("!") and not each.default}
    return "1" if getattr(type_, "name", "") in {"ID", "String"} else True if type_.name == "Boolean" else 1

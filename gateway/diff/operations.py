"""Documents of clients against two schemas: which are broken by the changes, and which are concerned."""

from collections.abc import Sequence
from functools import cached_property

from graphql import DocumentNode, GraphQLError, GraphQLSchema, specified_rules, validate

from gateway.diff.building import build
from gateway.diff.changes import SAFE, Change
from gateway.diff.documents import ClientDocument
from gateway.diff.lookup import deprecations
from gateway.diff.model import Schema
from gateway.diff.results import DeprecatedUse, Operation
from gateway.diff.usage import Usage, usage_of
from gateway.execution.validation import validate_document


class Operations:
    """Both schemas are built only when a document asks for it."""

    def __init__(
        self, old: Schema, new: Schema, changes: Sequence[Change], documents: Sequence[ClientDocument], *, strict: bool
    ) -> None:
        self._old, self._new, self._changes = old, new, changes
        self._documents = documents
        self._strict = strict

    def results(self) -> list[Operation]:
        return [self._result(document) for document in self._documents]

    def untouched(self) -> list[Change]:
        """Changes that are not safe and concern no document."""
        return [
            change
            for change in self._changes
            if change.criticality > SAFE and not any(usage.touches(change) for usage in self._usages.values())
        ]

    def deprecated(self) -> list[DeprecatedUse]:
        """What is deprecated in the new schema and stands in a document."""
        users: dict[str, list[str]] = {}
        for file, usage in self._usages.items():
            for coordinate in usage.written:
                users.setdefault(coordinate, []).append(file)
        found = []
        for coordinate, reason in sorted(deprecations(self._new)):
            if coordinate in users:
                found.append(DeprecatedUse(coordinate, reason, sorted(users[coordinate])))
        return found

    @cached_property
    def _before(self) -> GraphQLSchema:
        return build(self._old)

    @cached_property
    def _after(self) -> GraphQLSchema:
        return build(self._new)

    @cached_property
    def _usages(self) -> dict[str, Usage]:
        return {each.file: usage_of(each.node, self._before, self._old) for each in self._documents}

    def _result(self, document: ClientDocument) -> Operation:
        usage = self._usages[document.file]
        touched = [change for change in self._changes if usage.touches(change)]
        if not touched:
            return Operation(document.file, "unaffected")
        before = self._errors(self._before, document.node)
        if before:
            return Operation(document.file, "unaffected", [f"Invalid before the change already: {before[0].message}"])
        errors = self._errors(self._after, document.node)
        if errors:
            return Operation(document.file, "broken", [sentence(error) for error in errors])
        reasons = [f"{change.type}: {change.message}" for change in touched if change.criticality > SAFE]
        return Operation(document.file, "affected" if reasons else "unaffected", reasons)

    def _errors(self, schema: GraphQLSchema, document: DocumentNode) -> list[GraphQLError]:
        if self._strict:
            return validate(schema, document, specified_rules)
        return validate_document(schema, document)


def sentence(error: GraphQLError) -> str:
    if not error.locations:
        return error.message
    return f"{error.locations[0].line}:{error.locations[0].column}: {error.message}"

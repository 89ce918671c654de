"""Documents of clients in the versions of a series."""

from collections.abc import Sequence

from graphql import GraphQLSchema, validate

from gateway.diff.building import build
from gateway.diff.documents import ClientDocument
from gateway.diff.lookup import deprecations
from gateway.diff.operations import sentence
from gateway.diff.results import DeprecatedUse, Operation
from gateway.diff.series.claims import claimed
from gateway.diff.series.versions import Version, named
from gateway.diff.usage import usage_of
from gateway.execution.validation import validate_document


class Promises:
    """Which documents are valid in which versions. The schema of a version is built once."""

    def __init__(self, versions: Sequence[Version], documents: Sequence[ClientDocument], *, strict: bool) -> None:
        self._versions = versions
        self._documents = documents
        self._strict = strict
        self._built = {version.name: build(version.loaded.schema) for version in versions} if documents else {}
        self._known: dict[tuple[str, str], list[str]] = {}

    def claims(self, document: ClientDocument) -> list[str] | None:
        return claimed(document.text, document.file, named(self._versions))

    def of(self, version: str) -> list[ClientDocument]:
        """Those that claim the version, or nothing."""
        return [each for each in self._documents if version in (self.claims(each) or (version,))]

    def results(self) -> list[Operation]:
        """A document is broken in a version that it claims and does not fit; without a claim, if it fits none."""
        return [self._result(document) for document in self._documents]

    def deprecated(self, version: str) -> list[DeprecatedUse]:
        """What is deprecated in that version and stands in documents that are valid there."""
        loaded = next(each.loaded for each in self._versions if each.name == version)
        users: dict[str, list[str]] = {}
        for document in self._documents:
            if not self._errors(document, version):
                for coordinate in usage_of(document.node, self._built[version], loaded.schema).written:
                    users.setdefault(coordinate, []).append(document.file)
        found = sorted(deprecations(loaded.schema))
        return [DeprecatedUse(each, reason, sorted(users[each])) for each, reason in found if each in users]

    def _result(self, document: ClientDocument) -> Operation:
        claims = self.claims(document)
        if claims is not None:
            reasons = [f"{version}: {error}" for version in claims for error in self._errors(document, version)]
        elif all(self._errors(document, version) for version in reversed(named(self._versions))):
            newest = self._versions[-1].name
            reasons = [f"It is valid in no version. {newest}: {error}" for error in self._errors(document, newest)]
        else:
            reasons = []
        return Operation(document.file, "broken" if reasons else "unaffected", reasons)

    def _errors(self, document: ClientDocument, version: str) -> list[str]:
        known = self._known.get((document.file, version))
        if known is None:
            known = self._known[document.file, version] = self._validated(document, self._built[version])
        return known

    def _validated(self, document: ClientDocument, schema: GraphQLSchema) -> list[str]:
        errors = validate(schema, document.node) if self._strict else validate_document(schema, document.node)
        return [sentence(error) for error in errors]

"""Parsed and validated documents, kept by version and text, since clients send the same ones again and again."""

from collections import OrderedDict
from collections.abc import Sequence

from graphql import DocumentNode, GraphQLSchema, GraphQLSyntaxError, OperationDefinitionNode, parse

from gateway.errors import UnusableDocument
from gateway.execution.engine import Operation
from gateway.execution.validation import validate_document
from gateway.http.answers import (
    PARSE_FAILED,
    VALIDATION_FAILED,
    FormattedError,
    RequestErrors,
    formatted,
)
from gateway.http.deprecated import deprecated_in
from gateway.limits import check_shape, scan
from gateway.settings import Settings

# A parsed document takes about 130 bytes for each character: these are some 32 MB.
MAX_CHARACTERS = 250_000
MAX_DOCUMENTS = 1_000


class Document:
    """One text under one version. What was found out about it is kept, errors too: they are asked for again as well."""

    def __init__(self, text: str, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._errors: Sequence[FormattedError] | None = None
        self._operations: dict[str | None, Operation] = {}
        self.node: DocumentNode | None = None
        try:
            self.node = parse(text)
        except GraphQLSyntaxError as error:
            self._errors = [formatted(error, PARSE_FAILED)]
        except RecursionError:
            # Neither a tree nor errors: `_checked` says why.
            return

    def operation(self, name: str | None, settings: Settings) -> Operation:
        """The operation to execute. Raises RequestErrors, UnusableDocument and LimitExceeded."""
        operation = self._operations.get(name)
        if operation is None:
            operation = self._operations[name] = self._checked(name, settings)
        return operation

    def _checked(self, name: str | None, settings: Settings) -> Operation:
        if self.node is None:
            if self._errors is None:
                raise UnusableDocument("The document nests too deeply", code=PARSE_FAILED)
            raise RequestErrors(self._errors)
        operation = _pick(self.node, name)
        check_shape(self.node, settings, operation)
        if self._errors is None:
            self._errors = [formatted(error, VALIDATION_FAILED) for error in validate_document(self._schema, self.node)]
        if self._errors:
            # What is asked for again is told again; the tree of it, which is large, has no more use.
            self.node = None
            raise RequestErrors(self._errors)
        if self._schema.get_root_type(operation.operation) is None:
            kind = operation.operation.value
            raise UnusableDocument("The schema has no {kind}", {"kind": kind}, code="OPERATION_NOT_SUPPORTED")
        checked = Operation(self._schema, self.node, operation)
        checked.deprecated = deprecated_in(self._schema, self.node, operation)
        return checked


class Documents:
    """The most recently used ones, within both bounds."""

    def __init__(self, *, max_documents: int = MAX_DOCUMENTS, max_characters: int = MAX_CHARACTERS) -> None:
        self._max_documents = max_documents
        self._max_characters = max_characters
        self._kept: OrderedDict[tuple[str, str], Document] = OrderedDict()
        self._characters = 0

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, version: str, schema: GraphQLSchema, text: str, settings: Settings) -> Document:
        """Raises LimitExceeded for a text that the parser must not see; such a text is cheap to refuse again."""
        key = (version, text)
        document = self._kept.get(key)
        if document is not None:
            self._kept.move_to_end(key)
            return document
        scan(text, settings)
        document = Document(text, schema)
        # A text larger than the whole would only push out everything else.
        if len(text) <= self._max_characters:
            self._kept[key] = document
            self._characters += len(text)
            self._shrink()
        return document

    def _shrink(self) -> None:
        while len(self._kept) > self._max_documents or self._characters > self._max_characters:
            (_, text), _ = self._kept.popitem(last=False)
            self._characters -= len(text)


def _pick(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    if not operations:
        raise UnusableDocument("The document has no operation", code="OPERATION_MISSING")
    if name is None:
        if len(operations) > 1:
            message = "Give `operationName`: the document has several operations"
            raise UnusableDocument(message, code="OPERATION_NAME_MISSING")
        return operations[0]
    for operation in operations:
        if operation.name and operation.name.value == name:
            return operation
    raise UnusableDocument("The document has no operation with the name in `operationName`", code="OPERATION_UNKNOWN")

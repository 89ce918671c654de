"""The documents of clients in a directory."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from graphql import (
    DefinitionNode,
    DocumentNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    Source,
    Visitor,
    parse,
    visit,
)

from gateway.diff.explaining import place_of
from gateway.diff.loading import decode
from gateway.diff.origin import LoadError

_SUFFIXES = (".graphql", ".gql")


@dataclass(frozen=True, slots=True)
class ClientDocument:
    """One file's operations, with the fragments of other files that they spread."""

    file: str
    node: DocumentNode
    text: str = ""


def read_documents(folder: Path) -> list[ClientDocument]:
    """In the order of their names. A file with nothing but fragments counts through its users. Raises LoadError."""
    if not folder.is_dir():
        raise LoadError(str(folder), "there is no such directory of documents")
    paths = sorted(path for path in folder.rglob("*") if path.suffix in _SUFFIXES and path.is_file())
    texts = {str(path): _text(path) for path in paths}
    parsed = {file: _parse(text, file) for file, text in texts.items()}
    known: dict[str, FragmentDefinitionNode] = {}
    for document in parsed.values():
        for fragment in _fragments(document.definitions):
            known.setdefault(fragment.name.value, fragment)
    return [
        ClientDocument(file, _whole(document, known), texts[file])
        for file, document in parsed.items()
        if any(isinstance(each, OperationDefinitionNode) for each in document.definitions)
    ]


def _text(path: Path) -> str:
    try:
        return decode(path.read_bytes(), str(path))
    except OSError as error:
        raise LoadError(str(path), error.strerror or str(error)) from None


def _parse(text: str, file: str) -> DocumentNode:
    try:
        return parse(Source(text, file))
    except GraphQLSyntaxError as error:
        raise LoadError(place_of(error, file), error.message) from None


def _fragments(definitions: Iterable[DefinitionNode]) -> list[FragmentDefinitionNode]:
    return [each for each in definitions if isinstance(each, FragmentDefinitionNode)]


def _whole(document: DocumentNode, known: dict[str, FragmentDefinitionNode]) -> DocumentNode:
    definitions = list(document.definitions)
    have = {each.name.value for each in _fragments(definitions)}
    # The list grows while it is walked: a fragment may spread another.
    for definition in definitions:
        spreads = _Spreads()
        visit(definition, spreads)
        for name in spreads.names:
            if name not in have and name in known:
                have.add(name)
                definitions.append(known[name])
    return DocumentNode(definitions=tuple(definitions))


class _Spreads(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: dict[str, None] = {}

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: object) -> None:
        self.names[node.name.value] = None

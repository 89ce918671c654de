"""Documents that are known beforehand, and those that clients register by their hash.

A client names a known one by `documentId` (of the GraphQL-over-HTTP appendix) or by the `persistedQuery` extension of
Apollo's clients, and sends no text. What is found is the text: from there on a known document is as any other.
"""

import hashlib
import re
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from graphql import GraphQLError, parse

from gateway.errors import BadRequest, PersistedQueryNotFound, UnusableDocument
from gateway.http.request import GraphQLRequest
from gateway.settings import Settings, SettingsError
from gateway.viewer import ViewerKind

SUFFIX = ".graphql"
# Of those that clients register. A client whose document was pushed out is told so, and sends it again.
MAX_REGISTERED = 1_000
MAX_CHARACTERS = 1_000_000

_HASH = re.compile(r"[0-9a-f]{64}")


class TrustedDocuments:
    """Which text an id stands for, and who may send any other. The folder is read once."""

    def __init__(self, settings: Settings) -> None:
        """Raises SettingsError."""
        self._only = kinds(settings.trusted_only)
        known = read_folder(Path(settings.trusted_documents)) if settings.trusted_documents else {}
        if self._only and not known:
            raise SettingsError("GATEWAY_TRUSTED_ONLY lets nothing through without GATEWAY_TRUSTED_DOCUMENTS")
        self._by_hash = {digest(text): text for text in known.values()}
        # The appendix writes a hash with its algorithm before it, and leaves other ids to the server.
        self._by_id = {**known, **self._by_hash, **{f"sha256:{each}": text for each, text in self._by_hash.items()}}
        self._texts = frozenset(known.values())
        self._registered = Registered()

    def text(self, request: GraphQLRequest, kind: ViewerKind) -> str:
        """Raises BadRequest, PersistedQueryNotFound and UnusableDocument."""
        is_free = kind not in self._only
        if request.document_id is not None:
            return self._named(request)
        hash_ = _persisted_hash(request.extensions)
        if hash_ is not None:
            return self._persisted(hash_, request.query, is_free=is_free)
        if request.query is None:
            raise BadRequest("`query` must be a GraphQL document", code="QUERY_MISSING")
        if not is_free and request.query not in self._texts:
            raise _untrusted()
        return request.query

    def _named(self, request: GraphQLRequest) -> str:
        if request.query is not None:
            raise BadRequest("Send `documentId` or `query`, not both", code="DOCUMENT_ID_AND_QUERY")
        text = self._by_id.get(request.document_id or "")
        if text is None:
            raise UnusableDocument("There is no document with this `documentId`", code="DOCUMENT_NOT_FOUND")
        return text

    def _persisted(self, hash_: str, query: str | None, *, is_free: bool) -> str:
        text = self._by_hash.get(hash_)
        if text is None and is_free:
            text = self._registered.get(hash_)
        if query is None:
            if text is None:
                raise PersistedQueryNotFound
            return text
        if query == text:
            return text
        if digest(query) != hash_:
            message = "The hash in `persistedQuery` is not the SHA-256 of `query`"
            raise BadRequest(message, code="PERSISTED_QUERY_HASH_MISMATCH")
        if not is_free:
            raise _untrusted()
        self._registered.add(hash_, query)
        return query


class Registered:
    """The most recently used ones, within both bounds. Each process has its own: clients register again."""

    def __init__(self, *, max_documents: int = MAX_REGISTERED, max_characters: int = MAX_CHARACTERS) -> None:
        self._max_documents = max_documents
        self._max_characters = max_characters
        self._texts: OrderedDict[str, str] = OrderedDict()
        self._characters = 0

    def __len__(self) -> int:
        return len(self._texts)

    def get(self, hash_: str) -> str | None:
        text = self._texts.get(hash_)
        if text is not None:
            self._texts.move_to_end(hash_)
        return text

    def add(self, hash_: str, text: str) -> None:
        # A text larger than the whole would only push out everything else.
        if len(text) > self._max_characters or hash_ in self._texts:
            return
        self._texts[hash_] = text
        self._characters += len(text)
        while len(self._texts) > self._max_documents or self._characters > self._max_characters:
            _, dropped = self._texts.popitem(last=False)
            self._characters -= len(dropped)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def kinds(names: str) -> frozenset[ViewerKind]:
    """Raises SettingsError."""
    try:
        return frozenset(ViewerKind(name.strip().upper()) for name in names.split(",") if name.strip())
    except ValueError:
        known = ", ".join(kind.lower() for kind in ViewerKind)
        raise SettingsError(f"GATEWAY_TRUSTED_ONLY takes kinds of callers, with commas: {known}") from None


def read_folder(folder: Path) -> Mapping[str, str]:
    """The texts by the names of their files. Raises SettingsError."""
    if not folder.is_dir():
        raise SettingsError(f"GATEWAY_TRUSTED_DOCUMENTS: there is no folder {folder}")
    found: dict[str, str] = {}
    for file in sorted(folder.rglob(f"*{SUFFIX}")):
        text = _text(file)
        if found.setdefault(file.stem, text) != text:
            raise SettingsError(f"GATEWAY_TRUSTED_DOCUMENTS: {file}: another document has this name")
        if _HASH.fullmatch(file.stem) and file.stem != digest(text):
            raise SettingsError(f"GATEWAY_TRUSTED_DOCUMENTS: {file}: its name is not the SHA-256 of its text")
    return found


def _text(file: Path) -> str:
    try:
        text = file.read_bytes().decode()
        parse(text, no_location=True)
    except (OSError, UnicodeDecodeError, GraphQLError) as error:
        raise SettingsError(f"GATEWAY_TRUSTED_DOCUMENTS: {file}: {error}") from None
    return text


def _persisted_hash(extensions: Mapping[str, Any]) -> str | None:
    persisted = extensions.get("persistedQuery")
    if persisted is None:
        return None
    hash_ = persisted.get("sha256Hash") if isinstance(persisted, dict) else None
    if not isinstance(hash_, str) or not _HASH.fullmatch(hash_) or persisted.get("version") != 1:
        message = "`persistedQuery` has `version`, which is 1, and `sha256Hash`, 64 small hexadecimal digits"
        raise BadRequest(message, code="INVALID_PERSISTED_QUERY")
    return hash_


def _untrusted() -> BadRequest:
    message = "Only documents that the gateway knows are answered: send a `documentId`"
    return BadRequest(message, code="DOCUMENT_NOT_TRUSTED", status=403)

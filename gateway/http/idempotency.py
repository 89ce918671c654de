"""The header Idempotency-Key: it names the one mutation of a document, as the argument `idempotencyKey` does."""

import re
from collections.abc import Mapping
from typing import Any

from gateway.errors import UnusableDocument
from gateway.execution.engine import Operation
from gateway.http.exchange import Exchange
from gateway.http.permissions import root_fields

HEADER = b"idempotency-key"

# The draft of the header's standard writes keys as quoted strings; most clients send them bare.
_QUOTED = re.compile(r'"((?:[^"\\]|\\["\\])*)"')


def idempotency_header(exchange: Exchange, operation: Operation, variables: Mapping[str, Any]) -> str | None:
    """The key. Raises UnusableDocument where the operation, a mutation, has several fields that it could mean."""
    if HEADER not in exchange.headers:
        return None
    fields = root_fields(operation.document, operation.node, variables)
    meant = {(node.alias or node.name).value for node in fields if node.name.value != "__typename"}
    if len(meant) > 1:
        message = "The header Idempotency-Key goes with one mutation: give each its argument `idempotencyKey` instead"
        raise UnusableDocument(message, code="IDEMPOTENCY_KEY_AMBIGUOUS")
    return _key(exchange.headers[HEADER])


def _key(sent: bytes) -> str:
    try:
        text = sent.decode()
    except UnicodeDecodeError:
        text = sent.decode("latin-1")
    quoted = _QUOTED.fullmatch(text.strip())
    return re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else text

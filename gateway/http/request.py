"""What a client asks, out of the body or the URL. Whatever can't be read is a BadRequest with a stable code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

import orjson

from gateway.errors import BadRequest

_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data", ""})
_UTF8 = frozenset({"", "utf-8", "utf8"})
# A URL names five parameters; clients add a few of their own, and counting protects against thousands.
MAX_PARAMETERS = 100
UNSUPPORTED: Any = {"code": "UNSUPPORTED_MEDIA_TYPE", "status": 415}


@dataclass(slots=True)
class GraphQLRequest:
    """`variables` are as sent: what the operation does not declare is still among them, and is ignored.

    `query` is None where `document_id` or an extension names the document.
    """

    query: str | None
    operation_name: str | None
    variables: Mapping[str, Any]
    document_id: str | None = None
    extensions: Mapping[str, Any] = field(default_factory=dict)


def from_url(query_string: bytes) -> GraphQLRequest:
    parameters = _parameters(query_string)
    return _checked(
        {
            "query": parameters.get("query"),
            "documentId": parameters.get("documentId"),
            "operationName": parameters.get("operationName"),
            "variables": _json_parameter(parameters, "variables"),
            "extensions": _json_parameter(parameters, "extensions"),
        }
    )


def from_body(body: bytes, headers: Mapping[bytes, bytes], query_string: bytes) -> GraphQLRequest:
    media, charset = _content_type(headers.get(b"content-type", b"").decode("latin-1"))
    if charset not in _UTF8:
        raise BadRequest("Send UTF-8: no other charset is read", **UNSUPPORTED)
    if headers.get(b"content-encoding", b"identity").strip().lower() != b"identity":
        raise BadRequest("Send the body as it is: no Content-Encoding is read", **UNSUPPORTED)
    if media == "application/json":
        return _checked(_json(body, "body"))
    if media == "application/graphql":
        return _with_document(_text(body, "body"), query_string)
    if media in _FORMS and not body:
        return from_url(query_string)
    message = "Send Content-Type: application/json, or application/graphql with the document as the body"
    raise BadRequest(message, **UNSUPPORTED)


def _with_document(document: str, query_string: bytes) -> GraphQLRequest:
    parameters = _parameters(query_string)
    variables = _json_parameter(parameters, "variables")
    return _checked({"query": document, "operationName": parameters.get("operationName"), "variables": variables})


def _checked(value: Any) -> GraphQLRequest:
    if not isinstance(value, dict):
        raise BadRequest("The body must be one JSON object with a `query`", code="INVALID_BODY")
    query, name = value.get("query"), value.get("operationName")
    variables, extensions = value.get("variables"), value.get("extensions")
    document_id = value.get("documentId")
    if name is not None and not isinstance(name, str):
        raise BadRequest("`operationName` must be a string", code="INVALID_OPERATION_NAME")
    if variables is not None and not isinstance(variables, dict):
        raise BadRequest("`variables` must be an object", code="INVALID_VARIABLES")
    if extensions is not None and not isinstance(extensions, dict):
        raise BadRequest("`extensions` must be an object", code="INVALID_EXTENSIONS")
    if document_id is not None and not isinstance(document_id, str):
        raise BadRequest("`documentId` must be a string", code="INVALID_DOCUMENT_ID")
    is_named = document_id is not None or (extensions or {}).get("persistedQuery") is not None
    if not _is_text(query) and not (is_named and (query is None or query == "")):
        raise BadRequest("`query` must be a GraphQL document", code="QUERY_MISSING")
    return GraphQLRequest(query or None, name or None, variables or {}, document_id, extensions or {})


def _is_text(query: Any) -> bool:
    return isinstance(query, str) and bool(query.strip())


@lru_cache(maxsize=256)
def _content_type(header: str) -> tuple[str, str]:
    """The media type and the charset, both in small letters; empty where there is none."""
    media, *parameters = [part.strip() for part in header.lower().split(";")]
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset":
            return media, value.strip().strip('"')
    return media, ""


def _parameters(query_string: bytes) -> dict[str, str]:
    """The last one counts where a name comes twice."""
    try:
        text = query_string.decode("ascii")
        return dict(parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MAX_PARAMETERS))
    except ValueError:
        message = "The URL's parameters must be UTF-8, and at most {most}"
        raise BadRequest(message, {"most": MAX_PARAMETERS}, code="INVALID_URL") from None


def _json_parameter(parameters: Mapping[str, str], name: str) -> Any:
    text = parameters.get(name, "")
    return _json(text.encode(), name) if text.strip() else None


def _json(text: bytes, part: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadRequest(
            "The request's {part} is not JSON: {error}", {"part": part, "error": error}, code="INVALID_JSON"
        ) from None


def _text(body: bytes, part: str) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise BadRequest("The request's {part} is not UTF-8", {"part": part}, code="INVALID_ENCODING") from None

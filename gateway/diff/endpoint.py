"""The schema that a running server tells of itself."""

from typing import Any

import httpx
from graphql import get_introspection_query

from gateway.diff.origin import LoadError

# Newest first: an older server refuses to be asked for what it does not know.
_EDITIONS: tuple[dict[str, bool], ...] = (
    {"specified_by_url": True, "directive_is_repeatable": True, "schema_description": True}
    | {"input_value_deprecation": True, "one_of": True},
    {"specified_by_url": True, "directive_is_repeatable": True, "schema_description": True}
    | {"input_value_deprecation": True},
    {},
)


def ask(url: str, headers: dict[str, str], timeout_seconds: float) -> Any:
    """The answer as JSON. Redirects are not followed, for a token is meant for one server. Raises LoadError."""
    problem = ""
    with httpx.Client(headers=headers, timeout=timeout_seconds) as client:
        for edition in _EDITIONS:
            answer = _ask(client, url, get_introspection_query(**edition))
            data = answer.get("data") if isinstance(answer, dict) else None
            if isinstance(data, dict) and data.get("__schema"):
                return answer
            problem = problem or _problem(answer)
    raise LoadError(url, f"the server does not tell its schema: {problem}")


def _ask(client: httpx.Client, url: str, query: str) -> Any:
    try:
        response = client.post(url, json={"query": query}, headers={"Accept": "application/json"})
        return response.json()
    except httpx.HTTPError as error:
        raise LoadError(url, f"the server can't be reached: {error or type(error).__name__}") from None
    except ValueError:
        raise LoadError(url, f"the server answered {response.status_code} without JSON") from None


def _problem(answer: Any) -> str:
    errors = answer.get("errors") if isinstance(answer, dict) else None
    if isinstance(errors, list) and errors and isinstance(errors[0], dict):
        return str(errors[0].get("message", errors[0]))
    return str(errors or "there is no schema in its answer")[:500]

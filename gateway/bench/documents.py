"""What is asked: one object, a list with nested pages, and a page of everything; each also in a form never seen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

VERSION = "2026-10"
ORGANIZATION = 1
LIST_SIZE = 50
LARGEST_PAGE = 250
MESSAGES_OF_A_CONVERSATION = 10

# The load generator writes the number of the request over it, so that all texts are equally long.
COUNTER = "a000000000"

# A range that both the hand-made and the made rows have events in; a page takes the newest of it.
EVENTS_FROM, EVENTS_UNTIL = "2025-08-01T00:00:00.000000Z", "2026-06-30T00:00:00.000000Z"

_JOB = "id status createdAt lastEventAt confirmedCompleted"
_MESSAGES = "nodes { id body sentAt }"
_PAGE_OF_JOBS = """
  id status createdAt
  shop { id name myshopifyDomain }
  services { handle name }
  requirements { question responses }
  conversation { id status messages(first: 10) { nodes { id body sentAt sentVia } } }
"""


@dataclass(frozen=True, slots=True)
class Document:
    """The operation has the document's name, by which the hand-written endpoint knows what is asked."""

    name: str
    query: str
    variables: Mapping[str, Any] = field(default_factory=dict)

    def body(self) -> bytes:
        return orjson.dumps({"query": self.query, "operationName": self.name, "variables": dict(self.variables)})


def one(job_id: int) -> Document:
    query = f"query one($id: ID!) {{ job(id: $id) {{ {_JOB} }} }}"
    return Document("one", query, {"id": f"gid://partners/Job/{job_id}"})


def a_list(size: int = LIST_SIZE) -> Document:
    """Conversations, each with its three newest and its three oldest messages."""
    nested = f"newest: messages(first: 3) {{ {_MESSAGES} }} oldest: messages(last: 3) {{ {_MESSAGES} }}"
    nodes = f"id status createdAt merchantUser {{ id name }} {nested}"
    query = f"query list($first: Int!) {{ conversations(first: $first) {{ nodes {{ {nodes} }} }} }}"
    return Document("list", query, {"first": size})


def page(size: int = LARGEST_PAGE) -> Document:
    query = f"query page($first: Int!) {{ jobs(first: $first) {{ nodes {{ {_PAGE_OF_JOBS} }} }} }}"
    return Document("page", query, {"first": size})


def events(size: int = LARGEST_PAGE) -> Document:
    """Events with their stores and subjects."""
    subject = "__typename ... on AppReference { id name apiKey } ... on ThemeReference { id name }"
    node = f"__typename id eventType occurredAt shop {{ id name myshopifyDomain }} subject {{ {subject} }}"
    wanted = f'filter: {{ occurredAtMin: "{EVENTS_FROM}", occurredAtMax: "{EVENTS_UNTIL}" }}'
    query = f"query events($first: Int!) {{ events(first: $first, {wanted}) {{ edges {{ node {{ {node} }} }} }} }}"
    return Document("events", query, {"first": size})


def documents(job_id: int) -> dict[str, Document]:
    return {document.name: document for document in (one(job_id), a_list(), page(), events())}


def pages(cursors: list[str]) -> Document:
    """One full page after each cursor, in one document: the API takes no page larger than 250. "" is the start."""
    aliases = [
        f"p{place}: jobs(first: {LARGEST_PAGE}, after: $after{place}) {{ nodes {{ {_PAGE_OF_JOBS} }} }}"
        for place in range(len(cursors))
    ]
    declared = ", ".join(f"$after{place}: String" for place in range(len(cursors)))
    variables = {f"after{place}": cursor for place, cursor in enumerate(cursors)}
    return Document("pages", f"query pages({declared}) {{ {' '.join(aliases)} }}", variables)


def cursors(after: str) -> Document:
    """The cursors of a full page of jobs."""
    query = f"query cursors($after: String) {{ jobs(first: {LARGEST_PAGE}, after: $after) {{ edges {{ cursor }} }} }}"
    return Document("cursors", query, {"after": after})


def numbered(document: Document) -> Document:
    """The same with an alias that the load generator can change from request to request."""
    root = {"one": "job(", "list": "conversations(", "page": "jobs(", "events": "events("}[document.name]
    query = document.query.replace(f"{{ {root}", f"{{ {COUNTER}: {root}", 1)
    return Document(document.name, query, document.variables)


def export_page() -> Document:
    """A page of a deep export, with the cursor to go on from."""
    head = f"jobs(first: {LARGEST_PAGE}, after: $after)"
    query = f"query export($after: String) {{ {head} {{ pageInfo {{ hasNextPage endCursor }}"
    return Document("export", f"{query} nodes {{ {_PAGE_OF_JOBS} }} }} }}")

"""The kinds of record, in the order in which they are downloaded, and what of them one server has."""

from collections.abc import Iterable
from dataclasses import dataclass

from graphql import DocumentNode, GraphQLSchema, build_client_schema, get_introspection_query, parse

from gateway.exports import directory, documents
from gateway.exports.client import Api
from gateway.exports.errors import ExportError, FieldForbiddenError, KindForbiddenError, RefusedError
from gateway.exports.prune import fit


@dataclass(frozen=True, slots=True)
class Kind:
    """`path` leads from the root to the connection; `sorted_by` is the field that the server sorts by, newest first."""

    name: str
    document: str
    path: tuple[str, ...]
    sorted_by: str = "createdAt"

    @property
    def file(self) -> str:
        return f"{self.name}.jsonl"


MESSAGES = Kind("messages", documents.MESSAGES, ("conversation", "messages"), "sentAt")

# The only kind that is no list: see subscriptions.py.
SUBSCRIPTIONS = Kind("subscriptions", documents.SUBSCRIPTION, ("activeSubscription",), "")

# Transactions come before apps, since they name the apps that there are; what names an app with a shop comes before
# subscriptions.
KINDS = (
    Kind("jobs", documents.JOBS, ("jobs",)),
    Kind("conversations", documents.CONVERSATIONS, ("conversations",)),
    Kind("transactions", documents.TRANSACTIONS, ("transactions",)),
    Kind("apps", documents.APP, ("app",), ""),
    Kind("app_events", documents.APP_EVENTS, ("app", "events"), ""),
    Kind("events", documents.EVENTS, ("events",), ""),
    SUBSCRIPTIONS,
    Kind("leads", directory.LEADS, ("leads",)),
    Kind("reviews", directory.REVIEWS, ("reviews",), "submittedAt"),
    Kind("collaborators", directory.COLLABORATORS, ("collaborators",), "requestedAt"),
    Kind("refund_requests", directory.REFUND_REQUESTS, ("refundRequests",)),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """`documents` are by the name of the kind, those that the server can answer; `left_out` says what it lacks."""

    documents: dict[str, DocumentNode]
    left_out: list[str]
    takes_receipts: bool = False

    def has(self, kind: Kind) -> bool:
        return kind.name in self.documents


async def make_plan(api: Api) -> Plan:
    """Asks the server for its schema, once."""
    question = get_introspection_query(descriptions=False, directive_is_repeatable=False)
    try:
        answer = await api.ask(parse(question), {})
        schema = build_client_schema(answer)  # type: ignore[arg-type]
    except (KindForbiddenError, FieldForbiddenError) as error:
        raise RefusedError(f"The server does not tell its schema: {error}.") from None
    except TypeError as error:
        raise ExportError(f"The server's schema can't be read: {error}") from None
    return plan_for(schema, api.options.api_version)


def plan_for(schema: GraphQLSchema, version: str) -> Plan:
    fitted = {kind.name: fit(kind.document, schema) for kind in (*KINDS, MESSAGES)}
    found = {name: one.document for name, one in fitted.items() if one.document}
    if MESSAGES.name not in found:
        # A conversation without the rest of its messages would look whole.
        found.pop("conversations", None)
    left_out = []
    for kind in KINDS:
        if kind.name not in found:
            left_out.append(f"{kind.name}: this server has none in API version {version}.")
        elif missing := fitted[kind.name].missing:
            left_out.append(f"{kind.name}: this server has no {_listed(missing)}.")
    mutations = schema.mutation_type.fields if schema.mutation_type else {}
    return Plan(found, left_out, takes_receipts="exportReceiptCreate" in mutations)


async def oldest(api: Api, kind: Kind) -> str | None:
    """When the last record of a kind was made; None where the server does not say."""
    document = parse(documents.OLDEST.format(root=kind.path[0], moment=kind.sorted_by))
    try:
        data = await api.ask(document, {})
    except (KindForbiddenError, FieldForbiddenError, RefusedError):
        return None
    edges = data[kind.path[0]]["edges"]
    return edges[-1]["node"][kind.sorted_by] if edges else None


def _listed(coordinates: Iterable[str]) -> str:
    """Job.proposals; and where many types lack a field: `processingFee (9 types)`."""
    types: dict[str, list[str]] = {}
    for coordinate in coordinates:
        types.setdefault(coordinate.rpartition(".")[2], []).append(coordinate)
    return ", ".join(found[0] if len(found) == 1 else f"{name} ({len(found)} types)" for name, found in types.items())

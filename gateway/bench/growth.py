"""How cost grows: with the page, with the tables, and with documents that were never seen before."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from statistics import median

import httpx

from gateway.bench import documents
from gateway.bench.databases import Measured
from gateway.bench.documents import LARGEST_PAGE, Document
from gateway.bench.figures import Sample
from gateway.bench.parity import ask
from gateway.bench.processes import COMPILED, LIMIT, Server, serving
from gateway.bench.rounds import Bench, Turn

PAGE_SIZES = (50, 250, 1000)
CONNECTIONS = (1,)
# As large as numbers can get: no text comes twice.
NEVER_AGAIN = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Milliseconds of the processor, for one of what `per` tells; `ratio` is of gateway and database together."""

    name: str
    gateway: float
    database: float
    latency: float
    per: str
    ratio: float
    to: str


async def page_growth(bench: Bench, server: Server) -> list[Cost]:
    """A page of 1,000 is four pages of 250 in one document, since the API takes no larger ones."""
    sized = dict([await _page_of(size, server) for size in PAGE_SIZES])
    turns = [Turn(str(rows), server, document) for rows, document in sized.items()]
    samples = await bench.by_turns(turns, CONNECTIONS)
    scaled = [_divided(sample, int(sample.subject)) for sample in samples]
    middle = str(max(rows for rows in sized if rows <= LARGEST_PAGE))
    return [_cost(scaled, f"page of {turn.label}", turn.label, "row", middle) for turn in turns]


async def unseen(bench: Bench, server: Server, asked: Sequence[Document]) -> list[Cost]:
    """Each document once as it is known, and once with an alias that differs in every request."""
    costs = []
    for document in asked:
        known, new = "known", "never seen"
        numbered = documents.numbered(document)
        turns = [Turn(known, server, numbered), Turn(new, server, numbered, NEVER_AGAIN)]
        samples = await bench.by_turns(turns, CONNECTIONS)
        costs += [_cost(samples, f"{document.name}, {label}", label, "request", known) for label in (known, new)]
    return costs


async def table_growth(bench: Bench, small: Measured, large: Measured) -> list[Cost]:
    """Every document over both databases, ours and the limit's; the limit shows what the database itself adds."""
    costs: list[Cost] = []
    async with AsyncExitStack() as stack:
        for subject in (COMPILED, LIMIT):
            servers = [
                await stack.enter_async_context(serving(subject, measured.url, measured.token))
                for measured in (small, large)
            ]
            for name in documents.documents(small.job_id):
                asked = [documents.documents(measured.job_id)[name] for measured in (small, large)]
                labels = [f"{measured.jobs:,} jobs" for measured in (small, large)]
                turns = [Turn(*turn) for turn in zip(labels, servers, asked, strict=True)]
                samples = await bench.by_turns(turns, CONNECTIONS)
                costs += [_cost(samples, f"{subject} {name}, {label}", label, "request", labels[0]) for label in labels]
    return costs


async def _page_of(size: int, server: Server) -> tuple[int, Document]:
    """How many rows it has, since a small database has no more, and the document."""
    async with httpx.AsyncClient(timeout=60) as client:
        found: list[str] = []
        while len(found) < size:
            edges = (await ask(client, server, documents.cursors(found[-1] if found else "")))["jobs"]["edges"]
            if not edges:
                break
            found += [edge["cursor"] for edge in edges]
    rows = min(size, len(found))
    if rows <= LARGEST_PAGE:
        return rows, documents.page(rows)
    return rows, documents.pages(["", *found[LARGEST_PAGE - 1 : rows - 1 : LARGEST_PAGE]])


def _divided(sample: Sample, rows: int) -> Sample:
    return replace(sample, gateway=sample.gateway / rows, database=sample.database / rows, p50=sample.p50 / rows)


def _cost(samples: Sequence[Sample], name: str, label: str, per: str, to: str) -> Cost:
    own = [sample for sample in samples if sample.subject == label]
    others = [sample for sample in samples if sample.subject == to]
    return Cost(
        name=name,
        gateway=median(sample.gateway for sample in own),
        database=median(sample.database for sample in own),
        latency=median(sample.p50 for sample in own),
        per=per,
        ratio=median(our.processor / other.processor for our, other in zip(own, others, strict=True)),
        to=to,
    )

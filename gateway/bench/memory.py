"""What is left of documents in memory: ten thousand requests of a thousand different ones."""

from dataclasses import dataclass, replace

from gateway.bench import documents
from gateway.bench.processes import Generator, Server, order
from gateway.bench.processor import resident_bytes
from gateway.bench.rounds import Tell

REQUESTS = 10_000
DOCUMENTS = 1_000
CONNECTIONS = 4
PAGE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Resident bytes: before the first request, and after each thousand. The first thousand sees each document once."""

    before: int
    after_each_thousand: list[int]


async def memory(generator: Generator, server: Server, tell: Tell) -> Memory:
    """The documents are small pages of everything, so that their plans are as large as plans get."""
    asked = documents.numbered(documents.page(PAGE))
    before = resident_bytes(server.pid)
    after = []
    for start in range(0, REQUESTS, DOCUMENTS):
        tell(f"memory: request {start:,} of {REQUESTS:,}")
        wanted = replace(
            order(server, asked),
            connections=CONNECTIONS,
            seconds=600.0,
            most=DOCUMENTS,
            start=start,
            cycle=DOCUMENTS,
        )
        await generator.run(wanted)
        after.append(resident_bytes(server.pid))
    return Memory(before=before, after_each_thousand=after)

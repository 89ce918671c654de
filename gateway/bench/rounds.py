"""Measuring by turns: A B C A B C …, so that whatever else the machine does falls on all alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from gateway.bench.documents import Document
from gateway.bench.figures import Sample
from gateway.bench.load import Told
from gateway.bench.processes import Generator, Server, order
from gateway.bench.processor import DatabaseProcessor, processor_seconds, spent

WARM_UP_REQUESTS = 30
WARM_UP_SHARE = 0.5
# All connections of a server that answers one request after another wait for each other: more is not worth waiting for.
LONGEST_TURN = 4

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    rounds: int
    seconds: float
    connections: Sequence[int]


@dataclass(frozen=True, slots=True)
class Turn:
    """What one server is asked in each round, under the name that the figures have. See Order for `cycle`."""

    label: str
    server: Server
    document: Document
    cycle: int = 0


class Bench:
    """`tell` hears what is being measured."""

    def __init__(self, generator: Generator, database: DatabaseProcessor, plan: Plan, tell: Tell) -> None:
        self._generator = generator
        self._database = database
        self.plan = plan
        self._tell = tell
        self._numbers = 0

    async def by_turns(self, turns: Sequence[Turn], connections: Sequence[int] | None = None) -> list[Sample]:
        """All turns with each number of connections in each round, after they have warmed up."""
        counts = self.plan.connections if connections is None else connections
        latencies = {turn.label: await self._warm_up(turn, max(counts)) for turn in turns}
        samples = []
        for number in range(self.plan.rounds):
            for count in counts:
                for turn in turns:
                    if latencies[turn.label] * count <= LONGEST_TURN * self.plan.seconds or count == min(counts):
                        self._tell(f"{turn.label} {turn.document.name}: round {number + 1}, {count} connections")
                        samples.append(await self._sample(turn, count, number))
        return samples

    async def _warm_up(self, turn: Turn, connections: int) -> float:
        """The latency of one request alone, once statements are prepared on as many connections as will be used."""
        self._tell(f"{turn.label} {turn.document.name}: warming up")
        seconds = self.plan.seconds * WARM_UP_SHARE
        await self._ask(turn, 1, seconds, WARM_UP_REQUESTS)
        latency = (await self._ask(turn, 1, seconds, WARM_UP_REQUESTS)).p50
        if latency * connections <= LONGEST_TURN * self.plan.seconds:
            await self._ask(turn, connections, seconds, WARM_UP_REQUESTS * connections)
        return latency

    async def _sample(self, turn: Turn, connections: int, number: int) -> Sample:
        database = await self._database.read()
        gateway = processor_seconds(turn.server.pid)
        told = await self._ask(turn, connections, self.plan.seconds)
        gateway = processor_seconds(turn.server.pid) - gateway
        used = spent(database, await self._database.read())
        return Sample(
            document=turn.document.name,
            subject=turn.label,
            connections=connections,
            round=number,
            rate=told.requests / told.seconds,
            p50=told.p50 * 1000,
            p99=told.p99 * 1000,
            gateway=gateway / told.requests * 1000,
            database=used / told.requests * 1000,
            bytes=told.bytes,
        )

    async def _ask(self, turn: Turn, connections: int, seconds: float, most: int = 1_000_000) -> Told:
        asked = replace(
            order(turn.server, turn.document),
            connections=connections,
            seconds=seconds,
            most=most,
            cycle=turn.cycle,
            start=self._numbers,
        )
        told = await self._generator.run(asked)
        # Numbers that were used once are never used again, also those of answers that came too late to count.
        self._numbers += told.requests + connections
        return told

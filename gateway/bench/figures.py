"""From samples to figures: medians over rounds, and ratios of what was measured side by side in one round."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One measurement. Latencies and processor times are milliseconds; processor times are of one request."""

    document: str
    subject: str
    connections: int
    round: int
    rate: float
    p50: float
    p99: float
    gateway: float
    database: float
    bytes: int

    @property
    def processor(self) -> float:
        return self.gateway + self.database


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """A subject beside another, each with the connections at which it answers most; `processor` is a multiple."""

    document: str
    subject: str
    to: str
    throughput: float
    processor: float
    connections: int
    connections_of_other: int


def medians(samples: Iterable[Sample]) -> list[Sample]:
    """One for each document, subject and number of connections, in their order of appearance; `round` is how many."""
    groups: dict[tuple[str, str, int], list[Sample]] = {}
    for sample in samples:
        groups.setdefault((sample.document, sample.subject, sample.connections), []).append(sample)
    return [_median(*key, group) for key, group in groups.items()]


def _median(document: str, subject: str, connections: int, group: Sequence[Sample]) -> Sample:
    def of(read: Callable[[Sample], float]) -> float:
        return median(map(read, group))

    return Sample(
        document=document,
        subject=subject,
        connections=connections,
        round=len(group),
        rate=of(lambda sample: sample.rate),
        p50=of(lambda sample: sample.p50),
        p99=of(lambda sample: sample.p99),
        gateway=of(lambda sample: sample.gateway),
        database=of(lambda sample: sample.database),
        bytes=group[0].bytes,
    )


def best(samples: Sequence[Sample], document: str, subject: str) -> list[Sample]:
    """The rounds of the subject with those connections at which its median rate is highest; may be empty."""
    own = [sample for sample in samples if (sample.document, sample.subject) == (document, subject)]
    if not own:
        return []
    most = max(medians(own), key=lambda sample: sample.rate).connections
    return sorted((sample for sample in own if sample.connections == most), key=lambda sample: sample.round)


def ratio(samples: Sequence[Sample], document: str, subject: str, *, to: str) -> Ratio | None:
    """The medians of the ratios of each round; None where one of the two was not measured."""
    ours, others = best(samples, document, subject), best(samples, document, to)
    pairs = list(zip(ours, others, strict=False))
    if not pairs:
        return None
    return Ratio(
        document=document,
        subject=subject,
        to=to,
        throughput=median(our.rate / other.rate for our, other in pairs),
        processor=median(our.processor / other.processor for our, other in pairs),
        connections=ours[0].connections,
        connections_of_other=others[0].connections,
    )

"""What a run of the bench is told, and what it found."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from gateway.bench.export import Exported
from gateway.bench.figures import Ratio, Sample, medians
from gateway.bench.growth import Cost
from gateway.bench.memory import Memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """`database_url` None: a temporary SQLite file. With `use` it is measured as it is, else one is made beside it."""

    database_url: str | None
    use: bool
    keep: bool
    jobs: int
    rounds: int
    seconds: float
    connections: Sequence[int]
    documents: Sequence[str]
    subjects: Sequence[str]
    growth: bool
    export: bool
    memory: bool
    json: Path | None


@dataclass(slots=True, kw_only=True)
class Found:
    """All that a run found; what was not asked for is empty."""

    database: str
    jobs: int
    samples: list[Sample]
    ratios: list[Ratio]
    costs: list[Cost] = field(default_factory=list)
    exports: dict[str, list[Exported]] = field(default_factory=dict)
    memory: Memory | None = None

    def as_dict(self) -> dict[str, Any]:
        """What `--json` writes: medians first, then every sample."""
        return {
            "database": self.database,
            "jobs": self.jobs,
            "ratios": [asdict(ratio) for ratio in self.ratios],
            "medians": [asdict(sample) for sample in medians(self.samples)],
            "costs": [asdict(cost) for cost in self.costs],
            "exports": {way: [asdict(each) for each in exports] for way, exports in self.exports.items()},
            "memory": None if self.memory is None else asdict(self.memory),
            "samples": [asdict(sample) for sample in self.samples],
        }

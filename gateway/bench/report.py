"""The figures as tables for people."""

from statistics import median

from rich.console import Console
from rich.table import Table

from gateway.bench.export import COPY, PLAN
from gateway.bench.figures import Sample, medians
from gateway.bench.options import Found

_MEGABYTE = 1_000_000


def show(found: Found, console: Console) -> None:
    console.print(f"{found.database}, {found.jobs:,} jobs of the organization that asks")
    console.print(_ratios(found))
    console.print(_medians(found.samples))
    if found.costs:
        console.print(_costs(found))
    if found.exports:
        console.print(_exports(found))
    if found.memory:
        sizes = [size / _MEGABYTE for size in (found.memory.before, *found.memory.after_each_thousand)]
        console.print("Memory in MB, before and after each 1,000 requests of 1,000 different documents:")
        console.print(" ".join(f"{size:.0f}" for size in sizes))


def _table(title: str, *headings: str) -> Table:
    """The first two columns are names, the others figures."""
    table = Table(title=title, title_justify="left")
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="left" if place < 2 else "right")
    return table


def _ratios(found: Found) -> Table:
    title = "Medians of the rounds' ratios; throughput and processor each with the connections where throughput is best"
    table = _table(title, "document", "subject", "beside", "throughput", "processor", "connections")
    for ratio in found.ratios:
        connections = f"{ratio.connections} : {ratio.connections_of_other}"
        throughput, processor = f"{ratio.throughput:.2f}", f"{ratio.processor:.2f}"
        table.add_row(ratio.document, ratio.subject, ratio.to, throughput, processor, connections)
    return table


def _medians(samples: list[Sample]) -> Table:
    title = "Medians; milliseconds, of the processor for one request"
    headings = ("requests/s", "p50", "p99", "gateway", "database")
    table = _table(title, "document", "subject", "connections", *headings)
    for sample in medians(samples):
        times = (sample.p50, sample.p99, sample.gateway, sample.database)
        figures = [f"{value:.2f}" for value in times]
        table.add_row(sample.document, sample.subject, str(sample.connections), f"{sample.rate:.0f}", *figures)
    return table


def _costs(found: Found) -> Table:
    title = "Milliseconds with one connection; the ratio is of processor, gateway and database together"
    table = _table(title, "what", "for each", "p50", "gateway", "database", "ratio", "to")
    for cost in found.costs:
        times = [f"{value:.4f}" for value in (cost.latency, cost.gateway, cost.database)]
        table.add_row(cost.name, cost.per, *times, f"{cost.ratio:.2f}", cost.to)
    return table


def _exports(found: Found) -> Table:
    plan, copy = found.exports[PLAN], found.exports[COPY]
    shares = [ours.rows / ours.seconds / (other.rows / other.seconds) for ours, other in zip(plan, copy, strict=True)]
    title = f"Export of {plan[0].rows:,} jobs with all that belongs to them; the plan's share is {median(shares):.2f}"
    table = _table(title, "way", "", "rows/s", "MB", "peak memory MB")
    for way, exports in found.exports.items():
        rate = median(each.rows / each.seconds for each in exports)
        peak = max(each.peak_bytes for each in exports) / _MEGABYTE
        table.add_row(way, "", f"{rate:,.0f}", f"{exports[0].bytes / _MEGABYTE:.1f}", f"{peak:.0f}")
    return table

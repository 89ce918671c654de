"""Medians and ratios, from samples to figures."""

import pytest

from gateway.bench.figures import Sample, best, medians, ratio
from gateway.bench.processor import spent


def sample(subject: str, connections: int, number: int, rate: float, gateway: float = 1.0, **others: float) -> Sample:
    values = {"p50": 1.0, "p99": 2.0, "database": 0.0, **others}
    return Sample(
        document="one",
        subject=subject,
        connections=connections,
        round=number,
        rate=rate,
        gateway=gateway,
        bytes=100,
        **values,
    )


@pytest.mark.parametrize(
    ("rates", "expected"),
    [([5.0], 5.0), ([1.0, 9.0, 3.0], 3.0), ([1.0, 2.0, 3.0, 100.0], 2.5)],
)
def test_a_median_is_of_all_rounds(rates: list[float], expected: float) -> None:
    samples = [sample("ours", 8, number, rate) for number, rate in enumerate(rates)]
    (found,) = medians(samples)
    assert (found.rate, found.round) == (expected, len(rates))


def test_medians_are_of_each_subject_and_number_of_connections() -> None:
    samples = [sample("ours", 1, 0, 10), sample("limit", 1, 0, 20), sample("ours", 8, 0, 30), sample("ours", 1, 1, 12)]
    found = [(each.subject, each.connections, each.rate) for each in medians(samples)]
    assert found == [("ours", 1, 11), ("limit", 1, 20), ("ours", 8, 30)]


def test_the_best_are_those_with_the_highest_median_not_with_the_highest_sample() -> None:
    eight = [sample("ours", 8, number, rate) for number, rate in enumerate([50, 51, 52])]
    many = [sample("ours", 32, number, rate) for number, rate in enumerate([10, 99, 11])]
    assert best([*many, *eight], "one", "ours") == eight


@pytest.mark.parametrize(
    ("ours", "others", "throughput"),
    [
        ([50, 50, 50], [100, 100, 100], 0.5),
        # A slow second hits both sides of its round, and changes no ratio.
        ([50, 5, 50], [100, 10, 100], 0.5),
        ([60, 50, 40], [100, 100, 100], 0.5),
    ],
)
def test_a_ratio_is_the_median_of_the_rounds(ours: list[float], others: list[float], throughput: float) -> None:
    samples = [sample("ours", 8, number, rate) for number, rate in enumerate(ours)]
    samples += [sample("limit", 32, number, rate) for number, rate in enumerate(others)]
    found = ratio(samples, "one", "ours", to="limit")
    assert found is not None
    assert found.throughput == pytest.approx(throughput)
    assert (found.connections, found.connections_of_other) == (8, 32)


def test_processor_time_is_the_gateways_and_the_databases() -> None:
    samples = [sample("ours", 1, 0, 1, gateway=2.0, database=1.0), sample("limit", 1, 0, 1, gateway=0.5, database=1.5)]
    found = ratio(samples, "one", "ours", to="limit")
    assert found is not None
    assert found.processor == pytest.approx(1.5)


def test_there_is_no_ratio_to_what_was_not_measured() -> None:
    assert ratio([sample("ours", 1, 0, 1)], "one", "ours", to="limit") is None


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {}, 0.0),
        ({1: 5.0}, {1: 7.0}, 2.0),
        ({1: 5.0}, {1: 6.0, 2: 3.0}, 4.0),
        ({1: 5.0, 2: 4.0}, {1: 6.0}, 1.0),
    ],
)
def test_what_processes_spent_counts_new_ones_whole_and_ended_ones_not_at_all(
    before: dict[int, float], after: dict[int, float], expected: float
) -> None:
    assert spent(before, after) == expected

"""Ids: rising, unique in all threads and processes, 63 bits, in the order of time whatever the clock does."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from gateway import ids
from gateway.ids import COUNT_BITS, EPOCH_MILLISECONDS, PROCESS_BITS, IdMaker, new_id

LARGEST = 2**63 - 1
MANY = 5_000


def milliseconds_of(made: int) -> int:
    return (made >> (PROCESS_BITS + COUNT_BITS)) + EPOCH_MILLISECONDS


def test_ids_rise_within_one_thread():
    made = [new_id() for _ in range(MANY)]
    assert all(one < next_one for one, next_one in pairwise(made))


def test_an_id_is_a_number_of_63_bits_that_no_fixture_has():
    assert 10**9 < new_id() <= LARGEST


def test_an_id_tells_when_it_was_made():
    before = time.time_ns() // 1_000_000
    made = milliseconds_of(IdMaker()())
    assert before <= made <= time.time_ns() // 1_000_000


def test_the_bits_last_until_2089(monkeypatch):
    last = (EPOCH_MILLISECONDS + 2**41 - 1) * 1_000_000
    monkeypatch.setattr(ids.time, "time_ns", lambda: last)
    made = IdMaker()()
    assert made <= LARGEST
    assert time.gmtime(milliseconds_of(made) // 1000).tm_year == 2089


def test_four_threads_share_no_id():
    maker = IdMaker()
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: [maker() for _ in range(MANY)], range(4)))
    assert len({each for one in made for each in one}) == 4 * MANY
    assert all(one < next_one for of_thread in made for one, next_one in pairwise(of_thread))


def test_forked_processes_share_no_id(monkeypatch):
    """They draw their own 12 bits, so that even the same millisecond and count makes different ids."""
    monkeypatch.setattr(ids.time, "time_ns", lambda: 1_800_000_000_000_000_000)
    maker = IdMaker()
    maker()
    # Drawn, not counted: the chance that two of the four are alike is 6 in 4096, so other draws are let decide.
    draws = iter([101, 102, 103])
    made = [[maker() for _ in range(100)]]
    for drawn in draws:
        monkeypatch.setattr(ids.secrets, "randbits", lambda bits, drawn=drawn: drawn if bits == PROCESS_BITS else 0)
        made.append(in_a_child(maker))
    assert len({each for one in made for each in one}) == 400
    assert all(one < next_one for of_process in made for one, next_one in pairwise(of_process))


def in_a_child(maker: IdMaker) -> list[int]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, " ".join(str(maker()) for _ in range(100)).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        made = [int(word) for word in told.read().split()]
    os.waitpid(child, 0)
    return made


def test_a_fork_draws_its_process_bits_anew():
    maker = IdMaker()
    drawn = {(in_a_child(maker)[0] >> COUNT_BITS) & (2**PROCESS_BITS - 1) for _ in range(8)}
    assert len(drawn) > 1


@pytest.mark.parametrize("back_seconds", [0, 1, 3600, 10**8])
def test_ids_rise_where_the_clock_steps_back(monkeypatch, back_seconds):
    maker, now = IdMaker(), time.time_ns()
    before = [maker() for _ in range(10)]
    monkeypatch.setattr(ids.time, "time_ns", lambda: now - back_seconds * 10**9)
    after = [maker() for _ in range(3000)]
    assert before[-1] < after[0]
    assert all(one < next_one for one, next_one in pairwise(after))


def test_more_ids_than_a_millisecond_counts_borrow_from_the_next(monkeypatch):
    maker, now = IdMaker(), time.time_ns()
    monkeypatch.setattr(ids.time, "time_ns", lambda: now)
    made = [maker() for _ in range(2**COUNT_BITS + 1)]
    assert len(set(made)) == len(made)
    assert milliseconds_of(made[-1]) - milliseconds_of(made[0]) == 1


def test_the_clock_takes_over_again_when_it_has_caught_up(monkeypatch):
    maker, now = IdMaker(), time.time_ns()
    maker()
    monkeypatch.setattr(ids.time, "time_ns", lambda: now + 10**9)
    assert milliseconds_of(maker()) == (now + 10**9) // 1_000_000

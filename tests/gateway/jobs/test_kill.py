"""Workers as processes that are killed: nothing is lost, and nothing is done twice."""

import multiprocessing
import random
import time

import pytest
from later import work_until_killed
from sqlalchemy import text

PIECES, ROUNDS, WORKERS = 2_000, 20, 2
LEASE_SECONDS = 0.5

# Workers are forked from a process that has imported everything, since that takes longer than their work.
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["gateway.handlers"])


def start(later):
    process = processes.Process(target=work_until_killed, args=(later.settings, LEASE_SECONDS))
    process.start()
    return process


def kill(process):
    process.kill()
    process.join()
    process.close()


@pytest.mark.slow
def test_nothing_is_lost_or_done_twice_through_twenty_rounds_of_kill_9(later):
    """Each effect is a row that could not be added a second time; the audit would show a second attempt at it."""
    later.leave(*map(str, range(PIECES)))
    workers = [start(later) for _ in range(WORKERS)]
    interrupted, deadline = 0, time.monotonic() + 120
    for number in range(ROUNDS):
        # Kills are spread over the work, however fast this machine is.
        wanted = PIECES * (number + 1) // (ROUNDS + 1)
        wait_until(later, f"SELECT count(*) >= {wanted} FROM deferred_jobs WHERE status = 'DONE'", deadline)
        time.sleep(random.uniform(0, 0.02))
        for process in workers:
            kill(process)
        interrupted += later.sql("SELECT count(*) FROM deferred_jobs WHERE status = 'RUNNING'")[0][0]
        workers = [start(later) for _ in range(WORKERS)]
    wait_until(later, f"SELECT count(*) = {PIECES} FROM deferred_jobs WHERE status = 'DONE'", deadline)
    for process in workers:
        kill(process)
    assert interrupted > 0
    assert later.sql("SELECT count(*) FROM effects")[0][0] == PIECES
    assert later.sql("SELECT count(*) FROM audit_entries WHERE action = 'effectAdd'")[0][0] == PIECES


def wait_until(later, condition, deadline):
    while not later.run(later.database.fetch(text(condition)))[0][0]:
        assert time.monotonic() < deadline, later.sql("SELECT status, count(*) FROM deferred_jobs GROUP BY status")
        time.sleep(0.01)

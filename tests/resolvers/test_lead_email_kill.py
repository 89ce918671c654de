"""Whatever step a worker is killed before, the partner gets each lead's letter once."""

import multiprocessing
import signal
from datetime import UTC, datetime, timedelta

import pytest
from killing import work_and_die
from leads import create
from records import newest
from sqlalchemy import func, select

from gateway.models.audit import audit_entries
from gateway.models.lead import leads

# Longer than a lease.
LATER = timedelta(minutes=1)
ENOUGH_STEPS = 40

# Workers are forked from a process that has imported everything, since that takes longer than their work.
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["gateway.handlers"])


@pytest.mark.slow
def test_a_worker_killed_before_any_of_its_steps_sends_no_letter_twice_and_loses_none(fresh):
    fresh.work()
    # How many letters there were, and whether the lead knew, when the worker had been killed.
    left = set()
    for step in range(1, ENOUGH_STEPS):
        create(fresh)
        process = processes.Process(target=work_and_die, args=(fresh.settings, step))
        process.start()
        process.join(30)
        was_killed = process.exitcode == -signal.SIGKILL
        if was_killed:
            left.add((len(fresh.letters()) - step + 1, newest(fresh, leads)["emailed_at"] is not None))
        else:
            assert process.exitcode == 0
        fresh.work(datetime.now(UTC) + LATER)
        assert len(fresh.letters()) == step
        assert newest(fresh, leads)["emailed_at"] is not None
        if not was_killed:
            break
    assert not was_killed
    # Before the letter, between it and the commit, and after both.
    assert left == {(0, False), (1, False), (1, True)}
    told = select(func.count()).select_from(audit_entries).where(audit_entries.c.action == "leadEmail")
    assert fresh.rows(told)[0][0] == step

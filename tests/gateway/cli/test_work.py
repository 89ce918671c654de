"""partner-gateway work: it works until it is told to stop, shows what was given up, and lets it be tried again."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import insert, text

from gateway.cli import main
from gateway.models.deferred_job import deferred_jobs

ROOT = Path(__file__).parents[3]


def start(url, *arguments):
    environ = {**os.environ, "GATEWAY_DATABASE_URL": url}
    command = [sys.executable, "-m", "gateway", *arguments]
    return subprocess.Popen(command, env=environ, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def work(monkeypatch, capsys):
    """The command in this process: its status, and what it prints."""

    def run(url, *arguments):
        monkeypatch.setenv("GATEWAY_DATABASE_URL", url)
        try:
            status = main(["work", *arguments])
        except SystemExit as wrong_usage:
            status = wrong_usage.code
        return status, *capsys.readouterr()

    return run


def leave(gateway, **row):
    """A piece of work that is due, of a kind that every worker knows."""
    moment = gateway.settings.marketplace_closed_from
    common = {"kind": "pruneDeferredJobs", "payload": {}, "attempts": 0, "lease_token": 0, "status": "WAITING"}
    values = {**common, "run_at": moment, "created_at": moment, **row}
    gateway.runner.run(gateway.database.run_sync(lambda connection: connection.execute(insert(deferred_jobs), values)))


def wait_for(gateway, status):
    deadline = time.monotonic() + 30
    while not gateway.rows(text(f"SELECT 1 FROM deferred_jobs WHERE id = 1 AND status = '{status}'")):
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("command", [("work",), ("serve", "--port", "0")])
def test_it_works_until_it_is_told_to_stop(fresh, command):
    leave(fresh, id=1)
    process = start(fresh.settings.database_url, *command)
    wait_for(fresh, "DONE")
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=20)
    assert (process.returncode, "Traceback" in err) == (0, False)


def test_serve_leaves_the_work_to_others_when_it_is_told_to(fresh):
    leave(fresh, id=1)
    process = start(fresh.settings.database_url, "serve", "--port", "0", "--no-work")
    while "startup complete" not in process.stderr.readline():
        assert process.poll() is None
    time.sleep(0.5)
    process.terminate()
    process.communicate(timeout=20)
    assert fresh.rows(text("SELECT status, attempts FROM deferred_jobs")) == [("WAITING", 0)]


def test_what_was_given_up_is_shown_and_tried_again(fresh, work):
    url, moment = fresh.settings.database_url, fresh.settings.marketplace_closed_from
    given_up = {"status": "DEAD", "finished_at": moment, "attempts": 22}
    leave(fresh, id=1, last_error="The mail server answered 550", **given_up)
    leave(fresh, id=2, last_error="A bug: KeyError", **given_up)
    leave(fresh, id=3)
    status, out, _ = work(url, "dead")
    assert (status, out.splitlines()) == (
        0,
        [
            "1  pruneDeferredJobs  2023-12-01T00:00Z  attempts: 22  The mail server answered 550",
            "2  pruneDeferredJobs  2023-12-01T00:00Z  attempts: 22  A bug: KeyError",
        ],
    )
    assert work(url, "retry", "3") == (1, "", "No work that was given up has the id 3\n")
    assert work(url, "retry", "1") == (0, "1 to be tried again\n", "")
    assert work(url, "retry", "--all") == (0, "1 to be tried again\n", "")
    assert work(url, "dead") == (0, "", "")
    assert fresh.rows(text("SELECT id, status, attempts FROM deferred_jobs WHERE id < 3 ORDER BY id")) == [
        (1, "WAITING", 0),
        (2, "WAITING", 0),
    ]
    told = fresh.rows(
        text("SELECT actor, subject FROM audit_entries WHERE action = 'deferredJobRetry' ORDER BY subject")
    )
    assert told == [("cli", "gid://partners/DeferredJob/1"), ("cli", "gid://partners/DeferredJob/2")]
    assert fresh.work()[:2] == ["pruneDeferredJobs"] * 2


@pytest.mark.parametrize(
    ("arguments", "word"),
    [(("retry",), "ID"), (("retry", "1", "--all"), "--all"), (("--at-once", "0"), "--at-once"), (("dead", "x"), "x")],
)
def test_wrong_usage_is_told(work, arguments, word):
    status, out, err = work("sqlite:////nowhere/at-all.db", *arguments)
    assert (status, out) == (2, "")
    assert word in err

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from export_records import some_api, with_subscriptions
from export_server import TOKEN, Server, serve
from export_told import Told

from gateway.exports import ExportOptions, UsageError, export_records
from gateway.exports.archive import Archive

COMMAND = """
import argparse, os, signal, sys
from gateway.cli.export import add_parser

kill_at, calls, fsync = int(os.environ.get("KILL_AT_FSYNC", "0")), 0, os.fsync

def counted(descriptor):
    global calls
    calls += 1
    if calls == kill_at:
        os.kill(os.getpid(), signal.SIGKILL)
    fsync(descriptor)

os.fsync = counted
parser = argparse.ArgumentParser()
add_parser(parser.add_subparsers())
args = parser.parse_args()
status = args.run(args)
print(calls)
sys.exit(status)
"""
SEED = 20231130


@pytest.fixture(scope="module")
def killing_server() -> Iterator[Server]:
    """Its pages are small, so that there are many moments to be killed at."""
    api = with_subscriptions(some_api(jobs=150, conversations=12, transactions=200, events=60))
    api.largest_page = 40
    with serve(api) as running:
        yield running


@dataclass(frozen=True)
class Unbroken:
    content: dict[str, bytes]
    fsyncs: int


@pytest.fixture(scope="module")
def unbroken(killing_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Unbroken:
    out = tmp_path_factory.mktemp("unbroken") / "out"
    process = start(killing_server, out)
    printed, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return Unbroken(content_of(out), int(printed.splitlines()[-1]))


def start(server: Server, out: Path, kill_at_fsync: int = 0) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", COMMAND, "export", "--url", server.url, "--organization", "1", "--out", str(out)]
    environ = {**os.environ, "GATEWAY_TOKEN": TOKEN, "KILL_AT_FSYNC": str(kill_at_fsync)}
    return subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def content_of(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()}


@pytest.mark.slow
def test_killed_between_any_two_writes_it_goes_on_without_a_lost_or_doubled_record(
    killing_server: Server, unbroken: Unbroken, tmp_path: Path
) -> None:
    chance = random.Random(SEED)
    out = tmp_path / "out"
    kills = 0
    # Each run gets a little further than the one before it, and dies at another of its writes.
    while start(killing_server, out, kill_at_fsync=chance.randint(8, 24)).wait(60) == -signal.SIGKILL:
        kills += 1
    assert kills >= 4
    assert content_of(out) == unbroken.content


@pytest.mark.slow
def test_killed_at_random_times_it_goes_on_without_a_lost_or_doubled_record(
    killing_server: Server, unbroken: Unbroken, tmp_path: Path
) -> None:
    chance = random.Random(SEED)
    out = tmp_path / "out"
    killing_server.api.delay_seconds = 0.05
    for _ in range(4):
        before = killing_server.api.requests
        process = start(killing_server, out)
        while killing_server.api.requests == before:
            assert process.poll() is None
            time.sleep(0.005)
        time.sleep(chance.uniform(0.1, 0.4))
        process.kill()
        process.wait()
    assert not (out / "manifest.json").exists()
    status = start(killing_server, out).wait(60)
    killing_server.api.delay_seconds = 0.0
    assert status == 0
    assert content_of(out) == unbroken.content


@pytest.mark.slow
@pytest.mark.parametrize("fsyncs_before_the_end", range(1, 7))
def test_killed_during_its_last_steps_it_finishes(
    killing_server: Server, unbroken: Unbroken, tmp_path: Path, fsyncs_before_the_end: int
) -> None:
    out = tmp_path / "out"
    assert start(killing_server, out, kill_at_fsync=unbroken.fsyncs - fsyncs_before_the_end).wait(60) == -signal.SIGKILL
    assert start(killing_server, out).wait(60) == 0
    assert content_of(out) == unbroken.content


def test_a_run_with_other_parameters_is_refused(options: Callable[..., ExportOptions], told: Told) -> None:
    with Archive(options()):
        pass
    with pytest.raises(UsageError, match="organization 1, not 2"):
        asyncio.run(export_records(options(organization=2), told))
    with pytest.raises(UsageError, match="apiVersion '2026-10', not 'unstable'"):
        asyncio.run(export_records(options(api_version="unstable"), told))


def test_two_exports_do_not_write_one_directory(options: Callable[..., ExportOptions], told: Told) -> None:
    with Archive(options()), pytest.raises(UsageError, match="Another export is writing"):
        asyncio.run(export_records(options(), told))

"""The README tells the truth: its settings and commands are ours, and its commands run."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import fields
from pathlib import Path

import pytest

from gateway.cli import COMMANDS
from gateway.settings import Settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def test_the_readme_has_at_most_150_lines():
    assert len(README.splitlines()) <= 150


@pytest.mark.parametrize("item", fields(Settings), ids=lambda item: item.name)
def test_every_setting_stands_in_the_readme_with_its_meaning(item):
    row = next(line for line in README.splitlines() if line.startswith(f"| `GATEWAY_{item.name.upper()}` |"))
    assert row.split(" | ")[2].removesuffix(" |") == item.metadata["help"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [("rate_limit", "`4`"), ("request_timeout", "`10`"), ("port", "`8000`"), ("max_nodes", "`500000`")],
)
def test_defaults_in_the_readme_are_those_of_the_code(name, shown):
    assert f"{Settings.__dataclass_fields__[name].default:g}" == f"{float(shown.strip('`')):g}"
    assert f"| `GATEWAY_{name.upper()}` | {shown} |" in README


def test_every_variable_that_the_readme_names_is_read_somewhere():
    known = {f"GATEWAY_{item.name.upper()}" for item in fields(Settings)}
    named = set(re.findall(r"GATEWAY_[A-Z_]+", README))
    assert named - known == {"GATEWAY_TOKEN", "GATEWAY_TEST_POSTGRES_URL", "GATEWAY_TEST_REDIS_URL"}


def test_every_command_stands_in_the_readme():
    listed = set(re.findall(r"^\| `([a-z]+)` \|", README, re.MULTILINE))
    assert listed == set(COMMANDS)


def run(*arguments, cwd, **environment):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GATEWAY_")}
    command = [sys.executable, "-m", "gateway", *arguments]
    return subprocess.run(
        command, cwd=cwd, env=clean | environment, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command, tmp_path):
    told = run(command, "--help", cwd=tmp_path)
    assert told.returncode == 0
    assert told.stdout.startswith(f"usage: partner-gateway {command}")


@pytest.mark.slow
def test_the_demo_runs_in_an_empty_folder_and_leaves_it_empty(tmp_path):
    told = run("demo", "--exit", cwd=tmp_path, COLUMNS="100")
    assert told.returncode == 0, told.stderr
    assert re.search(r"jobs\.jsonl +│ +14 ", told.stdout)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_the_commands_of_the_readme_run_one_after_another(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {"GATEWAY_DATABASE_URL": f"sqlite:///{tmp_path}/gateway.db", "GATEWAY_PORT": str(port)}
    assert run("migrate", cwd=tmp_path, **settings).returncode == 0
    seeded = run("seed", "--json", cwd=tmp_path, **settings)
    token = re.search(r'"token":"(prtapi_[0-9a-f]+)"', seeded.stdout)[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "gateway", "serve"], env=os.environ | settings, stderr=subprocess.DEVNULL
    )
    try:
        wait_until_ready(f"http://127.0.0.1:{port}/readyz")
        export = ["export", "--url", f"http://127.0.0.1:{port}", "--organization", "1", "--out", "records"]
        exported = run(*export, cwd=tmp_path, GATEWAY_TOKEN=token)
        assert (exported.returncode, exported.stdout.splitlines()[0]) == (0, "jobs.jsonl: 14 records")
        verified = run(*export, "--verify", cwd=tmp_path, GATEWAY_TOKEN=token)
        written = sum(int(count) for count in re.findall(r"\.jsonl: (\d+) records", exported.stdout))
        assert written > 100
        told = (verified.returncode, verified.stdout.splitlines()[-1])
        assert told == (0, f"{written} records compared: no difference.")
    finally:
        server.terminate()
        assert server.wait(20) == 0


def wait_until_ready(url):
    for _ in range(200):
        try:
            with urllib.request.urlopen(url, timeout=1) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("The gateway did not become ready")

"""partner-gateway check: what CI asks of the code besides its tests."""

import argparse
import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection

from gateway.cli.problem import Problem
from gateway.db import Database
from gateway.migrations import upgrade
from gateway.migrations.agreement import describe, differences
from gateway.models import metadata
from gateway.settings import Settings

# The tools of the `dev` extra, in the order of how soon they answer.
TOOLS = {
    "lint": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "imports": ["importlinter"],
    "types": ["mypy"],
}


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "check",
        help="lint, format, types, imports and migrations of this code",
        description="Checks the code in the current folder: ruff, format, import contracts, mypy, and that the"
        " migrations make the tables that the models declare. Exit status: 0 all is well, 1 something is not.",
    )
    parser.set_defaults(run=run)


def run(_args: argparse.Namespace) -> int:
    if not Path("pyproject.toml").exists():
        raise Problem("There is no pyproject.toml here: run it in the project's folder", is_usage=True)
    checks: dict[str, Callable[[], str]] = {name: _tool(command) for name, command in TOOLS.items()}
    checks["migrations"] = _migrations
    return max([_report(name, check) for name, check in checks.items()])


def _report(name: str, check: Callable[[], str]) -> int:
    """Prints the check's complaints, if it has any."""
    complaints = check()
    print(f"{name}: {'failed' if complaints else 'ok'}", flush=True)
    if complaints:
        print(complaints, flush=True)
    return 1 if complaints else 0


def _tool(command: list[str]) -> Callable[[], str]:
    def check() -> str:
        program = ["-c", "from importlinter.cli import lint_imports_command as run; run()"]
        arguments = program if command[0] == "importlinter" else ["-m", *command]
        done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)  # noqa: S603 - our own words
        if f"No module named {command[0]}" in done.stderr:
            raise Problem(f'{command[0]} is not installed: pip install -e ".[dev]"', is_usage=True)
        return (done.stdout + done.stderr).strip() if done.returncode else ""

    return check


def _migrations() -> str:
    with tempfile.TemporaryDirectory() as folder:
        migrated = asyncio.run(_made(f"sqlite:///{folder}/migrated.db", upgrade))
        declared = asyncio.run(_made(f"sqlite:///{folder}/declared.db", metadata.create_all))
    return "\n".join(differences(migrated, declared))


async def _made(url: str, make: Callable[[Connection], object]) -> dict[str, object]:
    """What a new database holds once it has been made that way."""
    database = Database(Settings(database_url=url))

    def work(connection: Connection) -> dict[str, object]:
        make(connection)
        return dict(describe(connection))

    try:
        return await database.run_sync(work)
    finally:
        await database.close()

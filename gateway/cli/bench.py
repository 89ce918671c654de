"""partner-gateway bench: how fast the gateway is, beside one hand-written SQL statement that builds the JSON."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from gateway.bench.options import Options
from gateway.bench.processes import SUBJECTS
from gateway.bench.report import show
from gateway.bench.run import bench
from gateway.bench.trouble import Trouble
from gateway.cli.problem import Problem

USUAL = ("one", "list", "page")
DOCUMENTS = (*USUAL, "events")


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "bench",
        help="measure the gateway beside the limit: one SQL statement that builds the JSON",
        description="Seeds a database of its own, serves it by the compiled engine, by graphql-core and by an endpoint"
        " that one SQL statement answers, and measures them by turns. A PostgreSQL database is made beside the one that"
        " is named, and dropped afterwards. Linux only; PostgreSQL on the same machine.",
    )
    _add_database_arguments(parser)
    _add_measurement_arguments(parser)
    parser.set_defaults(run=run)


def _add_database_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--database-url", metavar="URL", help="default GATEWAY_DATABASE_URL; without PostgreSQL a temporary SQLite file"
    )
    parser.add_argument("--use", action="store_true", help="measure that database as it is; it must be seeded")
    parser.add_argument("--keep", action="store_true", help="do not drop the database that was made")
    parser.add_argument("--jobs", type=_count, default=5000, metavar="N", help="jobs to seed; default %(default)s")


def _add_measurement_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rounds", type=_count, default=5, metavar="N", help="turns of each; default %(default)s")
    parser.add_argument("--seconds", type=float, default=0.7, help="of one measurement; default %(default)s")
    parser.add_argument(
        "--connections", type=_counts, default=(1, 8, 32), metavar="A,B", help="at the same time; default 1,8,32"
    )
    parser.add_argument("--documents", type=_some_of(DOCUMENTS), default=USUAL, help="default one,list,page")
    parser.add_argument("--subjects", type=_some_of(SUBJECTS), default=SUBJECTS, help="default all three")
    parser.add_argument("--growth", action="store_true", help="also over ten times the rows")
    parser.add_argument("--export", action="store_true", help="also a deep export beside COPY")
    parser.add_argument("--memory", action="store_true", help="also 10,000 requests of 1,000 different documents")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")


def run(args: argparse.Namespace) -> int:
    values = {name: value for name, value in vars(args).items() if name != "run"}
    values["database_url"] = args.database_url or os.environ.get("GATEWAY_DATABASE_URL")
    options = Options(**values)
    try:
        found = asyncio.run(bench(options, _tell if sys.stderr.isatty() else _silent))
    except Trouble as trouble:
        raise Problem(str(trouble)) from None
    if sys.stderr.isatty():
        print(file=sys.stderr)
    show(found, Console(highlight=False, width=None if sys.stdout.isatty() else 120))
    if options.json:
        options.json.write_text(json.dumps(found.as_dict(), indent=1) + "\n", encoding="utf-8")
    return 0


def _tell(sentence: str) -> None:
    print(f"\r\x1b[K{sentence}", end="", file=sys.stderr, flush=True)


def _silent(_sentence: str) -> None: ...


def _count(value: str) -> int:
    number = int(value) if value.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{value!r} is not a number from 1 on")
    return number


def _counts(value: str) -> Sequence[int]:
    return tuple(_count(each) for each in value.split(","))


def _some_of(names: Sequence[str]) -> Callable[[str], Sequence[str]]:
    def read(value: str) -> Sequence[str]:
        chosen = tuple(value.split(","))
        if not set(chosen) <= set(names):
            raise argparse.ArgumentTypeError(f"{value!r}: takes some of {','.join(names)}")
        return chosen

    return read

"""partner-gateway schema usage: who still asks for what is deprecated, and when it was last asked for."""

import argparse
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from gateway.cli.duration import duration

_HEADINGS = ("client", "name", "version", "coordinate", "requests", "last used")


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "usage",
        help="who still asks for what is deprecated",
        description="Prints for each API client, version and coordinate how many requests had something deprecated in"
        " their document. A server writes its counts every ten seconds, and when it is stopped.",
    )
    parser.add_argument(
        "--since", type=duration, default=timedelta(days=90), metavar="90d", help="how far back; default 90d"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default %(default)s")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    # The database takes a second to import, and other actions of the command do without it.
    from gateway.cli.database import in_database  # noqa: PLC0415
    from gateway.usage import deprecated_usage  # noqa: PLC0415

    since = (datetime.now(UTC) - args.since).date()
    rows = in_database(lambda connection: deprecated_usage(connection, since=since))
    print(_json(rows) if args.format == "json" else _text(rows))
    return 0


def _json(rows: Sequence[dict[str, Any]]) -> str:
    return json.dumps([{**row, "lastUsedAt": row["lastUsedAt"].isoformat()} for row in rows], indent=2)


def _text(rows: Sequence[dict[str, Any]]) -> str:
    if not rows:
        return "Nobody asked for anything deprecated."
    lines = [_HEADINGS, *map(_line, rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(_HEADINGS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def _line(row: dict[str, Any]) -> tuple[str, ...]:
    # A name is free text: a line break in it must not look like another client.
    name = " ".join(row["name"].split()) or "-"
    last = row["lastUsedAt"].strftime("%Y-%m-%dT%H:%MZ")
    return str(row["apiClientId"]), name, row["version"], row["coordinate"], str(row["requests"]), last

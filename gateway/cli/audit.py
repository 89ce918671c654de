"""partner-gateway audit export: every write, as JSON Lines."""

import argparse
import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import orjson
from sqlalchemy import BigInteger, bindparam, select, tuple_

from gateway.audit import told
from gateway.cli.problem import Problem
from gateway.db import Database
from gateway.models.audit import audit_entries
from gateway.models.base import UtcDateTime
from gateway.moments import moment_of, wire_text
from gateway.settings import Settings
from resolvers.gid import gid

# All that is held in memory at once.
ROWS_A_PAGE = 500

_COLUMNS = ("id", "occurred_at", "organization_id", "actor", "action", "subject", "before", "after", "request_id")
_PLACE = tuple_(audit_entries.c.occurred_at, audit_entries.c.id)
_AFTER = tuple_(bindparam("after_moment", type_=UtcDateTime), bindparam("after_id", type_=BigInteger))
_PAGE = (
    select(*(audit_entries.c[name] for name in _COLUMNS))
    .where(_PLACE > _AFTER, audit_entries.c.occurred_at < bindparam("before", type_=UtcDateTime))
    .order_by(audit_entries.c.occurred_at, audit_entries.c.id)
    .limit(ROWS_A_PAGE)
)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("audit", help="who did what to which record, and when")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    export = actions.add_parser(
        "export",
        help="write the audit as JSON Lines",
        description="Writes an entry a line, oldest first. Ranges that meet leave nothing out and repeat nothing. A"
        " write is told with the moment at which its request began, and can be read once it is committed.",
    )
    export.add_argument("--from", type=moment, default=_LONG_AGO, dest="since", metavar="T", help="done then or later")
    export.add_argument("--to", type=moment, dest="until", metavar="T", help="done before then; default now")
    export.add_argument("--out", type=Path, metavar="FILE", help="default: standard output")
    export.set_defaults(run=run)


def moment(text: str) -> datetime:
    """Without a zone it is UTC. Raises ArgumentTypeError, which argparse turns into a sentence."""
    try:
        read = datetime.fromisoformat(text)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        message = f"{text!r} is no moment such as 2026-01-31 or 2026-01-31T12:00:00Z"
        raise argparse.ArgumentTypeError(message) from None


def run(args: argparse.Namespace) -> int:
    until = args.until or datetime.now(UTC)
    if until < args.since:
        raise Problem("--to lies before --from", is_usage=True)
    settings = Settings.from_env()
    if args.out is None:
        try:
            asyncio.run(_write(settings, args.since, until, sys.stdout.buffer))
        except BrokenPipeError:
            # Whoever reads has had enough, and Python would complain of it when it flushes at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    # A file of that name is whole, whatever happens meanwhile.
    new = args.out.with_name(args.out.name + ".new")
    with new.open("wb") as file:
        count = asyncio.run(_write(settings, args.since, until, file))
        file.flush()
        os.fsync(file.fileno())
    new.replace(args.out)
    print(f"{count} entries", file=sys.stderr)
    return 0


async def _write(settings: Settings, since: datetime, until: datetime, file: BinaryIO) -> int:
    database, count = Database(settings), 0
    try:
        async for page in _pages(database, since, until):
            file.writelines(map(line, page))
            count += len(page)
        file.flush()
    finally:
        await database.close()
    return count


async def _pages(database: Database, since: datetime, until: datetime) -> AsyncIterator[Sequence[Any]]:
    """Each page starts after the last row of the one before it; no statement or transaction lasts longer than that."""
    # No row has this id, so the first page begins with the first row of that moment.
    place = {"after_moment": since, "after_id": -1}
    while True:
        page = await database.fetch(_PAGE, {**place, "before": until})
        if page:
            yield page
        if len(page) < ROWS_A_PAGE:
            return
        place = {"after_moment": moment_of(page[-1][1]), "after_id": page[-1][0]}


def line(row: Sequence[Any]) -> bytes:
    """One entry, under the names of the API's AuditEntry; ids are as they go over the wire."""
    entry = dict(zip(_COLUMNS, row, strict=True))
    organization_id = entry["organization_id"]
    return orjson.dumps(
        {
            "id": gid("AuditEntry", entry["id"]),
            "occurredAt": wire_text(entry["occurred_at"]),
            "organizationId": None if organization_id is None else gid("Organization", organization_id),
            "actor": entry["actor"],
            "action": entry["action"],
            "subjectId": entry["subject"],
            "before": told(entry["before"]),
            "after": told(entry["after"]),
            "requestId": entry["request_id"],
        },
        option=orjson.OPT_APPEND_NEWLINE,
    )

"""partner-gateway migrate: brings the database to the tables that this release needs."""

import argparse
import asyncio

from sqlalchemy import Connection

from gateway.db import Database
from gateway.migrations import current_revision, upgrade
from gateway.settings import Settings


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "migrate",
        help="bring the database to the newest revision",
        description="Brings the database to the newest revision. Safe to run again, and by several at once.",
    )
    parser.set_defaults(run=run)


def run(_args: argparse.Namespace) -> int:
    before, after = asyncio.run(_migrate(Settings.from_env()))
    print(f"{before or 'empty'} → {after}" if before != after else f"{after}: nothing to do")
    return 0


async def _migrate(settings: Settings) -> tuple[str | None, str | None]:
    database = Database(settings)
    try:
        return await database.run_sync(_upgrade)
    finally:
        await database.close()


def _upgrade(connection: Connection) -> tuple[str | None, str | None]:
    return upgrade(connection), current_revision(connection)

"""partner-gateway work: does what was left for later, until it is told to stop; shows what was given up."""

import argparse
import asyncio
import logging
import logging.config
import signal
from datetime import UTC, datetime

from gateway.cli.database import in_database
from gateway.cli.logs import log_config
from gateway.cli.problem import Problem
from gateway.db import Database
from gateway.handlers import make_worker
from gateway.jobs.dead import list_dead, retry
from gateway.settings import Settings

_log = logging.getLogger("gateway.work")


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "work",
        help="do what was left for later: mail, timers",
        description="Does what was left for later. SIGTERM lets what runs finish, or gives it back. Any number of"
        " them may run, beside those of `serve`; whatever is killed, nothing is lost or done twice.",
    )
    parser.add_argument("--at-once", type=int, default=4, metavar="N", help="pieces at once; default %(default)s")
    parser.set_defaults(run=run)
    actions = parser.add_subparsers(title="actions", metavar="ACTION")

    actions.add_parser("dead", help="list what was given up, and why").set_defaults(run=show_dead)

    again = actions.add_parser("retry", help="let what was given up be tried again")
    which = again.add_mutually_exclusive_group(required=True)
    which.add_argument("id", type=int, nargs="?", metavar="ID", help="as `work dead` shows it")
    which.add_argument("--all", action="store_true", help="all of it")
    again.set_defaults(run=retry_dead)


def run(args: argparse.Namespace) -> int:
    if args.at_once < 1:
        raise Problem("--at-once must be at least 1", is_usage=True)
    settings = Settings.from_env()
    logging.config.dictConfig(log_config(settings.log_level))
    asyncio.run(_work(settings, args.at_once))
    return 0


async def _work(settings: Settings, at_once: int) -> None:
    database = Database(settings)
    worker = make_worker(database, settings, at_once=at_once)
    for told in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(told, worker.stop)
    _log.info("Working, %d at once", at_once)
    try:
        await worker.run()
    finally:
        await database.close()
    _log.info("Stopped")


def show_dead(_args: argparse.Namespace) -> int:
    for row in in_database(list_dead):
        given_up = f"{row.finished_at:%Y-%m-%dT%H:%MZ}"
        print(f"{row.id}  {row.kind}  {given_up}  attempts: {row.attempts}  {row.last_error}")
    return 0


def retry_dead(args: argparse.Namespace) -> int:
    count = in_database(lambda connection: retry(connection, args.id, now=datetime.now(UTC)))
    if not count and not args.all:
        raise Problem(f"No work that was given up has the id {args.id}")
    print(f"{count} to be tried again")
    return 0

"""partner-gateway demo: the whole of it on one machine, from an empty folder to an archive, and a gateway to try."""

import argparse
import asyncio
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from rich.console import Console
from rich.table import Table

from gateway.app import create_app
from gateway.cli.problem import Problem
from gateway.cli.seed import SeedResult, seed
from gateway.db import Database
from gateway.exports import ExportOptions, ExportReport, export_records
from gateway.exports.progress import progress_for
from gateway.settings import Settings
from schema import NEWEST

ORGANIZATION = 1
QUERIES = (
    "{ jobs(first: 2) { nodes { id status shop { name } services { name } conversation { id } } } }",
    '{ partners(first: 3, query: "design") { totalCount nodes { name averageRating reviewCount location { city } } } }',
)


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "demo",
        help="try it: example records, a gateway, an export",
        description="Fills a fresh SQLite file with example records, serves them on a free port, exports them through"
        " the gateway, and stays up so that you can ask it something. Settings of the environment are not read.",
    )
    parser.add_argument("--exit", action="store_true", help="stop after the export")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    folder = Path(tempfile.mkdtemp(prefix="partner-gateway-demo-"))
    # The demo has one caller, who should not wait for a bucket to fill.
    settings = Settings(database_url=f"sqlite:///{folder / 'demo.db'}", mail_dir=str(folder / "mail"), rate_limit=0)
    return asyncio.run(_demo(settings, folder, stay=not args.exit))


async def _demo(settings: Settings, folder: Path, *, stay: bool) -> int:
    tokens = await _fill(settings)
    token = tokens.partners[ORGANIZATION]
    async with _serving(settings) as (serving, origin):
        options = ExportOptions(url=origin, organization=ORGANIZATION, token=token, out=folder / "export")
        progress = progress_for()
        try:
            report = await export_records(options, progress)
        finally:
            progress.close()
        console = Console(highlight=False)
        console.print(_summary(report))
        console.print(f"The database holds {sum(tokens.rows.values()):,} rows, also of other organizations.")
        console.print(f"Database and archive: {folder}", soft_wrap=True)
        if stay:
            _invite(console, origin, token)
            await asyncio.wait({serving})
    return 0 if report.complete else 1


async def _fill(settings: Settings) -> SeedResult:
    database = Database(settings)
    try:
        return await seed(database)
    finally:
        await database.close()


@asynccontextmanager
async def _serving(settings: Settings) -> AsyncIterator[tuple["asyncio.Task[None]", str]]:
    """The gateway in this process, on a port that was free; ends when the block does or the user interrupts."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        create_app(settings), log_config=None, access_log=False, lifespan="on", timeout_graceful_shutdown=5
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:
        if serving.done():
            raise Problem("The gateway could not start")
        await asyncio.sleep(0.01)
    try:
        yield serving, f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving


def _summary(report: ExportReport) -> Table:
    table = Table(title=f"Exported by organization {ORGANIZATION}")
    table.add_column("File")
    table.add_column("Records", justify="right")
    for name, count in report.counts.items():
        table.add_row(name, f"{count:,}")
    table.add_row("messages in conversations", f"{report.message_count:,}")
    return table


def _invite(console: Console, origin: str, token: str) -> None:
    address = f"{origin}/{ORGANIZATION}/api/{NEWEST}/graphql.json"
    console.print(f"\nURL:   {address}\nToken: {token}\nTry:\n", soft_wrap=True)
    headers = f"-H 'X-Shopify-Access-Token: {token}' \\\n  -H 'Content-Type: application/graphql'"
    for query in QUERIES:
        console.print(f"curl -s {address} \\\n  {headers} \\\n  -d '{query}'\n", soft_wrap=True, markup=False)
    console.print("Ctrl-C stops it.")

"""One run of the bench: databases, servers, measurements, in the order in which they are reported."""

import asyncio
import json
import os
import sys
from contextlib import AbstractAsyncContextManager, AsyncExitStack

from gateway.bench import growth
from gateway.bench.databases import Measured, existing, fresh
from gateway.bench.documents import documents
from gateway.bench.export import COPY, PLAN, Exported
from gateway.bench.figures import Ratio, Sample, ratio
from gateway.bench.memory import memory
from gateway.bench.options import Found, Options
from gateway.bench.parity import check_parity
from gateway.bench.processes import COMPILED, LIMIT, WALKED, Generator, Server, generating, serving
from gateway.bench.processor import DatabaseProcessor, check_platform
from gateway.bench.rounds import Bench, Plan, Tell, Turn
from gateway.bench.trouble import Trouble

LARGER = 10


async def bench(options: Options, tell: Tell) -> Found:
    """Raises Trouble where what would be measured means nothing."""
    check_platform()
    tell(f"seeding {options.jobs:,} jobs")
    async with _database(options) as measured:
        async with generating() as generator, DatabaseProcessor(measured.url) as database:
            plan = Plan(options.rounds, options.seconds, options.connections)
            found = await _measure(Bench(generator, database, plan, tell), generator, measured, options, tell)
        if options.growth:
            found.costs += await _larger(options, measured, tell)
        if options.export:
            found.exports = await _exports(options, measured, tell)
    return found


def _database(options: Options) -> AbstractAsyncContextManager[Measured]:
    if options.use:
        if options.database_url is None:
            raise Trouble("--use needs a database: give --database-url")
        return existing(options.database_url)
    return fresh(options.database_url, jobs=options.jobs, keep=options.keep)


async def _measure(bench: Bench, generator: Generator, measured: Measured, options: Options, tell: Tell) -> Found:
    asked = [documents(measured.job_id)[name] for name in options.documents]
    async with AsyncExitStack() as stack:
        servers: dict[str, Server] = {}
        for subject in options.subjects:
            serve = serving(subject, measured.url, measured.token)
            servers[subject] = await stack.enter_async_context(serve)
        await check_parity(list(servers.values()), asked)
        samples: list[Sample] = []
        for document in asked:
            samples += await bench.by_turns([Turn(name, server, document) for name, server in servers.items()])
        found = Found(database=measured.server, jobs=measured.jobs, samples=samples, ratios=_ratios(samples, options))
        if COMPILED in servers:
            found.costs += await growth.page_growth(bench, servers[COMPILED])
            found.costs += await growth.unseen(bench, servers[COMPILED], asked)
            if options.memory:
                found.memory = await memory(generator, servers[COMPILED], tell)
    return found


def _ratios(samples: list[Sample], options: Options) -> list[Ratio]:
    """Each subject beside the limit, and ours beside the ordinary way to execute."""
    pairs = [(COMPILED, LIMIT), (WALKED, LIMIT), (COMPILED, WALKED)]
    found = [ratio(samples, name, subject, to=to) for name in options.documents for subject, to in pairs]
    return [each for each in found if each is not None]


async def _larger(options: Options, measured: Measured, tell: Tell) -> list[growth.Cost]:
    tell(f"seeding {options.jobs * LARGER:,} jobs")
    async with (
        fresh(options.database_url, jobs=options.jobs * LARGER, keep=options.keep) as large,
        generating() as generator,
        DatabaseProcessor(measured.url, large.url) as database,
    ):
        plan = Plan(options.rounds, options.seconds, growth.CONNECTIONS)
        return await growth.table_growth(Bench(generator, database, plan, tell), measured, large)


async def _exports(options: Options, measured: Measured, tell: Tell) -> dict[str, list[Exported]]:
    found: dict[str, list[Exported]] = {PLAN: [], COPY: []}
    for number in range(options.rounds):
        for way, exports in found.items():
            tell(f"export by {way}: round {number + 1}")
            exports.append(await _export(way, measured.url))
    return found


async def _export(way: str, url: str) -> Exported:
    """In a process of its own, whose memory holds nothing but the export."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "gateway.bench.export", way),
        env=os.environ | {"GATEWAY_DATABASE_URL": url, "GATEWAY_DATABASE_TIMEOUT": "60"},
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    if process.returncode:
        raise Trouble(f"The export by {way} failed")
    return Exported(**json.loads(output))

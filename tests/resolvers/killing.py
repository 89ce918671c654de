"""A worker that kills itself, as kill -9 would, before one of its steps: a statement, a commit, or what is done for a
letter.
"""

import asyncio
import os
import signal
from typing import Any

from sqlalchemy import event

from gateway.db import Database
from gateway.handlers import HANDLERS
from gateway.jobs import Worker
from gateway.settings import Settings


class CountedMailer:
    def __init__(self, mailer: Any, step: Any) -> None:
        self._mailer = mailer
        self._step = step

    async def send(self, letter: Any, **options: Any) -> None:
        self._step()
        await self._mailer.send(letter, **options)
        self._step()


def work_and_die(settings: Settings, last_step: int) -> None:
    """Does what is due; ends by itself where there are fewer steps."""
    steps = 0

    def step(*_: Any) -> None:
        nonlocal steps
        steps += 1
        if steps == last_step:
            os.kill(os.getpid(), signal.SIGKILL)

    async def work() -> None:
        database = Database(settings)
        engine = database._engine.sync_engine
        event.listen(engine, "before_cursor_execute", step)
        event.listen(engine, "commit", step)
        worker = Worker(database, settings, HANDLERS)
        worker._mailer = CountedMailer(worker._mailer, step)
        await worker.run_due()
        await database.close()

    asyncio.run(work())

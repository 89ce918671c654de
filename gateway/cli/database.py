"""A command's work in the database that the environment names."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from gateway.db import Database
from gateway.settings import Settings

T = TypeVar("T")


def in_database(work: Callable[[Connection], T]) -> T:
    """In one transaction."""

    async def run() -> T:
        database = Database(Settings.from_env())
        try:
            return await database.run_sync(work)
        finally:
            await database.close()

    return asyncio.run(run())

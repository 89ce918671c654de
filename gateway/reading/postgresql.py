"""Reads of PostgreSQL: asyncpg runs what SQLAlchemy wrote, on connections that are not reset in between."""

from collections.abc import Sequence
from typing import Any

import asyncpg
import orjson
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import URL
from sqlalchemy.sql import Executable

from gateway.reading.compiled import PREPARED_STATEMENTS, Compiled, Late, Parameters, Texts
from gateway.reading.connections import Connections
from gateway.within import within

# A connection that broke while it was used, or while it waited to be.
LOST = (asyncpg.ConnectionDoesNotExistError, asyncpg.InterfaceError, ConnectionError)

Rows = Sequence[Any]


class PostgresReader:
    def __init__(self, url: URL, *, connections: int, timeout_seconds: float) -> None:
        self._texts = Texts(postgresql.asyncpg.dialect())  # type: ignore[no-untyped-call] # SQLAlchemy's own
        self._url = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._timeout_seconds = timeout_seconds
        self._connections = Connections(self._connect, connections)

    def is_busy(self) -> bool:
        return self._connections.all_in_use()

    async def fetch(self, statement: Executable, parameters: Parameters | Late) -> Rows:
        compiled = self._texts.get(statement)
        try:
            return await self._run(compiled, parameters)
        except LOST:
            # One dead connection is seldom alone. A read can be repeated, on a connection that is new.
            self._connections.forget()
            return await self._run(compiled, parameters)

    async def _run(self, compiled: Compiled, parameters: Parameters | Late) -> Rows:
        connection = self._connections.idle()
        if connection is None:
            with within(self._timeout_seconds):
                connection = await self._connections.take()
        try:
            arguments = compiled.arguments(parameters)
            rows: Rows = await connection.fetch(compiled.text, *arguments, timeout=self._timeout_seconds)
        except BaseException:
            self._connections.lose(connection)
            raise
        self._connections.give(connection)
        return rows

    async def _connect(self) -> Any:
        connection = await asyncpg.connect(
            self._url,
            timeout=self._timeout_seconds,
            statement_cache_size=PREPARED_STATEMENTS,
            max_cached_statement_lifetime=0,
        )
        try:
            for name in ("json", "jsonb"):
                await connection.set_type_codec(name, encoder=orjson.dumps, decoder=orjson.loads, schema="pg_catalog")
            await connection.set_builtin_type_codec("timestamptz", codec_name="int8", schema="pg_catalog")
        except BaseException:
            connection.terminate()
            raise
        return connection

    def forget(self) -> None:
        self._connections.forget()

    async def close(self) -> None:
        await self._connections.close()

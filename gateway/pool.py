"""The connections of transactions: SQLAlchemy's pool, and what a new one to SQLite is told. Reads have others."""

from functools import partial
from typing import Any

from sqlalchemy import event, make_url
from sqlalchemy.engine import URL, Connection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from gateway.reading.journal import write_ahead
from gateway.settings import Settings


def database_url(text: str) -> URL:
    """The URL with the driver that we use; `sslmode` is how libpq spells what asyncpg calls `ssl`."""
    url = make_url(text)
    if url.get_backend_name() == "sqlite":
        return url.set(drivername="sqlite+aiosqlite")
    query = dict(url.query)
    if "sslmode" in query:
        query["ssl"] = query.pop("sslmode")
    return url.set(drivername="postgresql+asyncpg", query=query)


def _prepare_sqlite(dbapi_connection: Any, _record: object, *, timeout_seconds: float) -> None:
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    write_ahead(cursor.execute, timeout_seconds=timeout_seconds)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its place at once: a transaction that reads first and writes later can't be made to wait.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def make_pool(settings: Settings) -> AsyncEngine:
    url = database_url(settings.database_url)
    timeout = settings.database_timeout
    if settings.is_postgresql:
        return create_async_engine(
            url,
            pool_size=settings.database_pool_size,
            max_overflow=0,
            pool_timeout=timeout,
            hide_parameters=True,
            connect_args={"timeout": timeout, "command_timeout": None},
        )
    engine = create_async_engine(
        url,
        pool_size=settings.database_pool_size,
        max_overflow=0,
        pool_timeout=timeout,
        hide_parameters=True,
        connect_args={"timeout": timeout},
    )
    event.listen(engine.sync_engine, "connect", partial(_prepare_sqlite, timeout_seconds=timeout))
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine

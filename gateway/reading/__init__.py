"""Reads past SQLAlchemy's execution: it compiles the statements, the drivers run them, and rows stay what drivers make.

A row is a sequence (asyncpg's Record, a list of SQLite's) of ids, texts, booleans and lists. Moments are in the form in
which either database keeps them: see gateway/moments.py.
"""

from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy.sql import Executable

from gateway.reading.compiled import Late, Parameters
from gateway.reading.joint import JointReads
from gateway.reading.postgresql import LOST, PostgresReader
from gateway.reading.sqlite import SqliteReader

__all__ = ["LOST", "JointReads", "Late", "Parameters", "PostgresReader", "Reader", "SqliteReader"]


class Reader(Protocol):
    """`fetch` may be cancelled at any moment, and its statement ends soon after. Raises TimeoutError."""

    def is_busy(self) -> bool:
        """Whether a statement would have to wait for a connection."""

    async def fetch(self, statement: Executable, parameters: Parameters | Late) -> Sequence[Any]:
        """Calls for late parameters once there is a connection."""

    def forget(self) -> None:
        """Gives up every connection: the server that they lead to does not answer."""

    async def close(self) -> None: ...

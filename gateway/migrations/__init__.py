"""Alembic, configured in code: the same migrations run on SQLite and PostgreSQL."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

# Any number would do; it only has to be the same in every process that migrates.
LOCK_KEY = 7_470_316


def config(connection: Connection | None = None) -> Config:
    alembic = Config()
    alembic.set_main_option("script_location", str(Path(__file__).parent))
    alembic.attributes["connection"] = connection
    return alembic


def upgrade(connection: Connection, revision: str = "head") -> str | None:
    """Brings the database to the revision, in the connection's transaction, and tells the one that it had.

    Of several at once, one does the work.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
    before = current_revision(connection)
    command.upgrade(config(connection), revision)
    return before


def current_revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str | None:
    return ScriptDirectory.from_config(config()).get_current_head()

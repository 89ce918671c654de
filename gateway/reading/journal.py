"""SQLite's write-ahead log, in which readers and a writer do not wait for each other."""

import sqlite3
import time
from collections.abc import Callable
from typing import Any

PAUSE_SECONDS = 0.01


def write_ahead(execute: Callable[[str], Any], *, timeout_seconds: float) -> None:
    """Has the file use it. Of several that open a new file at once SQLite refuses some, and has none of them wait."""
    until = time.monotonic() + timeout_seconds
    while True:
        try:
            execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() >= until:
                raise
            time.sleep(PAUSE_SECONDS)
        else:
            return

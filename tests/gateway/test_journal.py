"""A new SQLite file that several processes open at once."""

import multiprocessing
import sqlite3
from pathlib import Path
from typing import Any

from gateway.reading.journal import write_ahead

PROCESSES, FILES = 4, 25


def open_each(folder: Path, barrier: Any) -> None:
    for number in range(FILES):
        barrier.wait(30)
        connection = sqlite3.connect(folder / f"{number}.db", timeout=30, isolation_level=None)
        write_ahead(connection.execute, timeout_seconds=30)
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("CREATE TABLE IF NOT EXISTS rows (a)")
        connection.execute("INSERT INTO rows VALUES (1)")
        connection.execute("COMMIT")
        connection.close()


def test_none_of_them_is_refused(tmp_path):
    """Without `write_ahead` one in fifteen is: a file is locked while it changes, and SQLite does not wait for that."""
    spawning = multiprocessing.get_context("fork")
    barrier = spawning.Barrier(PROCESSES)
    processes = [spawning.Process(target=open_each, args=(tmp_path, barrier)) for _ in range(PROCESSES)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * PROCESSES
    for number in range(FILES):
        connection = sqlite3.connect(tmp_path / f"{number}.db")
        assert connection.execute("SELECT count(*) FROM rows").fetchone() == (PROCESSES,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        connection.close()

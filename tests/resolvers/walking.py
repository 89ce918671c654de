"""A mutation that dies by kill -9 after each of its statements: all of it is there afterwards, or nothing."""

import itertools
import multiprocessing
import os
import signal
from datetime import UTC, datetime
from multiprocessing.connection import Connection as Pipe
from typing import Any

from harness import Gateway
from sqlalchemy import event, update

from gateway.models import metadata
from gateway.models.api_client import api_clients

# Asks are made by processes that are forked from one that has imported everything, since that takes longer than to ask.
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["gateway.app", "gateway.handlers", "httpx", "uvicorn"])

# What requests note beside their work, in transactions of their own.
_BESIDE = frozenset({"api_clients", "deprecated_field_usage"})
_NEVER = datetime(2999, 1, 1, tzinfo=UTC)


def held(gateway: Gateway) -> dict[str, list[str]]:
    """All rows of all tables, as texts, but for what requests note beside their work."""
    tables = [table for table in metadata.sorted_tables if table.name not in _BESIDE]
    return {table.name: sorted(map(repr, gateway.rows(table.select()))) for table in tables}


def walk(
    gateway: Gateway, document: str, variables: dict[str, Any], *, token: str, headers: dict[str, str] | None = None
) -> tuple[dict[str, Any], int]:
    """Asks once for each statement of the request, in a process that is killed right after that statement.

    Asserts that each of them left nothing. The last one gets through to its answer, and is killed then; told are that
    answer's data, and after how many statements there was a kill. The database then holds what the last one wrote.
    """
    noted = update(api_clients).values(last_used_at=_NEVER)
    gateway.runner.run(gateway.database.run_sync(lambda connection: connection.execute(noted)))
    asked = {"document": document, "variables": variables, "token": token, "headers": headers}
    before = held(gateway)
    for number in itertools.count(1):
        answer = _ask_in_a_process(gateway, asked, kill_after=number)
        if answer is not None:
            assert "errors" not in answer, answer["errors"]
            return answer["data"], number - 1
        left = held(gateway)
        changed = [name for name, rows in left.items() if rows != before[name]]
        assert not changed, f"killed after statement {number}, and {changed} are not what they were"
    raise AssertionError


def _ask_in_a_process(gateway: Gateway, asked: dict[str, Any], *, kill_after: int) -> dict[str, Any] | None:
    """The answer; None where it was killed before there was one."""
    reading, writing = processes.Pipe(duplex=False)
    process = processes.Process(
        target=_ask_until_killed, args=(gateway.settings, gateway.tokens, asked, kill_after, writing)
    )
    process.start()
    writing.close()
    try:
        answer = reading.recv()
    except EOFError:
        answer = None
    process.join(60)
    assert process.exitcode == -signal.SIGKILL, f"it ended by itself: {process.exitcode}"
    process.close()
    reading.close()
    return answer


def _ask_until_killed(settings: Any, tokens: Any, asked: dict[str, Any], kill_after: int, told: Pipe) -> None:
    seen = 0

    def count(*_: Any) -> None:
        nonlocal seen
        seen += 1
        if seen == kill_after:
            os.kill(os.getpid(), signal.SIGKILL)

    gateway = Gateway(settings, tokens)
    event.listen(gateway.database._engine.sync_engine, "after_cursor_execute", count)
    told.send(gateway.ask(asked.pop("document"), asked.pop("variables"), **asked).body)
    os.kill(os.getpid(), signal.SIGKILL)

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from export_records import some_api
from export_server import TOKEN, Server, serve
from export_told import Told

from gateway.exports import ExportOptions, Retries

QUICK = Retries(attempts=4, first_pause_seconds=0.01, longest_pause_seconds=0.05, timeout_seconds=20)


@pytest.fixture
def server() -> Iterator[Server]:
    with serve(some_api()) as running:
        yield running


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def options(server: Server, tmp_path: Path) -> Callable[..., ExportOptions]:
    """Options for the running server; keywords replace."""

    def make(**changes: object) -> ExportOptions:
        given = {"url": server.url, "organization": 1, "token": TOKEN, "out": tmp_path / "out", "retries": QUICK}
        return ExportOptions(**{**given, **changes})  # type: ignore[arg-type]

    return make

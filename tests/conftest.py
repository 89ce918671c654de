"""Every test that touches a database runs on SQLite, and on PostgreSQL where GATEWAY_TEST_POSTGRES_URL names one."""

import asyncio
import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from harness import BACKENDS, POSTGRES_URL, Gateway, Template, run_sql, seeded

REDIS_URL = os.environ.get("GATEWAY_TEST_REDIS_URL", "")
_NEVER = datetime(2999, 1, 1, tzinfo=UTC)
STILL_OPEN = {"marketplace_winding_down_from": _NEVER, "marketplace_closed_from": _NEVER}


def pytest_configure() -> None:
    # Whoever is run in the background of a shell ignores SIGINT, and the servers that tests start would as well.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for name, value in (("GATEWAY_TEST_POSTGRES_URL", POSTGRES_URL), ("GATEWAY_TEST_REDIS_URL", REDIS_URL)):
        if not value:
            terminalreporter.write_line(f"Left out: the tests that need {name}, which is not set")


@pytest.fixture(scope="session", params=BACKENDS)
def template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Template]:
    if request.param == "sqlite":
        yield seeded(f"sqlite:///{tmp_path_factory.mktemp('template')}/seeded.db")
        return
    name = f"gateway_template_{uuid4().hex}"
    asyncio.run(run_sql(POSTGRES_URL, f'CREATE DATABASE "{name}"'))
    yield seeded(f"{POSTGRES_URL.rsplit('/', 1)[0]}/{name}")
    asyncio.run(run_sql(POSTGRES_URL, f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.fixture(scope="session")
def shared(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A gateway over the fixtures, for tests that only read. The marketplace has closed."""
    with template.copy(tmp_path_factory.mktemp("shared")) as gateway:
        yield gateway


@pytest.fixture(scope="session")
def shared_open(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """The same while the marketplace is still open."""
    with template.copy(tmp_path_factory.mktemp("open"), **STILL_OPEN) as gateway:
        yield gateway


@pytest.fixture
def fresh(template: Template, tmp_path: Path) -> Iterator[Gateway]:
    """A gateway of the test's own, to write to."""
    with template.copy(tmp_path) as gateway:
        yield gateway


@pytest.fixture
def fresh_open(template: Template, tmp_path: Path) -> Iterator[Gateway]:
    """The same while the marketplace is still open."""
    with template.copy(tmp_path, **STILL_OPEN) as gateway:
        yield gateway

"""A gateway in this process, on a fresh database with a few API clients; and databases with nothing in them."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from graphql import GraphQLSchema
from harness import Template, name_of, run_sql
from serving import ENGINE, Gateway, in_process, stand_in_schema

from gateway.settings import Settings


@pytest.fixture
def make_gateway(tmp_path: Path) -> Iterator[Callable[..., Gateway]]:
    """`make_gateway(build=..., rate_limit=...)`; the rate limit is off unless it is asked for."""
    with ExitStack() as stack:
        numbers = count()

        def make(*, build: Callable[[str], GraphQLSchema] = stand_in_schema, **settings: Any) -> Gateway:
            name = f"sqlite:///{tmp_path}/{next(numbers)}.db"
            chosen = Settings(**{"database_url": name, "rate_limit": 0.0, "serve_work": 0, **ENGINE, **settings})
            return stack.enter_context(in_process(chosen, build))

        yield make


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """For tests that change no row."""
    name = f"sqlite:///{tmp_path_factory.mktemp('gateway')}/gateway.db"
    settings = Settings(database_url=name, rate_limit=0.0, serve_work=0, **ENGINE)
    with in_process(settings, stand_in_schema) as gateway:
        yield gateway


@pytest.fixture
def new_url(template: Template, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Each call is the URL of another database with nothing in it."""
    made: list[str] = []

    def make() -> str:
        name = f"gateway_empty_{uuid4().hex}"
        if template.url.startswith("sqlite"):
            return f"sqlite:///{tmp_path}/{name}.db"
        asyncio.run(run_sql(template.url, f'CREATE DATABASE "{name}"'))
        made.append(name)
        return template.url.replace(name_of(template.url), name)

    yield make
    for name in made:
        asyncio.run(run_sql(template.url, f'DROP DATABASE "{name}" WITH (FORCE)'))

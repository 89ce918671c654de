"""Both engines answer alike whatever is asked: generated documents over the whole schema, for several viewers.

GATEWAY_TEST_DOCUMENTS says how many documents there are, on all databases together. Left out, they are always the same.
"""

import asyncio
import gc
import os
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from agreement import assert_agree
from drawn_documents import Drawing, Drawn
from faults import Faulty, drawn_faults, faulty
from graphql import ExecutionResult, GraphQLSchema, parse
from harness import BACKENDS, Gateway
from hypothesis import HealthCheck, Phase, assume, given, note, settings
from hypothesis import strategies as st

from gateway.db import Database
from gateway.errors import LimitExceeded
from gateway.execution.engine import Engine, Operation, Plans
from gateway.execution.validation import validate_document
from gateway.limits import requested_cost
from gateway.settings import Settings
from gateway.viewer import ANONYMOUS, ApiPermission, Viewer, ViewerKind
from resolvers.context import Context
from resolvers.write import Write

DOCUMENTS = int(os.environ.get("GATEWAY_TEST_DOCUMENTS", "2000")) // len(BACKENDS)
BY_HAND = "GATEWAY_TEST_DOCUMENTS" in os.environ
NOW = datetime(2026, 11, 1, tzinfo=UTC)
NEVER = datetime(2999, 1, 1, tzinfo=UTC)
SMALL = Settings(max_nodes=100_000)

ALL = frozenset(ApiPermission)
PARTNER = Viewer(ViewerKind.PARTNER, 1, organization_id=1, permissions=ALL)
VIEWERS = [
    *[PARTNER] * 4,
    Viewer(ViewerKind.PARTNER, 2, organization_id=2, permissions=ALL),
    Viewer(ViewerKind.PARTNER, 3, organization_id=1, permissions=frozenset({ApiPermission.MANAGE_JOBS})),
    Viewer(ViewerKind.PARTNER, 4, organization_id=1, permissions=frozenset({ApiPermission.MANAGE_APPS})),
    Viewer(ViewerKind.MERCHANT, 5, shop_id=1, merchant_user_id=1),
    Viewer(ViewerKind.EMPLOYEE, 6, employee_id=1),
    ANONYMOUS,
]

# Each list's own field, and how a document finds its cursors.
CURSORS = {
    "jobs": "{ jobs(first: 5) { edges { cursor } } }",
    "conversations": "{ conversations(first: 5) { edges { cursor } } }",
    "transactions": "{ transactions(first: 9) { edges { cursor } } }",
    "messages": '{ conversation(id: "gid://partners/Conversation/1") { messages(first: 9) { edges { cursor } } } }',
    "events": '{ app(id: "gid://partners/App/1") { events(first: 9) { edges { cursor } } } }',
}


class Undo(Exception):
    """Ends a transaction whose writes nobody should find."""


class Undoing(Context):
    """Writes and undoes it: two engines that write in turn would not find the same database."""

    __slots__ = ()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Write]:
        with suppress(Undo):
            async with self.database.transaction() as connection:
                write = Write(self, connection)
                await write.start()
                yield write
                await write.finish()
                raise Undo
        self.forget()
        write.tell()


@dataclass
class Bench:
    """Two engines over one database and one schema, whose faults are set for each document."""

    gateway: Gateway
    database: Database
    faulty: Faulty
    ours: Engine = field(default_factory=lambda: Engine("compiled"))
    theirs: Engine = field(default_factory=lambda: Engine("graphql-core"))
    complaints: list[Any] = field(default_factory=list)

    @property
    def schema(self) -> GraphQLSchema:
        return self.faulty.schema

    def operation(self, text: str) -> Operation:
        document = parse(text)
        assert validate_document(self.schema, document) == []
        return Operation(self.schema, document, document.definitions[0])

    def is_small(self, drawn: Drawn) -> bool:
        """One in sixty asks for so much that graphql-core takes a minute or all of the memory; few would be served."""
        document = parse(drawn.text)
        try:
            requested_cost(document, document.definitions[0], self.schema, drawn.variables, SMALL)
        except LimitExceeded:
            return False
        return True

    def run(self, engine: Engine, operation: Operation, variables: Any, context: Context) -> ExecutionResult:
        self.faulty.calls.clear()
        return self.gateway.runner.run(engine.execute(operation, variables, context, as_json=True))

    def context(self, viewer: Viewer, *, is_open: bool) -> Context:
        phases = {"marketplace_winding_down_from": NEVER, "marketplace_closed_from": NEVER} if is_open else {}
        chosen = Settings(database_url=self.gateway.settings.database_url, **phases)
        return Undoing(viewer=viewer, database=self.database, settings=chosen, now=NOW, request_id="drawn")


@pytest.fixture(scope="module")
def bench(shared: Gateway) -> Iterator[Bench]:
    # A statement that is given up for the load of the machine would fail one engine and not the other.
    patient = Settings(database_url=shared.settings.database_url, database_timeout=60)
    bench = Bench(shared, Database(patient), faulty())
    shared.runner.get_loop().set_exception_handler(lambda _loop, context: bench.complaints.append(context))
    yield bench
    shared.runner.run(bench.database.close())
    shared.runner.get_loop().set_exception_handler(None)


@pytest.fixture(scope="module")
def cursors(bench: Bench) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, document in CURSORS.items():
        held = bench.gateway.ask(document).data
        while name not in held:
            held = next(iter(held.values()))
        found[name] = [edge["cursor"] for edge in held[name]["edges"]]
    return found


def _both(bench: Bench, drawn: Drawn, viewer: Viewer, *, is_open: bool) -> None:
    operation = bench.operation(drawn.text)
    variables = operation.coerce(drawn.variables)
    assert not isinstance(variables, list), variables
    here, there = (bench.context(viewer, is_open=is_open) for _ in range(2))
    theirs = bench.run(bench.theirs, operation, variables, there)
    ours = bench.run(bench.ours, operation, variables, here)
    compiled = Plans().get(operation, variables.coerced) is not None
    assert_agree(ours, theirs, compiled=compiled)
    # Where one relation is asked for in several places, either engine may find more of them that are due together; and
    # an error that makes the whole answer null ends the others early.
    places = Counter(coordinate.partition(".")[2] for coordinate in bench.faulty.calls.elements())
    if not theirs.errors and all(times == 1 for times in places.values()):
        assert here.statements <= there.statements


@pytest.mark.slow
@settings(
    max_examples=DOCUMENTS,
    derandomize=not BY_HAND,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
@given(random=st.randoms(use_true_random=False))
def test_both_engines_answer_alike(bench, cursors, random):
    drawn = Drawing(random, bench.schema, cursors).draw()
    assume(bench.is_small(drawn))
    viewer = random.choice(VIEWERS)
    bench.faulty.active = drawn_faults(random, bench.faulty)
    for line in (drawn.text, drawn.variables, viewer, bench.faulty.active):
        note(str(line))
    _both(bench, drawn, viewer, is_open=random.choice([True, False]))


def test_no_task_was_left_behind(bench):
    gc.collect()
    bench.gateway.runner.run(asyncio.sleep(0.05))
    assert bench.complaints == []

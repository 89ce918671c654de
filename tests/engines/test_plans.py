"""Plans: which there are, how many are kept, and that they hold nothing of whoever asked first."""

import asyncio
import gc
import importlib
import pkgutil
import random
import sys
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from types import FunctionType, ModuleType
from typing import Any

import pytest
from agreement import assert_agree
from graphql import parse, validate
from harness import seeded
from small_schema import Small, each, gives, rows

import gateway.execution
import resolvers
from gateway.db import Database
from gateway.execution.engine import Engine, Operation, Plans
from gateway.execution.validation import validate_document
from gateway.http.documents import Documents
from gateway.settings import Settings
from gateway.viewer import ANONYMOUS, ApiPermission, Viewer, ViewerKind
from resolvers.context import Context
from schema import build

NOW = datetime(2026, 11, 1, tzinfo=UTC)
ALL = frozenset(ApiPermission)
VIEWERS = [
    Viewer(ViewerKind.PARTNER, 1, organization_id=1, permissions=ALL),
    Viewer(ViewerKind.PARTNER, 2, organization_id=2, permissions=ALL),
    Viewer(ViewerKind.PARTNER, 3, organization_id=1, permissions=frozenset({ApiPermission.MANAGE_APPS})),
    Viewer(ViewerKind.MERCHANT, 4, shop_id=1, merchant_user_id=1),
    Viewer(ViewerKind.EMPLOYEE, 5, employee_id=1),
    ANONYMOUS,
]
WHOSE = """query Q($app: ID!) {
    viewer { kind permissions organization { name } shop { name } merchantUser { name } }
    app(id: $app) { name events(first: 3) { nodes { type shop { name } } } }
    nodes(ids: ["gid://partners/Shop/1", "gid://partners/ServiceSale/1", "gid://partners/Job/1"]) { __typename id }
}"""


@pytest.fixture(scope="module")
def served():
    return build("unstable")


def operation(schema: Any, text: str) -> Operation:
    document = parse(text)
    assert validate_document(schema, document) == []
    return Operation(schema, document, document.definitions[0])


def small() -> Small:
    sdl = "type Query { thing: Thing  echo(n: Int): Int } type Thing { id: ID!  size: Int }"
    return Small(sdl, {"Query.thing": gives(rows("id size", ("1", 5))), "Query.echo": each(lambda n=None: n)})


def test_a_plan_is_made_once_whatever_the_variables_hold():
    plans, asked = Plans(), small().operation("query Q($n: Int) { echo(n: $n) }")
    assert plans.get(asked, {"n": 1}) is plans.get(asked, {"n": 2}) is plans.get(asked, {})
    assert len(plans) == 1


def test_each_setting_of_the_flags_has_a_plan_of_its_own():
    asked = small().operation(
        "query Q($a: Boolean!, $b: Boolean!, $n: Int) { thing { id @skip(if: $a) size @include(if: $b) } echo(n: $n) }"
    )
    plans = Plans()
    keys = {}
    for a in (False, True):
        for b in (False, True):
            for n in (1, 2):
                plan = plans.get(asked, {"a": a, "b": b, "n": n})
                keys[a, b] = [field.key for field in plan.fields[0].sub.fields]
    assert keys == {(False, False): ["id"], (False, True): ["id", "size"], (True, False): [], (True, True): ["size"]}
    assert len(plans) == 4


def test_the_plans_that_were_used_last_are_kept():
    plans, asked = Plans(most=3), small()
    operations = [asked.operation(f"{{ key{number}: thing {{ id }} }}") for number in range(5)]
    first = plans.get(operations[0], {})
    for each_operation in operations[1:3]:
        plans.get(each_operation, {})
    assert plans.get(operations[0], {}) is first
    for each_operation in operations[3:]:
        plans.get(each_operation, {})
    assert len(plans) == 3
    assert plans.get(operations[0], {}) is first
    assert plans.get(operations[1], {}) is not None


def test_two_operations_of_equal_text_do_not_share_a_plan():
    """They may be of two versions."""
    plans, asked = Plans(), small()
    first, second = (asked.operation("{ thing { id } }") for _ in range(2))
    assert plans.get(first, {}) is not plans.get(second, {})


def test_viewers_who_share_a_plan_get_their_own_answers(shared, served):
    asked = operation(served, WHOSE)
    variables = asked.coerce({"app": "gid://partners/App/1"})

    async def execute(engine: Engine, viewer: Viewer) -> Any:
        context = Context(viewer, shared.database, Settings(database_url=shared.settings.database_url), NOW, "request")
        result = await engine.execute(asked, variables, context)
        return result.data, sorted((str(error.path), error.message) for error in result.errors or ()), context.objects

    async def together() -> Any:
        engine = Engine("compiled")
        everyone = VIEWERS * 3
        found = await asyncio.gather(*(execute(engine, viewer) for viewer in everyone))
        assert len(engine._plans) == 1
        return list(zip(everyone, found, strict=True))

    alone = {viewer: shared.runner.run(execute(Engine("compiled"), viewer)) for viewer in VIEWERS}
    for viewer, answer in shared.runner.run(together()):
        assert answer == alone[viewer]
    assert len({repr(answer) for answer in alone.values()}) == len(VIEWERS)


def test_a_plan_reaches_nothing_of_the_request_that_it_ran_for(shared, served):
    asked = operation(served, WHOSE)
    engine = Engine("compiled")
    context = Context(VIEWERS[0], shared.database, Settings(database_url=shared.settings.database_url), NOW, "request")
    shared.runner.run(engine.execute(asked, asked.coerce({"app": "gid://partners/App/1"}), context))
    held = list(_reachable(engine._plans))
    assert len(held) > 100
    assert not [each_held for each_held in held if isinstance(each_held, Context | Viewer | Database)]


def _reachable(start: Any) -> Iterator[Any]:
    """All that is held by it, past modules and classes; of functions what they closed over."""
    seen: set[int] = set()
    waiting = [start]
    while waiting:
        value = waiting.pop()
        if id(value) in seen or isinstance(value, ModuleType | type):
            continue
        seen.add(id(value))
        yield value
        closed_over = isinstance(value, FunctionType)
        waiting += list(value.__closure__ or ()) if closed_over else gc.get_referents(value)


@pytest.mark.parametrize("engine", ["compiled", "graphql-core"])
def test_a_list_that_holds_more_than_was_expected_is_refused_when_it_comes(shared, served, engine):
    few = Settings(database_url=shared.settings.database_url, max_nodes=6)
    asked = operation(served, "{ serviceCategories { handle } viewer { kind } }")
    context = Context(VIEWERS[0], shared.database, few, NOW, "request")
    result = shared.runner.run(Engine(engine).execute(asked, asked.coerce({}), context))
    assert result.data is None
    assert [(error.path, error.original_error.code) for error in result.errors] == [
        (["serviceCategories"], "MAX_NODES")
    ]


def test_a_request_leaves_nothing_to_the_collector(shared, served):
    """Rows are many, and would stay until it runs."""
    document = '{ jobs(first: 5) { nodes { id shop { id } } } node(id: "gid://partners/Shop/1") { id } }'
    asked, engine = operation(served, document), Engine("compiled")

    async def ask() -> None:
        context = Context(VIEWERS[0], shared.database, Settings(database_url=shared.settings.database_url), NOW, "r")
        assert (await engine.execute(asked, asked.coerce({}), context)).data is not None
        context.end()

    shared.runner.run(ask())
    gc.collect()
    gc.disable()
    try:
        shared.runner.run(ask())
        assert not [each for each in gc.get_objects() if isinstance(each, Context)]
    finally:
        gc.enable()


CACHE = type(lru_cache(lambda: None))


def test_every_cache_of_statements_is_bounded():
    caches = []
    for package in (resolvers, gateway.execution):
        for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(found.name)
            caches += [value for value in vars(module).values() if isinstance(value, CACHE)]
    assert len(caches) > 5
    assert all(cache.cache_info().maxsize is not None for cache in caches)


@pytest.mark.slow
def test_memory_stays_flat_over_ten_thousand_requests_of_a_thousand_documents(tmp_path, served):
    """The caches are full after the first thousands; from then on nothing may grow."""
    url = seeded(f"sqlite:///{tmp_path}/rows.db").url
    chance = random.Random(1)
    texts = [_document(number) for number in range(1000)]

    async def main() -> list[int]:
        database, documents, engine = Database(Settings(database_url=url)), Documents(), Engine("compiled")
        settings = Settings(database_url=url)
        sizes = []
        for number in range(10_000):
            asked = documents.get("2026-10", served, chance.choice(texts), settings).operation(None, settings)
            context = Context(chance.choice(VIEWERS), database, settings, NOW, "request")
            result = await engine.execute(asked, asked.coerce({"size": number % 5}), context)
            assert result.data is not None or result.errors
            if number in (4_999, 9_999):
                gc.collect()
                sizes.append(tracemalloc.get_traced_memory()[0])
        await database.close()
        return sizes

    tracemalloc.start()
    try:
        halfway, at_the_end = asyncio.run(main())
    finally:
        tracemalloc.stop()
    assert at_the_end - halfway < 2 * 2**20, f"{(at_the_end - halfway) / 2**20:.1f} MB more on {sys.platform}"


def _document(number: int) -> str:
    bodies = [
        f"{{ viewer {{ key{number}: kind permissions }} }}",
        f'{{ app(id: "gid://partners/App/{number}") {{ key{number}: name }} publicApiVersions {{ handle }} }}',
        f"query Q($size: Int) {{ jobs(first: $size) {{ nodes {{ key{number}: id status }} }} }}",
        f'{{ node(id: "{number}") {{ key{number}: id }} viewer {{ kind }} }}',
    ]
    return bodies[number % 4]


def test_a_field_and_its_nullable_form_may_be_asked_for_together(shared, served):
    """graphql-core's own rule refuses it, and so does the specification; see decision 0007."""
    text = """{ transactions(first: 250) { nodes {
        ... on ReferralTransaction { shop { name } }
        ... on ServiceSale { shop { id name } }
        ... on LegacyTransaction { shop { id } }
    } } }"""
    assert [error.message.partition(" ")[0] for error in validate(served, parse(text))] == ["Fields"] * 2
    asked = operation(served, text)

    async def execute(name: str) -> Any:
        context = Context(VIEWERS[0], shared.database, Settings(database_url=shared.settings.database_url), NOW, "r")
        return await Engine(name).execute(asked, asked.coerce({}), context)

    ours, theirs = (shared.runner.run(execute(name)) for name in ("compiled", "graphql-core"))
    assert_agree(ours, theirs)
    nodes = ours.data["transactions"]["nodes"]
    assert {frozenset(node["shop"]) for node in nodes if node.get("shop")} == {
        frozenset({"name"}),
        frozenset({"id", "name"}),
        frozenset({"id"}),
    }

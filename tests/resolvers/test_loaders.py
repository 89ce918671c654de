"""Loads by key: what is asked for at the same time shares a statement, and no waiter takes an answer from another."""

import asyncio
import gc
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from resolvers.loaders import KeyLoader


class Table:
    """Rows in memory. `fetched` are the keys of each statement; `failing` fails those that are still to come."""

    def __init__(self) -> None:
        self.fetched: list[list[int]] = []
        self.failing: Exception | None = None
        self.open = asyncio.Event()
        self.open.set()

    async def fetch(self, keys: list[int]) -> dict[int, str]:
        self.fetched.append(keys)
        await self.open.wait()
        if self.failing is not None:
            raise self.failing
        return {key: f"row {key}" for key in keys if key > 0}


def run(scenario: Callable[[Table, KeyLoader], Awaitable[Any]]) -> Any:
    """The scenario's answer. Nothing may be left behind: no task, and no error that nobody looked at."""
    complaints: list[Any] = []

    async def main() -> Any:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, context: complaints.append(context))
        table = Table()
        answer = await asyncio.wait_for(scenario(table, KeyLoader(table.fetch)), timeout=5)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        gc.collect()
        return answer

    answer = asyncio.run(main())
    gc.collect()
    assert complaints == []
    return answer


def test_keys_come_in_the_order_in_which_they_were_asked_for():
    async def scenario(table, loader):
        assert await loader.load_many([3, 1, 3, -1]) == ["row 3", "row 1", "row 3", None]
        return table.fetched

    assert run(scenario) == [[3, 1, -1]]


def test_who_is_alone_waits_for_nobody_and_a_row_is_still_fetched_once():
    async def scenario(table, loader):
        asking = loader.load(1, alone=True)
        # The first step already fetches.
        with pytest.raises(StopIteration, match="row 1"):
            asking.send(None)
        assert await loader.load_many([1, 2]) == ["row 1", "row 2"]
        assert await loader.load(2, alone=True) == "row 2"
        return table.fetched

    assert run(scenario) == [[1], [2]]


def test_keys_that_are_asked_for_at_the_same_time_share_a_statement():
    async def scenario(table, loader):
        answers = await asyncio.gather(loader.load_many([1, 2]), loader.load_many([2, 3]), loader.load(1))
        assert answers == [["row 1", "row 2"], ["row 2", "row 3"], "row 1"]
        return table.fetched

    assert run(scenario) == [[1, 2, 3]]


def test_a_key_is_fetched_once_even_where_there_is_no_row():
    async def scenario(table, loader):
        assert [await loader.load(key) for key in (1, -1, 1, -1)] == ["row 1", None, "row 1", None]
        return table.fetched

    assert run(scenario) == [[1], [-1]]


def test_what_is_on_its_way_is_not_asked_for_again():
    async def scenario(table, loader):
        table.open.clear()
        first = asyncio.create_task(loader.load_many([1, 2]))
        await asyncio.sleep(0.01)
        second = asyncio.create_task(loader.load_many([2, 3]))
        await asyncio.sleep(0.01)
        table.open.set()
        assert (await first, await second) == (["row 1", "row 2"], ["row 2", "row 3"])
        return table.fetched

    assert run(scenario) == [[1, 2], [3]]


def test_no_keys_are_no_statement():
    async def scenario(table, loader):
        assert await loader.load_many([]) == []
        return table.fetched

    assert run(scenario) == []


def test_a_failure_fails_everyone_who_waits_and_a_later_load_tries_again():
    async def scenario(table, loader):
        table.failing = ValueError("away")
        loads = [loader.load_many([1, 2]), loader.load_many([2]), loader.load(3)]
        found = await asyncio.gather(*loads, return_exceptions=True)
        assert found == [table.failing] * 3
        table.failing = None
        assert await loader.load_many([1, 3]) == ["row 1", "row 3"]
        return table.fetched

    assert run(scenario) == [[1, 2, 3], [1, 3]]


def test_two_statements_that_fail_one_load_leave_no_error_unheard():
    async def scenario(table, loader):
        table.open.clear()
        first = asyncio.create_task(loader.load(1))
        await asyncio.sleep(0.01)
        second = asyncio.create_task(loader.load_many([1, 2]))
        await asyncio.sleep(0.01)
        first.cancel()
        table.failing = ValueError("away")
        table.open.set()
        assert await asyncio.gather(second, return_exceptions=True) == [table.failing]
        await asyncio.wait([first])

    run(scenario)


@pytest.mark.parametrize("cancelled", [0, 1, 2])
@pytest.mark.parametrize("statement_runs", [False, True])
def test_whoever_is_cancelled_takes_nothing_from_the_others(cancelled, statement_runs):
    async def scenario(table, loader):
        table.open.clear()
        tasks = [asyncio.create_task(loader.load_many([1, key])) for key in (2, 3, 4)]
        await asyncio.sleep(0.01 if statement_runs else 0)
        tasks[cancelled].cancel()
        await asyncio.sleep(0.01)
        table.open.set()
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        for place, answer in enumerate(answers):
            if place == cancelled:
                assert isinstance(answer, asyncio.CancelledError)
            else:
                assert answer == ["row 1", f"row {place + 2}"]

    run(scenario)


def test_a_load_that_everyone_gave_up_can_be_asked_for_again():
    async def scenario(table, loader):
        table.open.clear()
        tasks = [asyncio.create_task(loader.load(1)) for _ in range(3)]
        await asyncio.sleep(0.01)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        table.open.set()
        return await loader.load(1)

    assert run(scenario) == "row 1"

"""A time limit that costs little: what `asyncio.timeout` does for the same."""

import asyncio

import pytest

from gateway.within import within


async def wait_within(seconds: float, work_seconds: float) -> str:
    with within(seconds):
        await asyncio.sleep(work_seconds)
    return "in time"


def test_what_ends_in_time_is_let_be():
    assert asyncio.run(wait_within(5, 0)) == "in time"


def test_what_takes_longer_raises_timeout_error_and_the_task_goes_on():
    async def run() -> str:
        with pytest.raises(TimeoutError):
            await wait_within(0.01, 5)
        await asyncio.sleep(0)
        assert asyncio.current_task().cancelling() == 0
        return await wait_within(5, 0)

    assert asyncio.run(run()) == "in time"


def test_an_error_inside_stays_what_it_is():
    async def run() -> None:
        with pytest.raises(KeyError), within(5):
            raise KeyError

    asyncio.run(run())


def test_who_is_cancelled_from_outside_is_cancelled_and_not_late():
    async def run() -> None:
        task = asyncio.create_task(wait_within(5, 5))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())


def test_who_is_late_and_cancelled_as_well_is_cancelled():
    async def run() -> None:
        task = asyncio.create_task(late_and_cancelled())
        with pytest.raises(asyncio.CancelledError):
            await task

    async def late_and_cancelled() -> None:
        limit = within(5)
        with limit:
            limit._cancel()
            asyncio.current_task().cancel()
            await asyncio.sleep(5)

    asyncio.run(run())

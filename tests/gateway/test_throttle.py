import asyncio
import logging
import os
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from gateway.settings import Settings
from gateway.throttle import (
    REDIS_PAUSE_SECONDS,
    REDIS_TIMEOUT_SECONDS,
    MemoryThrottle,
    RedisThrottle,
    Unlimited,
    make_throttle,
)

REDIS_URL = os.environ.get("GATEWAY_TEST_REDIS_URL", "")
needs_redis = pytest.mark.skipif(not REDIS_URL, reason="GATEWAY_TEST_REDIS_URL names no Redis")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_let_in_and_then_one_request_for_each_restored_token() -> None:
    async def scenario() -> None:
        clock = Clock()
        throttle = MemoryThrottle(4, clock=clock)
        assert [(await throttle.take("a")).available for _ in range(4)] == [3, 2, 1, 0]
        refused = await throttle.take("a")
        assert (refused.allowed, refused.available, refused.retry_after_seconds) == (False, 0, 0.25)
        assert (refused.maximum, refused.restore_rate) == (4, 4)
        clock.now += refused.retry_after_seconds
        assert (await throttle.take("a")).allowed
        assert not (await throttle.take("a")).allowed
        assert (await throttle.take("b")).allowed

    asyncio.run(scenario())


def test_a_rate_below_one_still_lets_one_request_in() -> None:
    async def scenario() -> None:
        clock = Clock()
        throttle = MemoryThrottle(0.1, clock=clock)
        first, second = await throttle.take("a"), await throttle.take("a")
        assert (first.allowed, second.allowed, first.maximum) == (True, False, 1)
        assert second.retry_after_seconds == pytest.approx(10)
        clock.now += second.retry_after_seconds
        assert (await throttle.take("a")).allowed

    asyncio.run(scenario())


@given(st.floats(0.1, 50), st.lists(st.floats(0, 3), max_size=60))
def test_never_more_than_the_burst_and_what_was_restored(rate: float, waits: list[float]) -> None:
    async def scenario() -> None:
        clock = Clock()
        throttle = MemoryThrottle(rate, clock=clock)
        allowed = 0
        for wait in waits:
            clock.now += wait
            allowed += (await throttle.take("a")).allowed
        assert allowed <= max(rate, 1) + rate * (clock.now - 1000) + 0.01

    asyncio.run(scenario())


def test_addresses_without_end_take_bounded_memory() -> None:
    async def scenario() -> None:
        clock = Clock()
        throttle = MemoryThrottle(4, clock=clock, max_keys=100)
        for number in range(1000):
            assert (await throttle.take(str(number))).allowed
        assert len(throttle._full_at) <= 100
        clock.now += 10
        for number in range(100):
            await throttle.take(f"later {number % 3}")
        assert len(throttle._full_at) == 3

    asyncio.run(scenario())


def test_no_limit_is_a_full_bucket() -> None:
    allowance = asyncio.run(make_throttle(Settings(rate_limit=0)).take("a"))
    assert allowance.allowed
    assert allowance.available == allowance.maximum > 0
    assert allowance.restore_rate > 0


def test_the_settings_choose_the_throttle() -> None:
    assert isinstance(make_throttle(Settings(rate_limit=0, redis_url="redis://h/0")), Unlimited)
    assert isinstance(make_throttle(Settings()), MemoryThrottle)
    assert isinstance(make_throttle(Settings(redis_url="redis://h/0")), RedisThrottle)


@asynccontextmanager
async def redis_throttle(rate: float, prefix: str = "") -> AsyncIterator[RedisThrottle]:
    throttle = RedisThrottle(Redis.from_url(REDIS_URL), rate, prefix=prefix or f"test:{uuid.uuid4()}:")
    yield throttle
    await throttle.close()


@needs_redis
def test_redis_counts_as_memory_does() -> None:
    async def scenario() -> None:
        async with redis_throttle(0.5) as slow:
            assert [(await slow.take("a")).allowed for _ in range(3)] == [True, False, False]
            assert 1.5 < (await slow.take("a")).retry_after_seconds <= 2
        async with redis_throttle(4) as throttle:
            allowances = [await throttle.take("a") for _ in range(6)]
            assert [allowance.allowed for allowance in allowances] == [True] * 4 + [False] * 2
            assert (await throttle.take("b")).allowed
            await asyncio.sleep(allowances[-1].retry_after_seconds)
            assert (await throttle.take("a")).allowed

    asyncio.run(scenario())


@needs_redis
def test_workers_share_the_bucket_in_redis_and_it_expires_when_it_is_full() -> None:
    async def scenario() -> None:
        prefix = f"test:{uuid.uuid4()}:"
        async with redis_throttle(20, prefix) as one, redis_throttle(20, prefix) as two:
            answers = await asyncio.gather(*(throttle.take("a") for throttle in [one, two] * 30))
            assert 20 <= sum(answer.allowed for answer in answers) <= 30
            assert 0 < await one._redis.pttl(f"{prefix}a") <= 1000

    asyncio.run(scenario())


async def _with_server(
    answer: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
    scenario: Callable[[RedisThrottle, Clock], Awaitable[None]],
) -> None:
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    throttle = make_throttle(Settings(redis_url=f"redis://127.0.0.1:{port}/0", rate_limit=2))
    assert isinstance(throttle, RedisThrottle)
    clock = throttle._clock = throttle._fallback._clock = Clock()
    await scenario(throttle, clock)
    await throttle.close()
    server.close()


def test_a_redis_that_hangs_costs_one_wait_and_one_warning(caplog: pytest.LogCaptureFixture) -> None:
    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async def scenario(throttle: RedisThrottle, clock: Clock) -> None:
        started = time.monotonic()
        assert [(await throttle.take("a")).allowed for _ in range(20)] == [True] * 2 + [False] * 18
        assert REDIS_TIMEOUT_SECONDS * 0.8 < time.monotonic() - started < REDIS_TIMEOUT_SECONDS * 2

        clock.now += REDIS_PAUSE_SECONDS + 1
        started = time.monotonic()
        answers = await asyncio.gather(*(throttle.take("b") for _ in range(20)))
        assert sum(answer.allowed for answer in answers) == 2
        assert time.monotonic() - started < REDIS_TIMEOUT_SECONDS * 2

    with caplog.at_level(logging.INFO, "gateway.throttle"):
        asyncio.run(_with_server(hang, scenario))
    assert [record.levelname for record in caplog.records] == ["WARNING"]


@needs_redis
def test_a_redis_that_comes_back_is_asked_again(caplog: pytest.LogCaptureFixture) -> None:
    """A proxy holds back what Redis says, for a while: a late answer must not be taken for the next one."""
    delay = REDIS_TIMEOUT_SECONDS * 1.5

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, _, port = REDIS_URL.split("/")[2].rpartition("@")[2].partition(":")
        from_redis, to_redis = await asyncio.open_connection(host, int(port or 6379))

        async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, late: bool) -> None:
            while data := await source.read(65536):
                if late:
                    await asyncio.sleep(delay)
                sink.write(data)
            sink.close()

        # The end of the test cancels what is still on its way.
        with suppress(asyncio.CancelledError):
            await asyncio.gather(pump(reader, to_redis, late=False), pump(from_redis, writer, late=True))

    async def scenario(throttle: RedisThrottle, clock: Clock) -> None:
        nonlocal delay
        key = str(uuid.uuid4())
        assert (await throttle.take(key)).available == 1
        delay = 0
        clock.now += REDIS_PAUSE_SECONDS + 1
        for name in ("b", "c"):
            available = [(await throttle.take(f"{key}{name}")).available for _ in range(2)]
            assert available == pytest.approx([1, 0], abs=0.2)

    with caplog.at_level(logging.INFO, "gateway.throttle"):
        asyncio.run(_with_server(proxy, scenario))
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]

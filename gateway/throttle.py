"""How often one caller may ask: a bucket of tokens for each key, in this process or, for several, in Redis.

A bucket is one number: the moment at which it will be full again. What is missing now is the time until then, times
the rate; one request moves the moment by 1/rate seconds. A moment that has passed is a full bucket, and a full bucket
need not be kept. A refused request changes nothing.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Protocol, cast

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from gateway.settings import Settings

logger = logging.getLogger(__name__)

MAX_KEYS = 50_000
PREFIX = "partner-gateway:throttle:"
REDIS_TIMEOUT_SECONDS = 0.25
# After a failure, requests go on without Redis for this long; then one of them tries it again.
REDIS_PAUSE_SECONDS = 5.0
# What the clocks and the text form of a number may lose; without it, a caller who waits exactly as long as told is
# refused now and then.
_ROUNDING = 1e-4
# Clients compute how long to wait from these numbers, so "no limit" is a large bucket and never a rate of zero.
_UNLIMITED = 1_000_000.0


@dataclass(slots=True)
class Allowance:
    """The answer, and the bucket after it, in requests: `available` of `maximum`, `restore_rate` more each second."""

    allowed: bool
    maximum: float
    available: float
    restore_rate: float
    retry_after_seconds: float = 0.0


class Throttle(Protocol):
    async def take(self, key: str) -> Allowance:
        """One request of `key`."""

    async def close(self) -> None: ...


class Unlimited:
    async def take(self, key: str) -> Allowance:  # noqa: ARG002 - every caller gets the same
        return Allowance(True, _UNLIMITED, _UNLIMITED, _UNLIMITED)

    async def close(self) -> None:
        return


class MemoryThrottle:
    """Counts in this process alone. `rate` is requests a second, more than 0; the burst is the same, at least 1."""

    def __init__(self, rate: float, *, clock: Callable[[], float] = time.monotonic, max_keys: int = MAX_KEYS) -> None:
        self._rate = rate
        self._burst = max(rate, 1.0)
        self._clock = clock
        self._max_keys = max_keys
        # Least recently used first.
        self._full_at: OrderedDict[str, float] = OrderedDict()

    async def take(self, key: str) -> Allowance:
        now = self._clock()
        self._forget(now)
        full_at = max(self._full_at.get(key, now), now)
        available = self._burst - (full_at - now) * self._rate
        allowed = available >= 1 - _ROUNDING
        if allowed:
            available -= 1
            self._full_at[key] = full_at + 1 / self._rate
            self._full_at.move_to_end(key)
        return _allowance(self._rate, allowed=allowed, available=available)

    def _forget(self, now: float) -> None:
        """Looks at the two oldest: more go than come, and nobody waits for a sweep."""
        for key, full_at in list(islice(self._full_at.items(), 2)):
            if full_at <= now or len(self._full_at) >= self._max_keys:
                del self._full_at[key]

    async def close(self) -> None:
        self._full_at.clear()


# Redis gives the time, so the clocks of the workers need not agree. The moment is kept as text, since Lua would round
# a number to fourteen digits; the key goes when the bucket is full.
_TAKE = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local rate, burst, rounding = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local full_at = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
local available = burst - (full_at - now) * rate
if available < 1 - rounding then
  return {0, tostring(available)}
end
full_at = full_at + 1 / rate
redis.call('SET', KEYS[1], string.format('%.6f', full_at), 'PX', math.ceil((full_at - now) * 1000))
return {1, tostring(available - 1)}
"""


class RedisThrottle:
    """Counts in Redis, for all workers together; without Redis, each worker counts for itself until it is back."""

    def __init__(
        self, redis: Redis, rate: float, *, prefix: str = PREFIX, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._redis = redis
        self._rate = rate
        self._prefix = prefix
        self._clock = clock
        self._script = redis.register_script(_TAKE)
        self._fallback = MemoryThrottle(rate, clock=clock)
        self._try_again_at: float | None = None

    async def take(self, key: str) -> Allowance:
        now = self._clock()
        if self._try_again_at is not None:
            if now < self._try_again_at:
                return await self._fallback.take(key)
            # The others go on without Redis while this request tries it.
            self._try_again_at = now + REDIS_PAUSE_SECONDS
        try:
            async with asyncio.timeout(REDIS_TIMEOUT_SECONDS):
                reply = await self._script([self._prefix + key], [self._rate, max(self._rate, 1.0), _ROUNDING])
        except (RedisError, OSError) as error:
            if self._try_again_at is None:
                logger.warning("Redis does not answer, each worker counts requests for itself: %r", error)
            self._try_again_at = self._clock() + REDIS_PAUSE_SECONDS
            return await self._fallback.take(key)
        if self._try_again_at is not None:
            logger.info("Redis answers again")
            self._try_again_at = None
        allowed, available = cast("tuple[int, bytes]", reply)
        return _allowance(self._rate, allowed=bool(allowed), available=float(available))

    async def close(self) -> None:
        await self._redis.aclose()


def _allowance(rate: float, *, allowed: bool, available: float) -> Allowance:
    available = max(available, 0.0)
    return Allowance(allowed, max(rate, 1.0), available, rate, 0.0 if allowed else (1 - available) / rate)


def make_throttle(settings: Settings) -> Throttle:
    rate = settings.rate_limit
    if not rate:
        return Unlimited()
    if not settings.redis_url:
        return MemoryThrottle(rate)
    # We wait once and no longer: what fails is counted here instead of tried again.
    redis = Redis.from_url(
        settings.redis_url,
        socket_timeout=REDIS_TIMEOUT_SECONDS,
        socket_connect_timeout=REDIS_TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    return RedisThrottle(redis, rate)

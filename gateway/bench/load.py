"""The load generator, a process of its own: `python -m gateway.bench.load` reads orders as lines and answers each.

It parses no more of an answer than how long it is, so that it takes little of the processor from what it measures.
"""

import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass, field
from typing import cast

import uvloop

from gateway.bench.documents import COUNTER

_HEAD_ENDS = b"\r\n\r\n"
_OK = b"HTTP/1.1 200 "
_LENGTH = b"content-length:"
_DATA = b'{"data"'
# Where an answer does not come for so long, nothing that is measured means anything.
PATIENCE_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Ask for so long, at most so often. With `cycle`, a number below it is written over the body's counter."""

    port: int
    path: str
    token: str
    body: str
    connections: int = 1
    seconds: float = 1.0
    most: int = 1_000_000
    start: int = 0
    cycle: int = 0


@dataclass(slots=True)
class Told:
    """What came of an order; latencies in seconds. `seconds` end with the last answer."""

    requests: int = 0
    seconds: float = 0.0
    p50: float = 0.0
    p99: float = 0.0
    bytes: int = 0
    error: str = ""


@dataclass(slots=True)
class Run:
    order: Order
    head: bytes
    body: bytes
    ends: float
    done: "asyncio.Future[None]"
    asked: int = 0
    length: int = -1
    open: int = 0
    latencies: list[float] = field(default_factory=list)

    def next(self) -> bytes | None:
        """The next request, or None when it is enough."""
        if self.asked >= self.order.most or time.perf_counter() >= self.ends or self.done.done():
            return None
        number = self.order.start + self.asked
        self.asked += 1
        if not self.order.cycle:
            return self.head + self.body
        return self.head + self.body.replace(COUNTER.encode(), b"a%09d" % (number % self.order.cycle))

    def fail(self, reason: str) -> None:
        if not self.done.done():
            self.done.set_exception(RuntimeError(reason))

    def close(self) -> None:
        self.open -= 1
        if not self.open and not self.done.done():
            self.done.set_result(None)


class Connection(asyncio.Protocol):
    """Asks, counts the bytes of the answer, and asks again."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._head = b""
        self._missing = -1
        self._asked = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def ask(self) -> None:
        request = self._run.next()
        if request is None:
            self._transport.close()
            self._run.close()
            return
        self._head, self._missing = b"", -1
        self._asked = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        if self._missing < 0:
            self._head += data
            head, found, rest = self._head.partition(_HEAD_ENDS)
            # The first bytes of the body tell an answer from a refusal.
            if not found or len(rest) < len(_DATA):
                return
            self._missing = self._length(head) - len(rest)
            if not rest.startswith(_DATA):
                self._run.fail(f"Refused: {rest[:300]!r}")
        else:
            self._missing -= len(data)
        if not self._missing:
            self._run.latencies.append(time.perf_counter() - self._asked)
            self.ask()

    def _length(self, head: bytes) -> int:
        lines = head.lower().split(b"\r\n")
        length = next((int(line[len(_LENGTH) :]) for line in lines if line.startswith(_LENGTH)), -1)
        if self._run.length < 0:
            self._run.length = length
        if not head.startswith(_OK) or length != self._run.length:
            self._run.fail(f"Not the answer that came first, of {self._run.length} bytes: {head[:300]!r}")
        return length

    def connection_lost(self, _error: Exception | None) -> None:
        if not self._transport.is_closing():
            self._run.fail("The server closed a connection")


async def _carry_out(order: Order) -> Told:
    loop = asyncio.get_running_loop()
    run = Run(order, _head(order), order.body.encode(), 0.0, loop.create_future(), open=order.connections)
    connections = [
        (await loop.create_connection(lambda: Connection(run), "127.0.0.1", order.port))[1]
        for _ in range(order.connections)
    ]
    started = time.perf_counter()
    run.ends = started + order.seconds
    for connection in connections:
        connection.ask()
    async with asyncio.timeout(order.seconds + PATIENCE_SECONDS):
        await run.done
    latencies = sorted(run.latencies)
    return Told(
        requests=len(latencies),
        seconds=time.perf_counter() - started,
        p50=latencies[len(latencies) // 2],
        p99=latencies[len(latencies) * 99 // 100],
        bytes=run.length,
    )


def _head(order: Order) -> bytes:
    lines = (
        f"POST {order.path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"X-Shopify-Access-Token: {order.token}",
        "Content-Type: application/json",
        f"Content-Length: {len(order.body.encode())}",
    )
    return "\r\n".join(lines).encode() + _HEAD_ENDS


def main() -> None:
    for line in sys.stdin:
        try:
            told = uvloop.run(_carry_out(Order(**json.loads(line))))
        except (RuntimeError, OSError, TimeoutError) as error:
            told = Told(error=str(error) or type(error).__name__)
        sys.stdout.write(json.dumps(asdict(told)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

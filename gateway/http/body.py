"""The bytes of a request's body: never more than the limit in memory, and nothing left in the connection's way."""

import contextlib

from starlette.types import Receive

from gateway.errors import BadRequest
from gateway.within import within

# What is refused is still read, so that a client that sends all before it listens gets the answer and can go on with
# the same connection. Beyond this, or if it sends slowly, the connection is closed.
DISCARDED_BYTES = 8_000_000
DISCARDING_SECONDS = 2.0


class Disconnected(Exception):
    """The client hung up: nobody waits for an answer."""


class Body:
    """Reads once. `ended` says whether the last byte has arrived."""

    def __init__(self, receive: Receive, headers: dict[bytes, bytes]) -> None:
        self._receive = receive
        # Whoever waits for "100 Continue" has sent nothing yet; to ask for the body only to drop it makes no sense.
        self._worth_discarding = b"expect" not in headers
        length = headers.get(b"content-length", b"")[:19]
        self._announced = int(length) if length.isdigit() else 0
        self.ended = False

    async def read(self, *, max_bytes: int, timeout_seconds: float) -> bytes:
        """Raises BadRequest (413 BODY_TOO_LARGE, 408 BODY_TIMEOUT) and Disconnected."""
        body = bytearray()
        try:
            with within(timeout_seconds):
                while not self.ended and max(len(body), self._announced) <= max_bytes:
                    body += await self._chunk()
        except TimeoutError:
            self._worth_discarding = False
            raise BadRequest("The body did not arrive in time", code="BODY_TIMEOUT", status=408) from None
        if max(len(body), self._announced) > max_bytes:
            message = "The body has more than {most} bytes"
            raise BadRequest(message, {"most": max_bytes}, code="BODY_TOO_LARGE", status=413)
        return bytes(body)

    async def discard(self) -> None:
        """Reads what is left, within bounds; afterwards `ended` tells whether the connection can be used again."""
        if self.ended or not self._worth_discarding or self._announced > DISCARDED_BYTES:
            return
        size = 0
        with contextlib.suppress(TimeoutError), within(DISCARDING_SECONDS):
            while not self.ended and size <= DISCARDED_BYTES:
                size += len(await self._chunk())

    async def gone(self) -> None:
        """Returns when the client hangs up. The body must have ended."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def _chunk(self) -> bytes:
        message = await self._receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        self.ended = not message.get("more_body", False)
        chunk: bytes = message.get("body", b"")
        return chunk

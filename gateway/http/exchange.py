"""One request on its way through: what is known of it, and the line that is logged when it ends."""

import logging
import random
import re
import time
from dataclasses import dataclass, field
from functools import lru_cache

from starlette.types import Scope

from gateway.messages import language_for

_SANE_ID = re.compile(rb"[A-Za-z0-9_-]{1,64}")
_NO_NAME = re.compile(r"[^_0-9A-Za-z]")
MAX_LOGGED_NAME = 64
HUNG_UP = 499

_log = logging.getLogger("gateway.request")


@dataclass(slots=True)
class Exchange:
    """`headers` have names in small letters; of a name that comes twice the last one counts.

    `has_messages` says that a mutation was refused in words of the caller's language.
    """

    scope: Scope
    request_id: str
    headers: dict[bytes, bytes]
    version: str | None = None
    operation_name: str | None = None
    cost: int = 0
    statements: int = 0
    has_messages: bool = False
    started: float = field(default_factory=time.perf_counter)

    @classmethod
    def of(cls, scope: Scope) -> "Exchange":
        return cls(scope, scope["gateway.request_id"], dict(scope["headers"]))

    @property
    def client_address(self) -> str:
        client = self.scope.get("client")
        return client[0] if client else ""

    def header(self, name: bytes) -> str | None:
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1")

    @property
    def language(self) -> str:
        """That of messages."""
        return language_for(self.header(b"accept-language"))

    def log(self, status: int) -> None:
        """Never a token, never a variable; of the client's words only a name, and of that only what a name may hold."""
        name = _logged((self.operation_name or "")[:MAX_LOGGED_NAME])
        _log.info(
            "request_id=%s version=%s operation=%s status=%d cost=%d statements=%d ms=%.1f",
            self.request_id,
            self.version or "-",
            name,
            status,
            self.cost,
            self.statements,
            (time.perf_counter() - self.started) * 1000,
        )


@lru_cache(maxsize=256)
def _logged(name: str) -> str:
    return _NO_NAME.sub("", name) or "-"


def request_id_for(scope: Scope) -> str:
    """The id that a proxy in front of us gave the request, if it is sane, else a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _SANE_ID.fullmatch(value):
            return str(value.decode("ascii"))
    # Unique is enough: who knows it can do nothing with it.
    return f"{random.getrandbits(128):032x}"

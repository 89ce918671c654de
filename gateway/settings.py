"""Every setting, read once from the environment. A wrong value stops the start with a sentence, never a traceback."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime

PREFIX = "GATEWAY_"
# No limit, and any port that is free.
ENGINES = ("compiled", "graphql-core")
MAY_BE_ZERO = frozenset({"rate_limit", "port"})


class SettingsError(ValueError):
    """The environment holds a value that can't be used; the message names the variable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Durations are seconds. Each field is read from `GATEWAY_` + its name in capitals."""

    database_url: str = field(
        default="sqlite:///partner-gateway.db",
        metadata={"help": "where the records are: sqlite:///FILE or postgresql://USER@HOST/NAME"},
    )
    database_timeout: float = field(
        default=4.0, metadata={"help": "seconds that one statement, with the wait for a connection, may take"}
    )
    database_pool_size: int = field(default=10, metadata={"help": "connections that each worker keeps at most"})
    redis_url: str = field(
        default="", metadata={"help": "redis://HOST:PORT/N, where several workers count requests together"}
    )
    host: str = field(default="127.0.0.1", metadata={"help": "address to listen on"})
    port: int = field(default=8000, metadata={"help": "port to listen on"})
    trusted_proxies: str = field(
        default="", metadata={"help": "addresses, with commas, whose X-Forwarded-For is believed"}
    )
    cors_origins: str = field(
        default="", metadata={"help": "origins, with commas, that browsers may call from; * for all"}
    )
    rate_limit: float = field(
        default=4.0, metadata={"help": "requests a second for each API client, also the burst; 0 is off"}
    )
    request_timeout: float = field(default=10.0, metadata={"help": "seconds until a request is answered with TIMEOUT"})
    max_body_bytes: int = field(default=1_000_000, metadata={"help": "largest request body"})
    max_tokens: int = field(
        default=10_000, metadata={"help": "tokens in one document, and fields with fragments spread out"}
    )
    max_depth: int = field(default=25, metadata={"help": "levels of fields in one operation"})
    max_aliases: int = field(default=500, metadata={"help": "aliased fields in one operation, fragments spread out"})
    max_root_fields: int = field(default=100, metadata={"help": "root fields in one operation, fragments spread out"})
    max_nodes: int = field(default=500_000, metadata={"help": "objects that the pages of one operation may ask for"})
    marketplace_winds_down_at: datetime = field(
        default=datetime(2023, 10, 1, tzinfo=UTC), metadata={"help": "from then on no new job (UTC)"}
    )
    marketplace_closes_at: datetime = field(
        default=datetime(2023, 12, 1, tzinfo=UTC), metadata={"help": "from then on merchants reach no job (UTC)"}
    )
    engine: str = field(
        default="compiled", metadata={"help": "what executes documents: compiled, or graphql-core, ten times slower"}
    )
    log_level: str = field(default="info", metadata={"help": "debug, info, warning or error"})

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Raises SettingsError for a value that does not fit."""
        environ = os.environ if environ is None else environ
        values: dict[str, object] = {}
        for item in fields(cls):
            text = environ.get(PREFIX + item.name.upper())
            if text is not None:
                values[item.name] = _read(item.name, text, type(item.default))
        return cls(**values).checked()  # type: ignore[arg-type]

    def checked(self) -> "Settings":
        if not self.database_url.startswith(("sqlite:///", "postgresql://", "postgres://")):
            raise SettingsError("GATEWAY_DATABASE_URL takes sqlite:///FILE or postgresql://USER@HOST/NAME")
        if self.redis_url and not self.redis_url.startswith(("redis://", "rediss://", "unix://")):
            raise SettingsError("GATEWAY_REDIS_URL takes redis://HOST:PORT/N")
        if self.engine not in ENGINES:
            raise SettingsError(f"GATEWAY_ENGINE takes one of {', '.join(ENGINES)}")
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, (int, float)) and not (value > 0 or (value == 0 and item.name in MAY_BE_ZERO)):
                raise SettingsError(f"{PREFIX}{item.name.upper()} must be more than 0")
        return self

    @property
    def is_postgresql(self) -> bool:
        return not self.database_url.startswith("sqlite")


def _read(name: str, text: str, kind: type) -> object:
    try:
        if kind is datetime:
            moment = datetime.fromisoformat(text)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return kind(text)
    except ValueError:
        raise SettingsError(f"{PREFIX}{name.upper()}: {text!r} is not a {kind.__name__}") from None

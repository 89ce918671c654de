"""Every setting, read once from the environment. A wrong value stops the start with a sentence, never a traceback."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from urllib.parse import urlsplit

PREFIX = "GATEWAY_"
# No limit, and any port that is free.
ENGINES = ("compiled", "graphql-core")
MAY_BE_ZERO = frozenset({"rate_limit", "port", "serve_work"})
# Merchants are promised that their reviews show within 48 hours.
LONGEST_REVIEW_SECONDS = 48 * 3600
_SENDER = re.compile(r"(?:[^<>@,;\x00-\x1f]+ <[^\s<>@,;]+@[^\s<>@,;]+>|[^\s<>@,;]+@[^\s<>@,;]+)", re.ASCII)


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
    max_nodes: int = field(default=500_000, metadata={"help": "objects that one operation may ask for"})
    marketplace_winding_down_from: datetime = field(
        default=datetime(2023, 10, 1, tzinfo=UTC), metadata={"help": "from then on no new job (UTC)"}
    )
    marketplace_closed_from: datetime = field(
        default=datetime(2023, 12, 1, tzinfo=UTC), metadata={"help": "from then on merchants reach no job (UTC)"}
    )
    review_published_after: float = field(
        default=86_400.0, metadata={"help": "seconds until a review that was sent shows; at most 172800, two days"}
    )
    engine: str = field(
        default="compiled", metadata={"help": "what executes documents: compiled, or graphql-core, ten times slower"}
    )
    serve_work: int = field(
        default=1,
        metadata={"help": "pieces of later work that each `serve` process does at once; 0 leaves them to `work`"},
    )
    smtp_url: str = field(
        default="",
        repr=False,
        metadata={"help": "smtp://USER:PASSWORD@HOST:PORT, or smtps://; without it mail goes to a folder"},
    )
    mail_from: str = field(default="Partner Gateway <no-reply@localhost>", metadata={"help": "whom mail comes from"})
    mail_dir: str = field(default="mail", metadata={"help": "that folder, which gets a file for each letter"})
    trusted_documents: str = field(
        default="", metadata={"help": "folder of .graphql files that clients name by file name or SHA-256"}
    )
    trusted_only: str = field(
        default="", metadata={"help": "kinds of callers, with commas, that may send no other document: partner, …"}
    )
    record_documents: str = field(
        default="", metadata={"help": "folder that gets the text of every valid document that clients send"}
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
        if self.smtp_url and not _is_smtp(self.smtp_url):
            # Not repeated: it holds a password.
            raise SettingsError("GATEWAY_SMTP_URL takes smtp://USER:PASSWORD@HOST:PORT or smtps://…")
        if not _SENDER.fullmatch(self.mail_from):
            raise SettingsError("GATEWAY_MAIL_FROM takes an address, or NAME <ADDRESS>")
        if self.review_published_after > LONGEST_REVIEW_SECONDS:
            raise SettingsError(f"GATEWAY_REVIEW_PUBLISHED_AFTER is at most {LONGEST_REVIEW_SECONDS}, two days")
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, (int, float)) and not (value > 0 or (value == 0 and item.name in MAY_BE_ZERO)):
                raise SettingsError(f"{PREFIX}{item.name.upper()} must be more than 0")
        return self

    @property
    def is_postgresql(self) -> bool:
        return not self.database_url.startswith("sqlite")


def _is_smtp(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"smtp", "smtps"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _read(name: str, text: str, kind: type) -> object:
    try:
        if kind is datetime:
            moment = datetime.fromisoformat(text)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return kind(text)
    except ValueError:
        raise SettingsError(f"{PREFIX}{name.upper()}: {text!r} is not a {kind.__name__}") from None

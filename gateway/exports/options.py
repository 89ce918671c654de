"""What is asked of an export, and what it says at the end."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from gateway.exports.errors import UsageError

# The newest that is released and has every kind of record: 2026-07 brought events and subscriptions, and with 2027-01
# jobs and conversations leave. The Partner API itself has had neither of these since 2026-04.
DEFAULT_API_VERSION = "2026-10"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """Pauses double from the first to the longest; `attempts` counts the first try too.

    Eight attempts last about a minute: a server that restarts is waited for, one that is gone is not.
    """

    attempts: int = 8
    first_pause_seconds: float = 0.5
    longest_pause_seconds: float = 15.0
    timeout_seconds: float = 60.0

    def pause_seconds(self, failures: int) -> float:
        return min(self.longest_pause_seconds, self.first_pause_seconds * 2.0 ** (failures - 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """`apps` may be bare numbers or gids; `url` is the origin alone. Raises UsageError for what can't be used."""

    url: str
    organization: int
    token: str = field(repr=False)
    out: Path
    api_version: str = DEFAULT_API_VERSION
    apps: tuple[str, ...] = ()
    page_size: int = 250
    retries: Retries = Retries()

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise UsageError(f"--url takes an origin such as https://partners.shopify.com, not {self.url!r}.")
        if not self.token or not self.token.isascii() or not self.token.isprintable():
            raise UsageError("The token is empty, or holds what no token holds.")
        object.__setattr__(self, "url", self.url.rstrip("/"))
        object.__setattr__(self, "apps", tuple(sorted({app_gid(app) for app in self.apps})))

    @property
    def endpoint(self) -> str:
        return f"{self.url}/{self.organization}/api/{self.api_version}/graphql.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportReport:
    """`counts` are records by file, `message_count` the messages inside the conversations.

    `left_out` holds a sentence for each thing that the archive lacks. `complete` stays true where the server does not
    have it, and is false where the token may not read it.
    """

    counts: dict[str, int]
    message_count: int
    left_out: list[str]
    complete: bool


def app_gid(text: str) -> str:
    if text.isdecimal():
        return f"gid://partners/App/{text}"
    if text.startswith("gid://") and text.rpartition("/App/")[2].isdecimal():
        return text
    raise UsageError(f"--app takes a number or gid://partners/App/N, not {text!r}.")

"""Which of the two media types of GraphQL over HTTP the answer has."""

from enum import StrEnum
from functools import lru_cache


class Media(StrEnum):
    """The values are the Content-Type headers."""

    JSON = "application/json; charset=utf-8"
    RESPONSE = "application/graphql-response+json"


# How exactly a range of the header names the type; the most exact range decides the quality.
_IN_FULL = 3
_RANGES = {
    Media.RESPONSE: {"application/graphql-response+json": _IN_FULL, "application/*": 2, "*/*": 1},
    Media.JSON: {"application/json": _IN_FULL, "application/*": 2, "*/*": 1},
}


# What clients send of these headers is one of a few texts.
@lru_cache(maxsize=256)
def choose(accept: str | None) -> Media | None:
    """None where neither is acceptable. Of two equally wanted types the one named in full wins, then the newer one."""
    if accept is None or not accept.strip():
        return Media.JSON
    qualities = _qualities(accept)
    plain, response = _rank(Media.JSON, qualities), _rank(Media.RESPONSE, qualities)
    if max(plain, response)[0] <= 0:
        return None
    if response > plain or (response == plain and response[1] == _IN_FULL):
        return Media.RESPONSE
    return Media.JSON


def _rank(media: Media, qualities: dict[str, float]) -> tuple[float, int]:
    """The quality, and how exactly it was asked for."""
    matching = [(exactness, name) for name, exactness in _RANGES[media].items() if name in qualities]
    if not matching:
        return 0.0, 0
    exactness, name = max(matching)
    return qualities[name], exactness


@lru_cache(maxsize=256)
def accepts_gzip(accept_encoding: str | None) -> bool:
    """Whether the header names gzip, or everything, and does not say that it is unwanted."""
    if not accept_encoding:
        return False
    qualities = _qualities(accept_encoding)
    return qualities.get("gzip", qualities.get("*", 0.0)) > 0


def _qualities(accept: str) -> dict[str, float]:
    """Each range with its quality. Parameters besides `q` are not looked at; a quality that is none counts as 0."""
    found: dict[str, float] = {}
    for item in accept.split(","):
        name, *parameters = [part.strip().lower() for part in item.split(";")]
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip() == "q":
                quality = _quality(value.strip())
        found[name] = max(quality, found.get(name, 0.0))
    return found


def _quality(text: str) -> float:
    # float() alone would read "nan", "1_0" and "inf".
    if not text or not set(text) <= set("0123456789."):
        return 0.0
    try:
        return min(1.0, float(text))
    except ValueError:
        return 0.0

"""The languages of messages: which one a caller wants, and what a message says in it.

A message is a template, as `gateway/errors.py` has it, and the English text is its own key: `<language>.po` holds the
translations. A test tells which ones are missing.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

from gateway.errors import filled

ENGLISH = "en"
LANGUAGES = ("zh-Hans", "vi", "nb")

# What a range of Accept-Language is looked up as, in small letters. China and Singapore write simplified characters;
# "no" is Norwegian, of which Bokmål is the more common form. A longer range is shortened from its end until it is here.
_TAGS = {ENGLISH: ENGLISH, **{language.lower(): language for language in LANGUAGES}, "zh": "zh-Hans", "no": "nb"}

# Browsers send up to a hundred characters; what comes after this is not looked at.
MOST_CHARACTERS = 500


def language_for(accept_language: str | None) -> str:
    """The language that the header wants most among ours (RFC 4647, lookup), else English."""
    return ENGLISH if accept_language is None else _looked_up(accept_language[:MOST_CHARACTERS])


def worded(template: str, params: Mapping[str, Any], language: str) -> str:
    """The message in the language; in English where nobody has translated it."""
    if language != ENGLISH:
        template = catalogue(language).get(template, template)
    return filled(template, params)


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """The translations by their templates."""
    with Path(__file__).with_name(f"{language}.po").open("rb") as file:
        read = read_po(file, abort_invalid=True)
    return {str(each.id): str(each.string) for each in read if each.id and each.string and not each.fuzzy}


@lru_cache(maxsize=256)
def _looked_up(accept_language: str) -> str:
    ranges = [_range(item) for item in accept_language.lower().split(",")]
    refused = {_TAGS[name] for name, quality in ranges if quality == 0 and name in _TAGS}
    # Sorting is stable: of equally wanted ranges the first one counts.
    for name, _ in sorted((each for each in ranges if each[1] > 0), key=lambda each: -each[1]):
        found = _shortened(name)
        if found is not None and found not in refused:
            return found
    return ENGLISH


def _range(item: str) -> tuple[str, float]:
    """The range with its quality. A quality that can't be read counts as 0."""
    name, *parameters = [part.strip() for part in item.split(";")]
    quality = 1.0
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            quality = _quality(value.strip())
    return name, quality


def _quality(text: str) -> float:
    # float() alone would read "nan", "1_0" and "inf".
    if not set(text) <= set("0123456789.") or text.count(".") > 1 or text in {"", "."}:
        return 0.0
    return min(1.0, float(text))


def _shortened(name: str) -> str | None:
    if name == "*":
        return ENGLISH
    while name:
        if name in _TAGS:
            return _TAGS[name]
        name = name.rpartition("-")[0]
    return None

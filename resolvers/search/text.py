"""What is searched for in names, services and descriptions: every word, and the last one may be begun.

Both databases know the words by their own means: PostgreSQL as tsvectors whose weights A and B are the name and the
services, SQLite in a table of FTS5 with a column for each.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Text, bindparam, case, cast, column, func, literal_column, select, table
from sqlalchemy.dialects.postgresql import TSQUERY

from gateway.models.partner import folded, partners

# Further words are not looked at, and nobody writes longer ones: PostgreSQL refuses those of more than 2 KB.
MOST_WORDS = 24
LONGEST_WORD = 100

_SPACES = re.compile(r"\s+")
_INDEX = table("partner_search", column("organization_id"), column("rowid"), column("document"))
# Letters that Unicode does not take apart, as the search's migration spells them in the index.
_APART = str.maketrans({"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ß": "ss"})

# How well a partner fits, best first: its name is what was asked for, has all the words, has them with its services.
EXACT, BY_NAME, BY_SERVICE, BY_DESCRIPTION = 4, 3, 2, 1


def words_of(text: str) -> list[str]:
    """Letters, digits and the signs that go with them; all else separates words."""
    # A word may be longer than what is kept of it, and a text may be all punctuation: a few thousand signs tell.
    spaced = "".join(sign if _belongs(sign) else " " for sign in text[: 4 * MOST_WORDS * LONGEST_WORD])
    return [word[:LONGEST_WORD] for word in _SPACES.split(spaced) if word][:MOST_WORDS]


def _belongs(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LNM" or unicodedata.category(sign) == "Co"


def text_values(text: str, words: Sequence[str]) -> Mapping[str, Any]:
    """What the conditions have bound."""
    matching = _fts5(words)
    return {
        "words": " ".join(words),
        "matching": matching,
        "in_name": f"{{name}} : ({matching})",
        "in_services": f"{{name services}} : ({matching})",
        "name_key": folded(text),
    }


def _fts5(words: Sequence[str]) -> str:
    """Words in quotes, which is how FTS5 takes them for nothing else."""
    quoted = [f'"{word.lower().translate(_APART)}"' for word in words]
    return " AND ".join([*quoted[:-1], f"{quoted[-1]} *"])


def source(*, postgresql: bool) -> Any:
    """What is selected from where words are asked for."""
    if postgresql:
        return partners.join(_INDEX, _INDEX.c.organization_id == partners.c.organization_id)
    return partners


def has_words(*, postgresql: bool) -> ColumnElement[bool]:
    if postgresql:
        return _INDEX.c.document.op("@@", return_type=Boolean())(_tsquery())
    return partners.c.organization_id.in_(_rowids("matching"))


def relevance(*, postgresql: bool) -> ColumnElement[int]:
    """How well the partner fits, of those that have the words somewhere."""
    if postgresql:
        by_name, by_service = (
            func.ts_filter(_INDEX.c.document, literal_column(weights)).op("@@", return_type=Boolean())(_tsquery())
            for weights in ("'{a}'", "'{a,b}'")
        )
    else:
        by_name, by_service = (partners.c.organization_id.in_(_rowids(name)) for name in ("in_name", "in_services"))
    return case(
        (partners.c.name_key == bindparam("name_key", type_=Text), literal_column(str(EXACT))),
        (by_name, literal_column(str(BY_NAME))),
        (by_service, literal_column(str(BY_SERVICE))),
        else_=literal_column(str(BY_DESCRIPTION)),
    )


def _tsquery() -> Any:
    """As a scalar subquery, so that it is made once. What is no word to PostgreSQL makes none, which nothing has."""
    plain = cast(func.plainto_tsquery("simple", func.directory_fold(bindparam("words", type_=Text))), Text)
    return select(cast(func.nullif(plain, "") + ":*", TSQUERY)).scalar_subquery()


def _rowids(name: str) -> Any:
    """FTS5 takes its own table's name for all of its columns."""
    match = literal_column("partner_search").op("MATCH", return_type=Boolean())(bindparam(name, type_=Text))
    return select(_INDEX.c.rowid).where(match)

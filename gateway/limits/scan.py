"""Counts tokens and nesting in the text, so that the recursive parser only ever sees what it can stand."""

import re

from gateway.errors import LimitExceeded
from gateway.settings import Settings

# The parser takes up to six Python frames for each level, and what reads the tree later takes about as many, so a
# hundred levels stay far below Python's limit of a thousand frames, with room for the server's own. A document at
# the limit of fields (25) with an inline fragment inside each of them and deep arguments needs about sixty.
MAX_NESTING = 100

# Every repetition is possessive: it never gives back what it took, so no text makes the expression backtrack.
# Numbers are spelled out because `[1-1-1]` is a list of three; a string without an end takes the rest of its line,
# a block string without an end takes the rest of the text. What fits nothing counts as a token of one character:
# the parser stops there.
_TOKEN = re.compile(
    r"""
      ([{\[(])
    | ([}\])])
    | [_A-Za-z][_0-9A-Za-z]*+
    | \.\.\.
    | -?[0-9]++(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+
    | \"\"\"(?:[^"\\]++|\\\"\"\"|\\|"(?!""))*+(?:\"\"\")?+
    | "(?:[^"\\\r\n]++|\\.)*+"?+
    | \#[^\r\n]*+
    | [^\s,\ufeff]
    """,
    re.VERBOSE,
)
_OPENING, _CLOSING = 1, 2


def scan(source: str, limits: Settings) -> None:
    """Raises LimitExceeded: MAX_TOKENS (comments count too, the parser keeps them) or MAX_DEPTH.

    Says nothing about a text that is no GraphQL: up to the parser's first error both see the same tokens.
    """
    # To say where a mistake is, all lines before it are counted; a megabyte of empty ones would cost 0.1 seconds for
    # each mistake.
    if source.count("\n") + source.count("\r") - source.count("\r\n") > limits.max_tokens:
        raise LimitExceeded("The document has more than {most} lines", {"most": limits.max_tokens}, code="MAX_TOKENS")
    depth = 0
    for count, match in enumerate(_TOKEN.finditer(source), start=1):
        if count > limits.max_tokens:
            raise LimitExceeded(
                "The document has more than {most} tokens", {"most": limits.max_tokens}, code="MAX_TOKENS"
            )
        if match.lastindex == _OPENING:
            depth += 1
            if depth > MAX_NESTING:
                raise LimitExceeded(
                    "The document nests more than {most} levels deep", {"most": MAX_NESTING}, code="MAX_DEPTH"
                )
        elif match.lastindex == _CLOSING:
            depth -= 1

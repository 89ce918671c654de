"""SDL as a list of tokens, by one regular expression: three times as fast as graphql-core's lexer."""

import re
from functools import cache

_NAME = r"[_A-Za-z][_0-9A-Za-z]*"
_BLOCK = r'"""(?:[^"\\]++|\\"""|\\|"(?!""))*+"""'
_STRING = r'"(?!"")(?:[^"\\\n\r]++|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}|u\{[0-9A-Fa-f]+\}))*+"'
_NUMBER = r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?(?![0-9A-Za-z_.])"
_IGNORED = r"[ \t\n\r,\ufeff]*+(?:\#[^\n\r]*+[ \t\n\r,\ufeff]*+)*+"
# What lies between two tokens; then a token, or one character that starts none.
_TOKEN = re.compile(
    rf"{_IGNORED}({_NAME}|[!&():=@\[\]{{}}|]|{_BLOCK}|{_STRING}|{_NUMBER}|.|$)",
    re.DOTALL,
)

# Stands between two files: no definition goes on in the next.
BREAK = "\0"


class Unreadable(Exception):
    """No SDL that this reader knows; graphql-core's parser tells why, and where."""


def tokens_of(text: str) -> tuple[list[str], list[int]]:
    """The tokens, with "" as the last, and where each starts."""
    texts: list[str] = []
    starts: list[int] = []
    for found in _TOKEN.finditer(text):
        texts.append(found[1])
        starts.append(found.start(1))
        if not found[1]:
            break
    return texts, starts


def is_name(token: str) -> bool:
    # ASCII only, as every name that the expression above lets through.
    return token.isidentifier() and token.isascii()


def is_string(token: str) -> bool:
    return len(token) > 1 and token[0] == '"'


def is_number(token: str) -> bool:
    return bool(token) and (token[-1].isdigit() and token[0] in "-0123456789")


def is_text(literal: str) -> bool:
    """Whether all escapes of a string stand for characters."""
    from graphql import GraphQLSyntaxError  # noqa: PLC0415 - as below

    try:
        return text_of(literal) is not None
    except GraphQLSyntaxError:
        return False


@cache
def text_of(literal: str | None) -> str | None:
    """What a string literal says: without quotes, escapes and the indentation of a block."""
    if literal is None:
        return None
    if "\\" not in literal and not literal.startswith('"""'):
        return literal[1:-1]
    from graphql import StringValueNode, parse_const_value  # noqa: PLC0415 - graphql-core takes longer to import than most comparisons

    node = parse_const_value(literal, no_location=True)
    return node.value if isinstance(node, StringValueNode) else None

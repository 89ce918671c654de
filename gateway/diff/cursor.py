"""The parts of SDL that definitions share: names, types, literals, applied directives, arguments."""

from collections.abc import Sequence

from gateway.diff.model import Applied, Input
from gateway.diff.tokens import BREAK, Unreadable, is_name, is_number, is_string, is_text, tokens_of

# As deep as graphql-core's parser goes, and well below Python's own limit.
_MAX_DEPTH = 200


class Cursor:
    """Walks over the tokens. `ahead` is the next token, "" at the end, and `BREAK` between two files.

    Places count over all files together, with one character between two.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._text = "\n".join(texts)
        self._tokens: list[str] = []
        self._starts: list[int] = []
        start = 0
        for text in texts:
            tokens, starts = tokens_of(text)
            tokens[-1] = BREAK
            self._tokens += tokens
            self._starts += [start + each for each in starts] if start else starts
            start += len(text) + 1
        self._tokens.append("")
        self._starts.append(len(self._text))
        self._next = 0
        self.ahead = self._tokens[0]

    @property
    def at(self) -> int:
        return self._starts[self._next]

    def advance(self) -> str:
        """The token that was next."""
        token = self.ahead
        self._next += 1
        if not token:
            raise Unreadable
        self.ahead = self._tokens[self._next]
        return token

    def take(self, token: str) -> bool:
        """Whether the next token was that one; if so it is passed."""
        if self.ahead != token:
            return False
        self.advance()
        return True

    def expect(self, token: str) -> None:
        if self.ahead != token:
            raise Unreadable
        self.advance()

    def name(self) -> str:
        if not is_name(self.ahead):
            raise Unreadable
        return self.advance()

    def description(self) -> str | None:
        return self._string() if is_string(self.ahead) else None

    def _string(self) -> str:
        # Halves of a pair of surrogates have to meet, which the expression of tokens does not count.
        if "\\u" in self.ahead and not is_text(self.ahead):
            raise Unreadable
        return self.advance()

    def type(self, depth: int = 0) -> str:
        """As it is written, without blanks: `[Job!]!`."""
        if depth > _MAX_DEPTH:
            raise Unreadable
        if self.take("["):
            inner = f"[{self.type(depth + 1)}]"
            self.expect("]")
        else:
            inner = self.name()
        return f"{inner}!" if self.take("!") else inner

    def literal(self) -> str:
        """A constant value as it stands in the source, blanks and comments included."""
        start = self.at
        self._value(0)
        last = self._next - 1
        return self._text[start : self._starts[last] + len(self._tokens[last])]

    def _value(self, depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise Unreadable
        if self.take("["):
            while not self.take("]"):
                self._value(depth + 1)
        elif self.take("{"):
            while not self.take("}"):
                self.name()
                self.expect(":")
                self._value(depth + 1)
        elif is_string(self.ahead):
            self._string()
        elif is_name(self.ahead) or is_number(self.ahead):
            self.advance()
        else:
            raise Unreadable

    def directives(self) -> list[Applied]:
        applied: list[Applied] = []
        while self.take("@"):
            name = self.name()
            applied.append((name, self._given() if self.take("(") else ()))
        return applied

    def _given(self) -> tuple[tuple[str, str], ...]:
        given: list[tuple[str, str]] = []
        while not given or not self.take(")"):
            name = self.name()
            self.expect(":")
            given.append((name, self.literal()))
        return tuple(given)

    def names(self, separator: str) -> dict[str, int]:
        """Names between separators, the first of which may be left out, and where each stands."""
        found: dict[str, int] = {}
        self.take(separator)
        while True:
            at = self.at
            name = self.name()
            found.setdefault(name, at)
            if not self.take(separator):
                return found

    def inputs(self, end: str) -> list[Input]:
        """Arguments or input fields, up to `end`, which is passed. At least one."""
        found: list[Input] = []
        while not found or not self.take(end):
            description = self.description()
            at = self.at
            name = self.name()
            self.expect(":")
            type_ = self.type()
            default = self.literal() if self.take("=") else None
            applied = self.directives() if self.ahead == "@" else []
            found.append(Input(name, description, applied, at, type_, default))
        return found

class Told:
    """A Progress that remembers what was said."""

    def __init__(self) -> None:
        self.sentences: list[str] = []
        self.shares: list[float | None] = []

    def begin(self, name: str, left: list[str]) -> None: ...
    def end(self) -> None: ...
    def close(self) -> None: ...

    def advance(self, count: int, share: float | None) -> None:  # noqa: ARG002 - the protocol has it
        self.shares.append(share)

    def say(self, sentence: str) -> None:
        self.sentences.append(sentence)

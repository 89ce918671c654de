"""Why a command can't do what was asked."""


class Problem(Exception):
    """`is_usage` where the command line or a setting is wrong, else what it names can't be had."""

    def __init__(self, sentence: str, *, is_usage: bool = False) -> None:
        super().__init__(sentence)
        self.is_usage = is_usage

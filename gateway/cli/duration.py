"""Durations as people type them: 90d, 12h, 30m, 45s, 2w."""

import argparse
import re
from datetime import timedelta

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
# A century: what is longer would not fit a date.
LONGEST = timedelta(days=36_500)


def duration(text: str) -> timedelta:
    """Raises ArgumentTypeError, which argparse turns into a sentence."""
    match = re.fullmatch(r"([0-9]{1,9})([smhdw])", text)
    if not match:
        raise argparse.ArgumentTypeError(f"{text!r} is no duration such as 90d, 12h or 30m")
    length = timedelta(**{_UNITS[match[2]]: int(match[1])})
    if not timedelta(0) < length <= LONGEST:
        raise argparse.ArgumentTypeError(f"{text!r} is not between a second and a hundred years")
    return length

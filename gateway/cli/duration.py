"""Durations as people type them: 90d, 12h, 30m, 45s, 2w."""

import argparse
import re
from datetime import timedelta

_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
# A century: what is longer would not fit a date.
LONGEST_SECONDS = 36_500 * 86_400


def duration(text: str) -> timedelta:
    """Raises ArgumentTypeError, which argparse turns into a sentence."""
    match = re.fullmatch(r"([0-9]{1,9})([smhdw])", text)
    if not match:
        raise argparse.ArgumentTypeError(f"{text!r} is no duration such as 90d, 12h or 30m")
    seconds = int(match[1]) * _SECONDS[match[2]]
    if not 0 < seconds <= LONGEST_SECONDS:
        raise argparse.ArgumentTypeError(f"{text!r} is not between a second and a hundred years")
    return timedelta(seconds=seconds)

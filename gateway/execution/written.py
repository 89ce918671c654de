"""Parts of an answer that are JSON before the rest of it is.

The dicts of a large page are some megabytes, more than a processor keeps at hand. Lists below which nothing is fetched
are written as soon as they are built, and their dicts make room for the next ones.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any

import orjson

# Moments of our own code are UTC, and are written with a Z.
JSON_OPTIONS = orjson.OPT_UTC_Z


def written_lists(items: Sequence[Any], lengths: Sequence[int]) -> list[orjson.Fragment]:
    """Each list as JSON: the items of all of them, one list after the other. None of the items may have failed."""
    bounds = [0, *accumulate(lengths)]
    return [orjson.Fragment(orjson.dumps(items[start:end], option=JSON_OPTIONS)) for start, end in pairwise(bounds)]

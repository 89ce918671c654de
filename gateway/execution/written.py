"""Parts of an answer that are JSON before the rest of it is.

The dicts of a large page are some megabytes, more than a processor keeps at hand. Lists below which nothing is fetched
are written as soon as they are built, and their dicts make room for the next ones.
"""

from collections.abc import Sequence
from typing import Any

import orjson

# Moments of our own code are UTC, and are written with a Z.
JSON_OPTIONS = orjson.OPT_UTC_Z


def written(items: Sequence[Any]) -> orjson.Fragment:
    """The list as JSON. None of the items may have failed."""
    return orjson.Fragment(orjson.dumps(items, option=JSON_OPTIONS))

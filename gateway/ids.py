"""Ids that the gateway makes: 63 bits, ordered by time, without a sequence that all processes share."""

import os
import secrets
import threading
import time

# 41 bits of milliseconds since 2020 last until 2089; 12 bits are the process, 10 bits count within a millisecond.
EPOCH_MILLISECONDS = 1_577_836_800_000
PROCESS_BITS = 12
COUNT_BITS = 10


class IdMaker:
    """Thread-safe. Two processes share an id only if they drew the same 12 bits and the same millisecond and count."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0
        self._forget_process()
        os.register_at_fork(after_in_child=self._forget_process)

    def _forget_process(self) -> None:
        self._process = secrets.randbits(PROCESS_BITS)

    def __call__(self) -> int:
        with self._lock:
            # Counting on from the last value keeps ids rising even where the clock steps back.
            moment = (time.time_ns() // 1_000_000 - EPOCH_MILLISECONDS) << COUNT_BITS
            self._last = max(moment, self._last + 1)
            milliseconds, count = divmod(self._last, 1 << COUNT_BITS)
            return (milliseconds << (PROCESS_BITS + COUNT_BITS)) | (self._process << COUNT_BITS) | count


new_id = IdMaker()

"""What clients really sent, for `schema check --operations` and as trusted documents: the text and nothing else."""

import logging
from contextlib import suppress
from pathlib import Path

from gateway.http.trusted import SUFFIX, digest

# Of a process. A client that writes its values into its documents makes a new one each time.
MAX_RECORDED = 1_000
_log = logging.getLogger("gateway.errors")


class Recorder:
    """Writes each valid document once, to `folder/VERSION/SHA256.graphql`. Neither variables nor tokens come here."""

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder) if folder else None
        self._seen: set[tuple[str, str]] = set()

    def keep(self, version: str, text: str) -> None:
        """Waits for the disk, once a document. A request is answered even where the disk is full."""
        key = (version, text)
        if self._folder is None or key in self._seen or len(self._seen) >= MAX_RECORDED:
            return
        self._seen.add(key)
        folder = self._folder / version
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError), (folder / f"{digest(text)}{SUFFIX}").open("xb") as file:
                file.write(text.encode())
        except OSError as error:
            _log.warning("A document could not be recorded: %s", error)

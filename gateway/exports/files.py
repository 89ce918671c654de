"""Files that survive kill -9 and a power cut: what was written is on the disk before anything says so."""

import fcntl
import hashlib
import os
from pathlib import Path
from typing import Any

import orjson

from gateway.exports.errors import UsageError


def lock(directory: Path) -> int:
    """Holds the directory itself, until the returned descriptor is closed or the process ends."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise UsageError(f"Another export is writing to {directory}.") from None
    return descriptor


def write_json(path: Path, value: Any, *, indent: bool = False) -> None:
    """Readers see the old file or the new one, never a part."""
    new = path.with_name(path.name + ".new")
    with new.open("wb") as file:
        file.write(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE if indent else None))
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    sync_directory(path.parent)


def read_json(path: Path) -> dict[str, Any]:
    try:
        found = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise UsageError(f"{path} is damaged: use another --out.")
    return found


def write_at(path: Path, offset: int, content: bytes) -> None:
    """What stood behind `offset` was never counted, so it is written over."""
    with path.open("r+b" if path.exists() else "xb") as file:
        file.seek(offset)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def cut(path: Path, size: int) -> None:
    """Raises UsageError for a file that is too short: somebody else has changed it."""
    if not path.exists():
        path.touch()
    if path.stat().st_size < size:
        raise UsageError(f"{path} is shorter than it was: remove the directory and start again.")
    with path.open("r+b") as file:
        file.truncate(size)
        file.flush()
        os.fsync(file.fileno())


def sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

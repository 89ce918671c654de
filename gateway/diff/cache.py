"""Schemas that were read once, kept as JSON by the hash of their text.

A file that is damaged, of another release or of another user is as good as none: the schema is read again.
"""

import hashlib
import os
import stat
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

from gateway.diff.model import Directive, Field, Finding, Input, Named, Schema, Type

# Goes up with every change of what is kept, or of how SDL is read.
FORMAT = 1
# A few versions and branches; a schema of a megabyte takes two.
MAX_FILES = 40


class Cache:
    """`folder` is made if need be, for this user alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @staticmethod
    def key(texts: Sequence[str]) -> str:
        digest = hashlib.sha256(f"{FORMAT}\0{len(texts)}".encode())
        for text in texts:
            body = text.encode("utf-8", "surrogatepass")
            digest.update(b"\0%d\0" % len(body))
            digest.update(body)
        return digest.hexdigest()

    def get(self, key: str) -> Schema | None:
        path = self._folder / f"{key}.json"
        with suppress(OSError, ValueError, TypeError, KeyError, IndexError, AttributeError):
            if not _is_ours(self._folder):
                return None
            with path.open("rb") as file:
                if not _is_own(os.fstat(file.fileno())):
                    return None
                digest, body = file.read().split(b"\n", 1)
            if hashlib.sha256(key.encode() + body).hexdigest().encode() == digest:
                return _restored(orjson.loads(body))
        return None

    def put(self, key: str, schema: Schema) -> None:
        """Does nothing where it can't: a comparison needs no cache."""
        body = orjson.dumps(_plain(schema))
        digest = hashlib.sha256(key.encode() + body).hexdigest().encode()
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _is_ours(self._folder):
                return
            with tempfile.NamedTemporaryFile(dir=self._folder, suffix=".new", delete=False) as file:
                file.write(digest + b"\n" + body)
            Path(file.name).replace(self._folder / f"{key}.json")
            for old in sorted(self._folder.glob("*.json"), key=lambda path: -path.stat().st_mtime)[MAX_FILES:]:
                old.unlink(missing_ok=True)


def _is_ours(folder: Path) -> bool:
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and _is_own(found)


def _is_own(found: os.stat_result) -> bool:
    return found.st_uid == os.getuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _plain(schema: Schema) -> list[Any]:
    """Rows without names: a third of the size, and as fast to restore as to read."""
    return [
        schema.description,
        schema.directives,
        schema.roots,
        [_type(each) for each in schema.types.values()],
        [[*_named(each), _inputs(each.args), each.locations, each.repeatable] for each in schema.definitions.values()],
        [[each.code, each.coordinate, each.message, each.at] for each in schema.findings],
        sorted(schema.silent_on),
    ]


def _named(item: Named) -> list[Any]:
    return [item.name, item.description, item.directives, item.at]


def _type(item: Type) -> list[Any]:
    fields = [[*_named(each), each.type, _inputs(each.args)] for each in item.fields.values()]
    values = [_named(each) for each in item.values.values()]
    return [*_named(item), item.kind, fields, _inputs(item.inputs), values, item.members, item.interfaces]


def _inputs(items: dict[str, Input]) -> list[Any]:
    return [[*_named(each), each.type, each.default] for each in items.values()]


def _restored(rows: list[Any]) -> Schema:
    description, directives, roots, types, definitions, findings, silent_on = rows
    return Schema(
        "",
        description,
        _applied(directives),
        roots=roots,
        types={row[0]: _restored_type(row) for row in types},
        definitions={row[0]: Directive(*_head(row), _restored_inputs(row[4]), row[5], row[6]) for row in definitions},
        findings=[Finding(*row) for row in findings],
        silent_on=frozenset(silent_on),
    )


def _restored_type(row: list[Any]) -> Type:
    fields = {each[0]: Field(*_head(each), each[4], _restored_inputs(each[5])) for each in row[5]}
    values = {each[0]: Named(*_head(each)) for each in row[7]}
    return Type(*_head(row), row[4], fields, _restored_inputs(row[6]), values, row[8], row[9])


def _restored_inputs(rows: list[Any]) -> dict[str, Input]:
    return {row[0]: Input(*_head(row), row[4], row[5]) for row in rows} if rows else {}


def _head(row: list[Any]) -> tuple[str, str | None, Any, int]:
    return row[0], row[1], _applied(row[2]), row[3]


def _applied(rows: list[Any]) -> list[Any]:
    return [(name, tuple((key, literal) for key, literal in given)) for name, given in rows] if rows else []

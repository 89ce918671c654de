"""Two schemas to compare, wherever they are: files, folders, revisions, versions, running servers."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from gateway.diff.cache import Cache
from gateway.diff.faults import Fault, find_faults, refuse_faults
from gateway.diff.introspection import NoIntrospection, read_introspection
from gateway.diff.model import Schema
from gateway.diff.origin import LoadError, Origin, Place
from gateway.diff.sdl import read_sdl
from gateway.diff.tokens import Unreadable

SUFFIXES = (".graphql", ".graphqls", ".gql")


@dataclass(frozen=True, slots=True)
class Sources:
    """How what is not a file is had: `version` gives the SDL of a version of ours, None where there is none."""

    version: Callable[[str], str | None] = lambda _name: None
    cache: Cache | None = None
    headers: dict[str, str] = field(default_factory=dict)
    timeout_seconds: float = 30


@dataclass(frozen=True, slots=True)
class Loaded:
    schema: Schema
    origin: Origin


def load(source: str, sources: Sources) -> Loaded:
    """Of a file, a directory, `git:REF:PATH`, a URL, or a version. Raises LoadError."""
    if source.startswith("git:"):
        from gateway.diff.revision import read_revision  # noqa: PLC0415 - only where it is asked for

        return read(read_revision(source), sources.cache)
    if re.match(r"https?://", source):
        from gateway.diff.endpoint import ask  # noqa: PLC0415 - the HTTP client takes long to import

        answer = ask(source, sources.headers, sources.timeout_seconds)
        return _checked(_introspected(answer, Place(source)), Origin(source))
    path = Path(source)
    if path.is_dir():
        return read(_folder(path), sources.cache)
    if path.is_file():
        return read(Origin(source, ((source, _text(path)),)), sources.cache)
    sdl = sources.version(source)
    if sdl is None:
        raise LoadError(source, "there is no such file or directory, and no such version; URLs begin with https://")
    loaded = read(Origin(source, ((source, sdl),)), sources.cache)
    # Printed from the code, without the directives that only SDL can show.
    loaded.schema.silent_on |= {"applied directives"}
    return loaded


def read(origin: Origin, cache: Cache | None = None) -> Loaded:
    """A schema whose text is at hand: SDL, or introspection as JSON. Raises LoadError."""
    texts = [text for _, text in origin.files]
    if len(texts) == 1 and texts[0].lstrip().startswith("{"):
        return _checked(_json(origin), origin)
    key = cache.key(texts) if cache else ""
    kept = cache.get(key) if cache else None
    if kept is not None:
        return Loaded(kept, origin)
    try:
        schema = read_sdl(*texts)
    except Unreadable:
        from gateway.diff.explaining import explain  # noqa: PLC0415 - it needs graphql-core

        raise explain(origin) from None
    loaded = _checked(schema, origin)
    if cache:
        cache.put(key, schema)
    return loaded


def _checked(schema: Schema, origin: Origin) -> Loaded:
    try:
        refuse_faults(schema)
    except Fault as fault:
        raise LoadError(origin.place(fault.at), str(fault)) from None
    schema.findings += find_faults(schema)
    return Loaded(schema, origin)


def _json(origin: Origin) -> Schema:
    try:
        answer = json.loads(origin.files[0][1])
    except json.JSONDecodeError as error:
        place = Place(origin.files[0][0], error.lineno, error.colno)
        raise LoadError(place, f"this is no JSON: {error.msg}") from None
    return _introspected(answer, Place(origin.files[0][0], 1, 1))


def _introspected(answer: object, place: Place) -> Schema:
    try:
        return read_introspection(answer)
    except NoIntrospection as error:
        raise LoadError(place, f"this is no answer to an introspection query: {error}") from None


def _folder(folder: Path) -> Origin:
    paths = sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES and path.is_file())
    if not paths:
        raise LoadError(str(folder), f"there is no file here that ends with {', '.join(SUFFIXES)}")
    return Origin(str(folder), tuple((str(path), _text(path)) for path in paths))


def _text(path: Path) -> str:
    try:
        return decode(path.read_bytes(), str(path))
    except OSError as error:
        raise LoadError(str(path), error.strerror or str(error)) from None


def decode(content: bytes, name: str) -> str:
    """Raises LoadError, with the place of what is not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        place = Place(name, before.count(b"\n") + 1, error.start - before.rfind(b"\n"))
        raise LoadError(place, "this is not UTF-8") from None

"""The directory of an export: `<kind>.jsonl.part` and a small state file while it runs, then files and a manifest.

A batch is first written to its file, then counted in the state file, which is replaced as a whole. After a kill in
between the file holds more bytes than the state counts; they are cut off, so no record is lost and none is there twice.
"""

import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import orjson

from gateway.exports import files
from gateway.exports.errors import UsageError
from gateway.exports.kinds import KINDS, Kind
from gateway.exports.options import ExportOptions, ExportReport
from gateway.exports.reader import PAIRED, Batch
from gateway.exports.subscriptions import pairs_in

STATE = ".export-state.json"
MANIFEST = "manifest.json"


@dataclass(slots=True)
class KindState:
    """Of one kind. `newest` is when its first record was made; `done` is true for a kind that was left out, too."""

    size_bytes: int = 0
    count: int = 0
    message_count: int = 0
    cursor: str | None = None
    newest: str | None = None
    done: bool = False
    left_out: bool = False


class Archive:
    """Raises UsageError where the directory holds something else than this export."""

    def __init__(self, options: ExportOptions) -> None:
        self.directory = options.out
        self.parameters = {
            "url": options.url,
            "organization": options.organization,
            "apiVersion": options.api_version,
            "apps": list(options.apps),
        }
        self.kinds = {kind.name: KindState() for kind in KINDS}
        self.apps = set(options.apps)
        self.left_out: dict[str, bool] = {}
        self.finished = False
        # What tells this archive from others, as long as it is written.
        self.run = uuid4().hex
        # Batches are written by another thread while the loop that reads pages may leave something out.
        self._changing = Lock()

    def __enter__(self) -> Self:
        self.directory.mkdir(parents=True, exist_ok=True)
        self._descriptor = files.lock(self.directory)
        try:
            self._resume()
        except BaseException:
            os.close(self._descriptor)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)

    def append(self, kind: Kind, batch: Batch) -> None:
        """Returns when the batch is on the disk and counted."""
        content = b"".join([orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE) for record in batch.records])
        with self._changing:
            state = self.kinds[kind.name]
            files.write_at(self._part(kind), state.size_bytes, content)
            state.size_bytes += len(content)
            state.count += len(batch.records)
            state.message_count += sum(len(record.get("messages") or ()) for record in batch.records)
            state.cursor = batch.cursor
            if batch.records:
                state.newest = state.newest or batch.records[0].get(kind.sorted_by)
            self.apps |= batch.apps
            self._save()

    def close_kind(self, kind: Kind, *, left_out: bool = False) -> None:
        with self._changing:
            self.kinds[kind.name].done = True
            self.kinds[kind.name].left_out = left_out
            if not left_out:
                files.cut(self._part(kind), self.kinds[kind.name].size_bytes)
            self._save()

    def start_again(self, kind: Kind) -> None:
        with self._changing:
            self.kinds[kind.name] = KindState()
            self._save()

    def leave_out(self, sentence: str, complete: bool) -> None:
        with self._changing:
            self.left_out[sentence] = complete

    def pairs(self) -> list[str]:
        """The apps and shops that the records name together, as far as they are downloaded."""
        return pairs_in(self._part(kind) for kind in PAIRED)

    def finish(self) -> None:
        """The manifest comes last: a directory that has one is whole."""
        kept = [kind for kind in KINDS if not self.kinds[kind.name].left_out]
        for kind in KINDS:
            if kind in kept:
                self._part(kind).replace(self.directory / kind.file)
            else:
                self._part(kind).unlink(missing_ok=True)
        files.sync_directory(self.directory)
        manifest = {
            "apiVersion": self.parameters["apiVersion"],
            "organization": self.parameters["organization"],
            "url": self.parameters["url"],
            "complete": all(self.left_out.values()),
            "leftOut": list(self.left_out),
            "files": {kind.file: self._described(kind) for kind in kept},
        }
        files.write_json(self.directory / MANIFEST, manifest, indent=True)

    def manifest_sha256(self) -> str:
        return files.sha256_of(self.directory / MANIFEST)

    def forget_state(self) -> None:
        """Nothing is left to do."""
        (self.directory / STATE).unlink(missing_ok=True)
        (self.directory / (STATE + ".new")).unlink(missing_ok=True)
        files.sync_directory(self.directory)

    def report(self) -> ExportReport:
        return report_of(files.read_json(self.directory / MANIFEST))

    def _described(self, kind: Kind) -> dict[str, Any]:
        state = self.kinds[kind.name]
        told: dict[str, Any] = {"count": state.count, "sha256": files.sha256_of(self.directory / kind.file)}
        if kind.name == "conversations":
            told["messageCount"] = state.message_count
        return told

    def _resume(self) -> None:
        state, manifest = self.directory / STATE, self.directory / MANIFEST
        if manifest.exists():
            if not state.exists():
                raise UsageError(f"{self.directory} holds a finished archive: use another --out, or --verify.")
            # The last run was killed after it wrote the manifest; perhaps it has left no receipt.
            self.run = files.read_json(state).get("run", self.run)
            self.finished = True
        elif state.exists():
            self._load(files.read_json(state))
        else:
            self._refuse_strangers([kind.file for kind in KINDS])

    def _load(self, state: dict[str, Any]) -> None:
        for name, ours in self.parameters.items():
            theirs = state["parameters"].get(name)
            if theirs != ours:
                raise UsageError(
                    f"{self.directory} holds an export with {name} {theirs!r}, not {ours!r}: use another --out."
                )
        # An older export knew fewer kinds.
        self.kinds |= {name: KindState(**told) for name, told in state["kinds"].items()}
        self.apps = set(state["apps"])
        self.run = state.get("run", self.run)
        self.left_out = state["leftOut"]
        for kind in KINDS:
            whole = self.directory / kind.file
            if whole.exists():
                whole.replace(self._part(kind))
            if self.kinds[kind.name].size_bytes:
                files.cut(self._part(kind), self.kinds[kind.name].size_bytes)

    def _refuse_strangers(self, names: Sequence[str]) -> None:
        for name in names:
            if (self.directory / name).exists():
                raise UsageError(f"{self.directory} holds {name} of something else: use another --out.")
        self._save()

    def _save(self) -> None:
        files.write_json(
            self.directory / STATE,
            {
                "parameters": self.parameters,
                "kinds": {name: asdict(one) for name, one in self.kinds.items()},
                "apps": sorted(self.apps),
                "leftOut": self.left_out,
                "run": self.run,
            },
        )

    def _part(self, kind: Kind) -> Path:
        return self.directory / f"{kind.file}.part"


def version_of(directory: Path) -> str | None:
    """The API version of the archive that was begun or finished there, so that another default does not end it."""
    for name, inside in ((STATE, "parameters"), (MANIFEST, None)):
        if (directory / name).exists():
            told = files.read_json(directory / name)
            return str((told[inside] if inside else told)["apiVersion"])
    return None


def report_of(manifest: dict[str, Any]) -> ExportReport:
    told = manifest["files"]
    return ExportReport(
        counts={name: one["count"] for name, one in told.items()},
        message_count=sum(one.get("messageCount", 0) for one in told.values()),
        left_out=manifest["leftOut"],
        complete=manifest["complete"],
    )

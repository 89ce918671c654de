"""An archive compared with the server, record by record, without holding either of them."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from gateway.exports import files
from gateway.exports.archive import MANIFEST
from gateway.exports.client import Api
from gateway.exports.errors import FieldForbiddenError, KindForbiddenError, UsageError
from gateway.exports.kinds import KINDS, Kind, Plan, make_plan
from gateway.exports.options import ExportOptions
from gateway.exports.pairs import ARCHIVE, SERVER, Pairs, digest_of, identity_of
from gateway.exports.progress import Progress
from gateway.exports.reader import PAIRED, SUBSCRIPTIONS, Batch, Reader, Record
from gateway.exports.subscriptions import pair_of


@dataclass(slots=True)
class VerifyReport:
    """`differences` holds a sentence each; `counts` the records of the server that were compared, by file."""

    differences: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def same(self) -> bool:
        return not self.differences


async def verify_archive(options: ExportOptions, progress: Progress) -> VerifyReport:
    """Raises UsageError where there is no finished archive of this organization and version."""
    manifest = _manifest(options)
    report = VerifyReport()
    for name, told in manifest["files"].items():
        report.differences += _check_file(options.out / name, told)
    async with Api(options, progress.say) as api:
        plan = await make_plan(api)
        reader = Reader(api, plan, lambda sentence, _complete: progress.say(f"Not compared: {sentence}"))
        await _Comparison(options, manifest, plan, reader, report, progress).run()
    return report


@dataclass(slots=True)
class _Comparison:
    options: ExportOptions
    manifest: dict[str, Any]
    plan: Plan
    reader: Reader
    report: VerifyReport
    progress: Progress
    paired: set[str] = field(default_factory=set)

    async def run(self) -> None:
        apps = {*self.options.apps, *_archived_apps(self.options.out / "apps.jsonl")}
        for kind in KINDS:
            kept, there = kind.file in self.manifest["files"], self.plan.has(kind)
            if there:
                self.progress.begin(kind.name, [])
                try:
                    await self._compare(kind, apps, kept=kept)
                except (KindForbiddenError, FieldForbiddenError) as error:
                    if kept:
                        self._tell(f"{kind.file}: can't be compared: {str(error).rstrip('.')}.")
                else:
                    self.progress.end()
            elif kept:
                self._tell(f"{kind.file}: can't be compared: the server has no {kind.name} any more.")

    async def _compare(self, kind: Kind, apps: set[str], *, kept: bool) -> None:
        pairs = Pairs()
        archived = self._archived(kind) if kept else iter(())
        count = 0
        names = sorted(self.paired if kind is SUBSCRIPTIONS else apps)
        batches: AsyncGenerator[Batch, None] = self.reader.batches(kind, None, names)
        async with aclosing(batches):
            async for batch in batches:
                apps |= batch.apps
                for record in batch.records:
                    self._note(kind, record)
                    pairs.meet(SERVER, identity_of(record), digest_of(record))
                    for theirs in _first(archived):
                        pairs.meet(ARCHIVE, identity_of(theirs), digest_of(theirs))
                count += len(batch.records)
                self.progress.advance(count, None)
        for theirs in archived:
            pairs.meet(ARCHIVE, identity_of(theirs), digest_of(theirs))
        self.report.counts[kind.file] = count
        if not kept and count:
            self._tell(f"{kind.file}: not in the archive, and the server has {count:,} records.")
        else:
            self._tell_pairs(kind, pairs)

    def _tell_pairs(self, kind: Kind, pairs: Pairs) -> None:
        for identity in pairs.unmatched(SERVER):
            self._tell(f"{kind.file}: {identity} is missing in the archive.")
        for identity in pairs.unmatched(ARCHIVE):
            self._tell(f"{kind.file}: {identity} is not on the server, or twice in the archive.")
        for identity in pairs.changed:
            self._tell(f"{kind.file}: {identity} is different on the server.")

    def _archived(self, kind: Kind) -> Iterator[Record]:
        path = self.options.out / kind.file
        if not path.exists():
            return
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    record = orjson.loads(line)
                except orjson.JSONDecodeError:
                    self._tell(f"{kind.file}: line {number} is not JSON.")
                else:
                    self._note(kind, record)
                    yield record

    def _note(self, kind: Kind, record: Record) -> None:
        """Subscriptions are asked for by what either side names."""
        if kind in PAIRED and (pair := pair_of(record)):
            self.paired.add(pair)

    def _tell(self, sentence: str) -> None:
        self.report.differences.append(sentence)


def _first(records: Iterator[Record]) -> Iterator[Record]:
    for record in records:
        yield record
        return


def _archived_apps(path: Path) -> set[str]:
    """Apps that were named on the command line of the export are asked for again."""
    if not path.exists():
        return set()
    found = set()
    for line in path.read_bytes().splitlines():
        try:
            found.add(str(orjson.loads(line)["id"]))
        except (orjson.JSONDecodeError, KeyError, TypeError):
            continue
    return found


def _manifest(options: ExportOptions) -> dict[str, Any]:
    path = options.out / MANIFEST
    if not path.exists():
        raise UsageError(f"{options.out} holds no finished archive.")
    manifest = files.read_json(path)
    for name, ours in (("organization", options.organization), ("apiVersion", options.api_version)):
        if manifest.get(name) != ours:
            raise UsageError(f"{options.out} holds an archive with {name} {manifest.get(name)!r}, not {ours!r}.")
    return manifest


def _check_file(path: Path, told: dict[str, Any]) -> list[str]:
    if not path.exists():
        return [f"{path.name}: the file is gone."]
    differences = []
    with path.open("rb") as lines:
        count = sum(1 for _ in lines)
    if count != told["count"]:
        differences.append(f"{path.name}: holds {count:,} records, and {told['count']:,} were written.")
    if files.sha256_of(path) != told["sha256"]:
        differences.append(f"{path.name}: was changed after it was written; its sha256 is another.")
    return differences

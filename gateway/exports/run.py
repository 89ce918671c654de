"""The download: kind after kind, a page being written while the next is asked for."""

import asyncio
from contextlib import aclosing

from gateway.exports.archive import Archive
from gateway.exports.client import Api
from gateway.exports.errors import CursorRefusedError, FieldForbiddenError, KindForbiddenError
from gateway.exports.kinds import KINDS, Kind, make_plan, oldest
from gateway.exports.options import ExportOptions, ExportReport
from gateway.exports.progress import Progress, share_by_time
from gateway.exports.reader import Batch, Reader


async def export_records(options: ExportOptions, progress: Progress) -> ExportReport:
    """Starts, or continues what the same options began in the same directory.

    Raises UsageError for a directory that is not this export's, ExportError where it can't go on.
    """
    with Archive(options) as archive:
        if not archive.finished:
            async with Api(options, progress.say) as api:
                await Download(api, archive, progress).run()
            archive.finish()
        return archive.report()


class Download:
    def __init__(self, api: Api, archive: Archive, progress: Progress) -> None:
        self.api = api
        self.archive = archive
        self.progress = progress

    async def run(self) -> None:
        plan = await make_plan(self.api)
        for sentence in plan.left_out:
            self._leave_out(sentence, complete=True)
        self.reader = Reader(self.api, plan, self._leave_out)
        for kind in KINDS:
            if not plan.has(kind):
                self.archive.close_kind(kind, left_out=True)
            elif not self.archive.kinds[kind.name].done:
                await self._download(kind)

    async def _download(self, kind: Kind) -> None:
        self.progress.begin(kind.name, [other.name for other in KINDS[KINDS.index(kind) + 1 :]])
        try:
            await self._pages_of(kind)
        except CursorRefusedError:
            self.progress.say(f"{kind.name}: the server no longer knows where the last run stopped; starting it again.")
            self.archive.start_again(kind)
            await self._pages_of(kind)

    async def _pages_of(self, kind: Kind) -> None:
        try:
            await self._pages(kind)
        except (KindForbiddenError, FieldForbiddenError) as error:
            self._leave_out(f"{kind.name}: the token may not read them ({str(error).rstrip('.')}).", complete=False)
            self.archive.close_kind(kind, left_out=True)
        else:
            self.archive.close_kind(kind)
            self.progress.end()

    async def _pages(self, kind: Kind) -> None:
        state = self.archive.kinds[kind.name]
        count, apps = state.count, sorted(self.archive.apps)
        end = await oldest(self.api, kind) if kind.sorted_by else None
        self.progress.advance(count, None)
        writing: asyncio.Task[None] | None = None
        try:
            async with aclosing(self.reader.batches(kind, state.cursor, apps)) as batches:
                async for batch in batches:
                    if writing:
                        await writing
                    writing = asyncio.create_task(asyncio.to_thread(self.archive.append, kind, batch))
                    count += len(batch.records)
                    self.progress.advance(count, _share(kind, batch, state.newest, end, apps))
        finally:
            if writing:
                await writing

    def _leave_out(self, sentence: str, complete: bool) -> None:
        self.archive.leave_out(sentence, complete)
        self.progress.say(f"Left out: {sentence}")


def _share(kind: Kind, batch: Batch, newest: str | None, end: str | None, apps: list[str]) -> float | None:
    """Of this kind, done: by time for lists, by the app for what is asked app by app."""
    if not kind.sorted_by:
        return (apps.index(batch.cursor.partition(" ")[0]) + 1) / len(apps)
    return share_by_time(newest, batch.records[-1].get(kind.sorted_by), end)

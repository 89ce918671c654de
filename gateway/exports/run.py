"""The download: kind after kind, a page being written while the next is asked for."""

import asyncio
from bisect import bisect_right
from contextlib import aclosing

from gateway.exports.archive import Archive
from gateway.exports.client import Api
from gateway.exports.errors import CursorRefusedError, FieldForbiddenError, KindForbiddenError
from gateway.exports.kinds import KINDS, Kind, Plan, make_plan, oldest
from gateway.exports.options import ExportOptions, ExportReport
from gateway.exports.progress import Progress, share_by_time
from gateway.exports.reader import EVENTS, SUBSCRIPTIONS, Batch, Reader
from gateway.exports.receipt import leave_receipt


async def export_records(options: ExportOptions, progress: Progress) -> ExportReport:
    """Starts, or continues what the same options began in the same directory.

    Raises UsageError for a directory that is not this export's, ExportError where it can't go on.
    """
    with Archive(options) as archive:
        async with Api(options, progress.say) as api:
            plan = await make_plan(api)
            if not archive.finished:
                await Download(api, archive, progress).run(plan)
                archive.finish()
            await leave_receipt(api, plan, archive, progress.say)
        archive.forget_state()
        return archive.report()


class Download:
    def __init__(self, api: Api, archive: Archive, progress: Progress) -> None:
        self.api = api
        self.archive = archive
        self.progress = progress

    async def run(self, plan: Plan) -> None:
        for sentence in plan.left_out:
            self._leave_out(sentence, complete=True)
        self.reader = Reader(self.api, plan, self._leave_out)
        for kind in KINDS:
            if not plan.has(kind):
                self.archive.close_kind(kind, left_out=True)
            elif not self.archive.kinds[kind.name].done:
                then = [other.name for other in KINDS[KINDS.index(kind) + 1 :] if plan.has(other)]
                await self._download(kind, then)

    async def _download(self, kind: Kind, then: list[str]) -> None:
        self.progress.begin(kind.name, then)
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
        count = state.count
        names = self.archive.pairs() if kind is SUBSCRIPTIONS else sorted(self.archive.apps)
        end = await oldest(self.api, kind) if kind.sorted_by else None
        self.progress.advance(count, None)
        writing: asyncio.Task[None] | None = None
        try:
            async with aclosing(self.reader.batches(kind, state.cursor, names)) as batches:
                async for batch in batches:
                    if writing:
                        await writing
                    writing = asyncio.create_task(asyncio.to_thread(self.archive.append, kind, batch))
                    count += len(batch.records)
                    self.progress.advance(count, _share(kind, batch, state.newest, end, names))
        finally:
            if writing:
                await writing

    def _leave_out(self, sentence: str, complete: bool) -> None:
        self.archive.leave_out(sentence, complete)
        self.progress.say(f"Left out: {sentence}")


def _share(kind: Kind, batch: Batch, newest: str | None, end: str | None, names: list[str]) -> float | None:
    """Of this kind, done: by time for lists, by the name for what is asked name by name."""
    if kind is EVENTS:
        return None
    if not kind.sorted_by:
        name = batch.cursor if kind is SUBSCRIPTIONS else batch.cursor.partition(" ")[0]
        return bisect_right(names, name) / len(names)
    return share_by_time(newest, batch.records[-1].get(kind.sorted_by), end)

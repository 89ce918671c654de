"""Leads, reviews, collaborators and refund requests are downloaded from a gateway; a whole export leaves a receipt."""

import asyncio
import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from export_told import Told
from harness import Gateway, Template, serving
from sqlalchemy import func, select
from test_export_kill import COMMAND

from gateway import tokens
from gateway.exports import ExportOptions, export_records, verify_archive
from gateway.exports.archive import STATE, Archive
from gateway.models.collaborator import collaborators
from gateway.models.lead import leads
from gateway.models.migration_task import export_receipts
from gateway.models.refund_request import refund_requests
from gateway.models.review import reviews
from gateway.viewer import ApiPermission, ViewerKind

VERSION = "2026-10"
LAST_EXPORT = "{ migrationTasks { lastExport { id recordCount manifestSha256 apiVersion } } }"


@dataclass
class Running:
    gateway: Gateway
    url: str

    def options(self, out: Path, token: str = "", version: str = VERSION) -> ExportOptions:
        return ExportOptions(
            url=self.url, organization=1, token=token or self.gateway.partner, out=out, api_version=version
        )

    def receipts(self) -> list[tuple]:
        rows = self.gateway.rows(select(export_receipts).where(export_receipts.c.organization_id == 1))
        return [(row.record_count, row.manifest_sha256, row.api_version) for row in rows if row.id > 1_000]

    def count(self, table, *conditions) -> int:
        statement = select(func.count()).select_from(table).where(table.c.organization_id == 1, *conditions)
        return self.gateway.rows(statement)[0][0]


@pytest.fixture
def running(template: Template, tmp_path: Path) -> Iterator[Running]:
    with template.copy(tmp_path) as gateway, serving(gateway.settings) as url:
        yield Running(gateway, url)


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def token_without(gateway: Gateway, *missing: ApiPermission) -> str:
    holder = tokens.Holder(kind=ViewerKind.PARTNER, organization_id=1)
    permissions = [each for each in ApiPermission if each not in missing]
    now = datetime.now(UTC)
    return gateway.runner.run(
        gateway.database.run_sync(
            lambda connection: tokens.create(connection, holder, permissions=permissions, name="some", now=now)
        )
    )


def test_what_the_directory_and_disputes_hold_is_downloaded_and_no_different(running, tmp_path):
    options, told = running.options(tmp_path / "out"), Told()
    report = asyncio.run(export_records(options, told))
    assert report.complete
    assert {
        name: report.counts[f"{name}.jsonl"] for name in ("leads", "reviews", "collaborators", "refund_requests")
    } == {
        "leads": running.count(leads),
        "reviews": running.count(reviews, reviews.c.status == "PUBLISHED"),
        "collaborators": running.count(collaborators),
        "refund_requests": running.count(refund_requests),
    }
    found = {each["id"]: each for each in lines(options.out / "reviews.jsonl")}
    assert found["gid://partners/Review/1"] == {
        "id": "gid://partners/Review/1",
        "status": "PUBLISHED",
        "submittedAt": "2023-11-20T08:00:00.000000Z",
        "publishedAt": "2023-11-21T08:00:00.250000Z",
        "qualityRating": 5,
        "communicationRating": 4,
        "averageRating": "4.50",
        "comment": "Rask, ryddig og ærlig.",
        "service": found["gid://partners/Review/1"]["service"],
    }
    assert found["gid://partners/Review/1"]["service"]["handle"] == "CUSTOMIZE_DESIGN"
    (lead, *_) = lines(options.out / "leads.jsonl")
    assert lead["contactEmail"]
    assert lead["shop"]["myshopifyDomain"].endswith(".myshopify.com")
    (access, *_) = lines(options.out / "collaborators.jsonl")
    assert access["permissions"]
    (request, *_) = lines(options.out / "refund_requests.jsonl")
    assert request["invoice"]["number"]
    assert set(request["amount"]) == {"amount", "currencyCode"}
    verified = asyncio.run(verify_archive(options, Told()))
    assert verified.differences == []
    assert verified.counts["leads.jsonl"] == report.counts["leads.jsonl"]


def test_a_whole_export_leaves_a_receipt_which_the_task_shows(running, tmp_path):
    options, told = running.options(tmp_path / "out"), Told()
    report = asyncio.run(export_records(options, told))
    sha256 = hashlib.sha256((options.out / "manifest.json").read_bytes()).hexdigest()
    assert running.receipts() == [(sum(report.counts.values()), sha256, VERSION)]
    task = running.gateway.ask(LAST_EXPORT).data["migrationTasks"][3]["lastExport"]
    assert task | {"id": ""} == {
        "id": "",
        "recordCount": sum(report.counts.values()),
        "manifestSha256": sha256,
        "apiVersion": VERSION,
    }
    assert told.sentences[-1] == f"The server keeps a receipt of it: {task['id']}"
    assert sorted(path.name for path in options.out.iterdir()) == sorted([*report.counts, "manifest.json"])


def test_a_token_that_may_leave_no_receipt_exports_all_the_same(running, tmp_path):
    token = token_without(running.gateway, ApiPermission.EXPORT_RECORDS)
    told = Told()
    report = asyncio.run(export_records(running.options(tmp_path / "out", token), told))
    assert report.complete
    assert told.sentences[-1].startswith("No receipt was left, since the token may not (Forbidden: ")
    assert "EXPORT_RECORDS" in told.sentences[-1]
    assert running.receipts() == []


def test_an_export_that_is_not_complete_leaves_no_receipt(running, tmp_path):
    token = token_without(running.gateway, ApiPermission.MANAGE_LEADS)
    told = Told()
    report = asyncio.run(export_records(running.options(tmp_path / "out", token), told))
    assert not report.complete
    assert "leads.jsonl" not in report.counts
    assert report.counts["reviews.jsonl"] == 4
    assert told.sentences[-1] == "No receipt was left, since the archive is not complete."
    assert running.receipts() == []


def test_a_version_without_the_directory_takes_no_receipt(running, tmp_path):
    told = Told()
    report = asyncio.run(export_records(running.options(tmp_path / "out", version="2023-07"), told))
    assert report.complete
    assert "leads: this server has none in API version 2023-07." in report.left_out
    assert "leads.jsonl" not in report.counts
    assert not any("receipt" in sentence for sentence in told.sentences)
    assert running.receipts() == []


def run(running: Running, out: Path, kill_at_fsync: int = 0) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", COMMAND, "export", "--url", running.url, "--organization", "1", "--out", str(out)]
    environ = {**os.environ, "GATEWAY_TOKEN": running.gateway.partner, "KILL_AT_FSYNC": str(kill_at_fsync)}
    return subprocess.run(
        [*command, "--api-version", VERSION], env=environ, capture_output=True, text=True, timeout=120, check=False
    )


def content_of(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def test_stopped_after_its_receipt_it_leaves_no_other(running, tmp_path):
    class StoppedThere(Told):
        def say(self, sentence: str) -> None:
            super().say(sentence)
            if "receipt" in sentence:
                raise KeyboardInterrupt

    options, told = running.options(tmp_path / "out"), Told()
    with pytest.raises(KeyboardInterrupt):
        asyncio.run(export_records(options, StoppedThere()))
    (receipt,) = running.receipts()
    asyncio.run(export_records(options, told))
    assert running.receipts() == [receipt]
    assert told.sentences[-1].startswith("The server keeps a receipt of it: ")
    assert not (options.out / STATE).exists()


@pytest.mark.slow
def test_killed_before_its_receipt_it_leaves_one_and_the_same_archive(running, tmp_path):
    whole = run(running, tmp_path / "whole")
    assert whole.returncode == 0, whole.stderr
    fsyncs = int(whole.stdout.splitlines()[-1])
    unbroken = content_of(tmp_path / "whole")
    # After the last one nothing is left to do.
    for before_the_end in (1, 2, 3, fsyncs // 2):
        out, receipts = tmp_path / f"killed-{before_the_end}", len(running.receipts())
        assert run(running, out, kill_at_fsync=fsyncs - before_the_end).returncode == -signal.SIGKILL
        resumed = run(running, out)
        assert resumed.returncode == 0, resumed.stderr
        assert content_of(out) == unbroken
        assert len(running.receipts()) == receipts + 1
    assert len(set(running.receipts())) == 1


def test_what_an_older_export_began_goes_on_with_what_is_new(running, tmp_path):
    """Its state names neither the new kinds nor a run."""
    options = running.options(tmp_path / "out")
    with Archive(options):
        pass
    state = json.loads((options.out / STATE).read_text())
    del state["run"]
    for name in ("leads", "reviews", "collaborators", "refund_requests"):
        del state["kinds"][name]
    (options.out / STATE).write_text(json.dumps(state))
    assert asyncio.run(export_records(options, Told())).counts["leads.jsonl"] == running.count(leads)
    assert len(running.receipts()) == 1

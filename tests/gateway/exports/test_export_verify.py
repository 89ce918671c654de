import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from export_records import gid, some_api
from export_server import Server
from export_told import Told

from gateway.exports import ExportOptions, UsageError, VerifyReport, export_records, verify_archive

Make = Callable[..., ExportOptions]


@pytest.fixture
def archive(options: Make, told: Told) -> Path:
    asyncio.run(export_records(options(apps=("3",)), told))
    return options().out


def verify(options: Make, told: Told) -> VerifyReport:
    return asyncio.run(verify_archive(options(), told))


def test_a_fresh_archive_is_no_different(archive: Path, options: Make, told: Told) -> None:
    report = verify(options, told)
    assert report.differences == []
    assert report.counts["jobs.jsonl"] == 600
    assert report.counts["app_events.jsonl"] == 605


def test_what_changed_on_the_server_is_found(archive: Path, server: Server, options: Make, told: Told) -> None:
    fresh = some_api(jobs=601).jobs[600]
    server.api.jobs.insert(0, {**fresh, "id": gid("Job", 900_000)})
    del server.api.jobs[300]
    server.api.jobs[500] = {**server.api.jobs[500], "status": "CLOSED"}
    server.api.conversations[7]["messages"][1999]["body"] = "another"
    del server.api.apps[0]["events"][10]
    server.api.apps[1]["events"][10]["reason"] = "another"
    event = "RELATIONSHIP_UNINSTALLED 2023-09-29T14:00:00.000000Z"
    assert verify(options, told).differences == [
        f"jobs.jsonl: {gid('Job', 900_000)} is missing in the archive.",
        f"jobs.jsonl: {gid('Job', 100_000 - 299)} is not on the server, or twice in the archive.",
        f"jobs.jsonl: {gid('Job', 100_000 - 500)} is different on the server.",
        f"conversations.jsonl: {gid('Conversation', 99_993)} is different on the server.",
        f"app_events.jsonl: {event} {gid('App', 1)} {gid('Shop', 10)} is not on the server, or twice in the archive.",
        f"app_events.jsonl: {event} {gid('App', 2)} {gid('Shop', 10)} is different on the server.",
    ]


def test_what_changed_in_a_file_is_found(archive: Path, options: Make, told: Told) -> None:
    path = archive / "jobs.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    changed = json.loads(lines[10])
    changed["status"] = "NEW"
    lines[10] = json.dumps(changed).encode() + b"\n"
    lines[20] = lines[21]
    path.write_bytes(b"".join([*lines, b"{\n"]))
    assert sorted(verify(options, told).differences) == sorted(
        [
            "jobs.jsonl: holds 601 records, and 600 were written.",
            "jobs.jsonl: was changed after it was written; its sha256 is another.",
            "jobs.jsonl: line 601 is not JSON.",
            f"jobs.jsonl: {gid('Job', 100_000 - 20)} is missing in the archive.",
            f"jobs.jsonl: {gid('Job', 100_000 - 21)} is not on the server, or twice in the archive.",
            f"jobs.jsonl: {gid('Job', 100_000 - 10)} is different on the server.",
        ]
    )


def test_a_file_that_is_gone_is_found(archive: Path, options: Make, told: Told) -> None:
    (archive / "apps.jsonl").unlink()
    assert "apps.jsonl: the file is gone." in verify(options, told).differences


def test_a_kind_that_can_no_longer_be_read_is_said(archive: Path, server: Server, options: Make, told: Told) -> None:
    server.api.forbidden = {"transactions"}
    assert verify(options, told).differences == [
        "transactions.jsonl: can't be compared: Your token lacks the permissions for transactions."
    ]


def test_a_kind_that_was_left_out_is_missing(server: Server, options: Make, told: Told) -> None:
    server.api.forbidden = {"jobs"}
    asyncio.run(export_records(options(), told))
    server.api.forbidden = set()
    assert verify(options, told).differences == ["jobs.jsonl: not in the archive, and the server has 600 records."]


def test_an_archive_of_another_organization_is_refused(archive: Path, options: Make, told: Told) -> None:
    with pytest.raises(UsageError, match="organization 1, not 2"):
        asyncio.run(verify_archive(options(organization=2), told))


def test_no_archive_is_refused(options: Make, told: Told) -> None:
    with pytest.raises(UsageError, match="holds no finished archive"):
        asyncio.run(verify_archive(options(), told))

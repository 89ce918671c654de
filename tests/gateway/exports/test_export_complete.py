import asyncio
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from export_records import LONG_CONVERSATION, count_messages, gid
from export_schema import SDL, SDL_WITHOUT_JOBS
from export_server import Server
from export_told import Told

from gateway.exports import ExportOptions, UsageError, export_records

Make = Callable[..., ExportOptions]


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def test_everything_is_downloaded_and_the_manifest_tells_the_truth(options: Make, told: Told) -> None:
    asked = options(apps=("3",))
    report = asyncio.run(export_records(asked, told))
    expected = {
        "jobs.jsonl": 600,
        "conversations.jsonl": 40,
        "transactions.jsonl": 520,
        "apps.jsonl": 3,
        "app_events.jsonl": 605,
    }
    assert report.counts == expected
    assert report.message_count == count_messages()
    assert report.complete
    manifest = json.loads((asked.out / "manifest.json").read_text())
    assert (manifest["apiVersion"], manifest["organization"]) == ("2026-10", 1)
    for name, count in expected.items():
        content = (asked.out / name).read_bytes()
        assert manifest["files"][name]["count"] == count == content.count(b"\n")
        assert manifest["files"][name]["sha256"] == hashlib.sha256(content).hexdigest()
    assert sorted(path.name for path in asked.out.iterdir()) == sorted([*expected, "manifest.json"])


def test_records_are_what_the_server_holds(server: Server, options: Make, told: Told) -> None:
    asked = options()
    asyncio.run(export_records(asked, told))
    jobs = lines(asked.out / "jobs.jsonl")
    assert [job["id"] for job in jobs] == [job["id"] for job in server.api.jobs]
    assert jobs[0]["requirements"] == [{"question": "What?\nA line", "responses": ["Theme", "App"]}]
    assert jobs[3]["invoices"][0]["sale"] == {"id": gid("ServiceSale", 3)}
    assert jobs[3]["proposals"][0]["amount"] == {"amount": "3.50", "currencyCode": "USD"}
    sale = lines(asked.out / "transactions.jsonl")[0]
    assert (sale["__typename"], sale["app"]["id"], sale["chargeId"]) == (
        "AppUsageSale",
        gid("App", 1),
        "gid://shopify/AppUsageRecord/0",
    )
    assert lines(asked.out / "app_events.jsonl")[1]["charge"]["billingOn"] is None


def test_a_conversation_of_2000_messages_is_whole_and_in_order(server: Server, options: Make, told: Told) -> None:
    asked = options()
    asyncio.run(export_records(asked, told))
    found = lines(asked.out / "conversations.jsonl")
    assert [one["id"] for one in found] == [one["id"] for one in server.api.conversations]
    for mine, theirs in zip(found, server.api.conversations, strict=True):
        assert [message["id"] for message in mine["messages"]] == [message["id"] for message in theirs["messages"]]
    assert len(found[7]["messages"]) == LONG_CONVERSATION
    assert found[7]["messages"][1]["sentBy"]["timezone"] == "Europe/Berlin"
    assert found[7]["messages"][0]["sentBy"]["myshopifyDomain"] == "shop-7.myshopify.com"


def test_fields_that_the_server_lacks_are_left_out_and_said(server: Server, options: Make, told: Told) -> None:
    server.api.schema_text = SDL
    asked = options()
    report = asyncio.run(export_records(asked, told))
    assert report.complete
    assert "jobs: this server has no Job.proposals, Job.invoices." in report.left_out
    assert told.sentences.count("Left out: jobs: this server has no Job.proposals, Job.invoices.") == 1
    assert "proposals" not in lines(asked.out / "jobs.jsonl")[0]
    assert json.loads((asked.out / "manifest.json").read_text())["leftOut"] == report.left_out


def test_kinds_that_the_version_lacks_are_left_out_and_said(server: Server, options: Make, told: Told) -> None:
    server.api.schema_text = SDL_WITHOUT_JOBS
    asked = options()
    report = asyncio.run(export_records(asked, told))
    assert report.complete
    assert set(report.counts) == {"transactions.jsonl", "apps.jsonl", "app_events.jsonl"}
    assert report.left_out[:2] == [
        "jobs: this server has none in API version 2026-10.",
        "conversations: this server has none in API version 2026-10.",
    ]
    assert not (asked.out / "jobs.jsonl").exists()


def test_a_missing_permission_leaves_out_the_kind_alone(server: Server, options: Make, told: Told) -> None:
    server.api.forbidden = {"jobs"}
    report = asyncio.run(export_records(options(), told))
    assert not report.complete
    assert "jobs.jsonl" not in report.counts
    assert report.counts["transactions.jsonl"] == 520
    assert [sentence for sentence in report.left_out if sentence.startswith("jobs: the token may not read them")]


def test_a_forbidden_field_leaves_out_the_field_alone(server: Server, options: Make, told: Told) -> None:
    server.api.forbidden = {"shop"}
    asked = options()
    report = asyncio.run(export_records(asked, told))
    assert not report.complete
    assert report.counts["jobs.jsonl"] == 600
    assert "shop" not in lines(asked.out / "jobs.jsonl")[0]


def test_an_app_that_does_not_exist_makes_the_export_incomplete(options: Make, told: Told) -> None:
    report = asyncio.run(export_records(options(apps=("77",)), told))
    assert not report.complete
    assert "apps: the server knows no gid://partners/App/77." in report.left_out


def test_smaller_pages_are_asked_for_where_the_server_refuses(server: Server, options: Make, told: Told) -> None:
    server.api.largest_page = 60
    report = asyncio.run(export_records(options(), told))
    assert report.complete
    assert report.counts["jobs.jsonl"] == 600
    assert report.message_count == count_messages()


def test_the_share_that_is_done_grows_to_the_whole(options: Make, told: Told) -> None:
    asyncio.run(export_records(options(), told))
    shares = [share for share in told.shares if share is not None]
    assert shares[-1] == 1.0
    assert all(0.0 <= share <= 1.0 for share in shares)


def test_a_finished_archive_is_not_overwritten(options: Make, told: Told) -> None:
    asyncio.run(export_records(options(), told))
    with pytest.raises(UsageError, match="holds a finished archive"):
        asyncio.run(export_records(options(), told))


def test_files_of_something_else_are_not_overwritten(options: Make, told: Told) -> None:
    asked = options()
    asked.out.mkdir()
    (asked.out / "jobs.jsonl").write_text("mine")
    with pytest.raises(UsageError, match=r"jobs\.jsonl of something else"):
        asyncio.run(export_records(asked, told))
    assert (asked.out / "jobs.jsonl").read_text() == "mine"

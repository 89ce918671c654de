import argparse
import io
import json
from pathlib import Path

import pytest
from export_server import TOKEN, Server

from gateway.cli.export import add_parser
from gateway.exports.progress import BarProgress, LineProgress


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_TOKEN", TOKEN)


def run(server: Server, out: Path, *more: str) -> int:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    args = parser.parse_args(["export", "--url", server.url, "--organization", "1", "--out", str(out), *more])
    return args.run(args)


def test_export_then_verify(server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert run(server, out) == 0
    printed = capsys.readouterr()
    assert "jobs.jsonl: 600 records\n" in printed.out
    # What this server does not have is not announced.
    assert "jobs: 600 records, done; then conversations, transactions, apps, app_events\n" in printed.err
    assert TOKEN not in printed.out + printed.err
    assert run(server, out, "--verify") == 0
    del server.api.jobs[0]
    assert run(server, out, "--verify") == 1
    assert "1,761 records compared: different." in capsys.readouterr().out
    assert run(server, out) == 2


def test_a_missing_permission_is_exit_status_1(server: Server, tmp_path: Path) -> None:
    server.api.forbidden = {"app"}
    assert run(server, tmp_path / "out") == 1
    assert set(json.loads((tmp_path / "out" / "manifest.json").read_text())["files"]) == {
        "jobs.jsonl",
        "conversations.jsonl",
        "transactions.jsonl",
    }


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--app", "x"], "--app takes a number"),
        (["--url", "partners.shopify.com"], "--url takes an origin"),
        (["--token-file", "/nowhere/token"], "--token-file takes a file"),
    ],
)
def test_wrong_usage_is_exit_status_2(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], sentence: str
) -> None:
    assert run(server, tmp_path / "out", *more) == 2
    assert sentence in capsys.readouterr().err


def test_no_token_is_exit_status_2(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GATEWAY_TOKEN")
    assert run(server, tmp_path / "out") == 2
    assert "There is no token" in capsys.readouterr().err


def test_a_token_file_comes_before_the_variable(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATEWAY_TOKEN", "prtapi_wrong")
    (tmp_path / "token").write_text(TOKEN + "\n")
    assert run(server, tmp_path / "out", "--token-file", str(tmp_path / "token")) == 0


def test_a_wrong_token_is_exit_status_1_and_not_printed(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATEWAY_TOKEN", "prtapi_wrong")
    assert run(server, tmp_path / "out") == 1
    assert capsys.readouterr().err == "Unauthorized: (the token).\n"


def test_a_directory_that_can_not_be_made_is_exit_status_1(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert run(server, tmp_path / "file" / "out") == 1
    assert "Not a directory" in capsys.readouterr().err


def test_lines_tell_the_rate_and_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.exports.progress.SECONDS_BETWEEN_LINES", 0.0)
    stream = io.StringIO()
    progress = LineProgress(stream)
    progress.begin("jobs", ["conversations"])
    progress.advance(250, 0.25)
    progress.end()
    assert stream.getvalue() == (
        "jobs: 250 records, 0 a second, about 25%; then conversations\njobs: 250 records, done; then conversations\n"
    )


def test_a_bar_is_drawn_with_and_without_a_share() -> None:
    stream = io.StringIO()
    progress = BarProgress(stream)
    progress.begin("jobs", ["apps"])
    progress.advance(1250, None)
    progress.advance(2500, 0.5)
    progress.say("a sentence [with brackets]")
    progress.end()
    progress.close()
    assert "a sentence [with brackets]" in stream.getvalue()
    assert "2,500 records" in stream.getvalue()

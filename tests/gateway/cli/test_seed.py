"""The command that fills an empty database."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from gateway.cli import main
from gateway.cli import seed as command
from gateway.db import Database
from gateway.models.actor import organizations
from gateway.models.api_client import api_clients
from gateway.settings import Settings
from gateway.tokens import token_hash


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("GATEWAY_DATABASE_URL", f"sqlite:///{tmp_path}/seed.db")
    return Settings.from_env()


def run(*arguments: str) -> int:
    return main(["seed", *arguments])


def fetch(settings: Settings, statement: Any) -> list[Any]:
    async def read() -> list[Any]:
        database = Database(settings)
        try:
            return list(await database.run_sync(lambda c: c.execute(statement).all()))
        finally:
            await database.close()

    return asyncio.run(read())


def test_json_is_one_line_of_a_fixed_shape(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--json") == 0
    output = capsys.readouterr().out
    assert output.count("\n") == 1
    answer = json.loads(output)
    tokens = [holder.pop("token") for holder in [*answer["partners"], *answer["merchants"], answer["employee"]]]
    assert answer == {
        "partners": [{"organizationId": 1}, {"organizationId": 2}],
        "merchants": [
            {
                "shopId": "gid://partners/Shop/1",
                "merchantUserId": "gid://partners/MerchantUser/1",
                "requestCode": "4071",
            },
            {
                "shopId": "gid://partners/Shop/3",
                "merchantUserId": "gid://partners/MerchantUser/3",
                "requestCode": "5508",
            },
        ],
        "employee": {},
    }
    assert [token[:7] for token in tokens] == ["prtapi_", "prtapi_", "mchapi_", "mchapi_", "empapi_"]
    hashes = {row.token_hash for row in fetch(settings, select(api_clients.c.token_hash))}
    assert {token_hash(token) for token in tokens} == hashes


def test_the_summary_tells_every_token(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--jobs", "5") == 0
    output = capsys.readouterr().out
    assert output.count("prtapi_") == 2
    assert output.count("mchapi_") == 2
    assert output.count("empapi_") == 1


def test_a_second_seed_is_refused_with_a_sentence(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    before = fetch(settings, select(func.count()).select_from(api_clients))
    capsys.readouterr()
    assert run("--json") == 1
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("The database has records already.")
    assert output.err.count("\n") == 1
    assert fetch(settings, select(func.count()).select_from(api_clients)) == before


def test_a_seed_that_fails_leaves_nothing(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(rows: int) -> None:
        raise KeyboardInterrupt

    async def start() -> None:
        database = Database(settings)
        try:
            await command.seed(database, progress=stop)
        finally:
            await database.close()

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(start())
    assert run() == 0
    assert fetch(settings, select(func.count()).select_from(organizations)) == [(6,)]


def test_a_database_that_is_not_there_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GATEWAY_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    assert run() == 1
    assert capsys.readouterr().err.startswith("The database can't be reached: ")


@pytest.mark.parametrize("value", ["-1", "x", "1.5"])
def test_a_wrong_number_of_jobs_is_wrong_usage(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        run("--jobs", value)
    assert stopped.value.code == 2
    assert f"'{value}' is not a number of jobs" in capsys.readouterr().err

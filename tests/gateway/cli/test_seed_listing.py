"""The command that loads public listings: all of a file or nothing, once, on both databases."""

import asyncio
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from harness import run_sql
from sqlalchemy import text

from gateway.cli import main
from gateway.db import Database
from gateway.settings import Settings

POSTGRES_URL = os.environ.get("GATEWAY_TEST_POSTGRES_URL", "")
SHARED: dict[str, Any] = {"nameIsAscii": True, "directorySince": None, "languages": None, "maxPriceUsd": None}
CONTACT = {"minPriceUsd": None, "contactForPricing": True}
UNRATED = {"rating": None, "reviewCount": None}
ROWS: list[dict[str, Any]] = [
    {
        **SHARED,
        "partner": 1,
        "nameLength": 9,
        "country": "Norway",
        "city": "TROMSØ",
        "rating": 4.9,
        "services": ["TAX_SETUP"],
        "moreServices": 4,
        "minPriceUsd": 250,
        "contactForPricing": False,
        "reviewCount": 12,
        "languages": ["English", "Vietnamese"],
        "directorySince": "2024-01-01T00:00:00Z",
    },
    {
        **SHARED,
        **CONTACT,
        **UNRATED,
        "partner": 2,
        "nameLength": 3,
        "country": "Croatia",
        "city": "Split",
        "services": ["TAX_SETUP", "DOMAIN_SETUP"],
        "moreServices": 0,
        "nameIsAscii": False,
    },
    {
        **SHARED,
        **CONTACT,
        "partner": 3,
        "nameLength": 40,
        "country": None,
        "city": None,
        "rating": 4.0,
        "reviewCount": None,
        "services": ["DOMAIN_SETUP"],
        "moreServices": 1,
    },
]


@pytest.fixture(params=["sqlite", *(["postgresql"] if POSTGRES_URL else [])])
def settings(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    name = f"gateway_listing_{uuid4().hex}"
    url = f"sqlite:///{tmp_path}/seed.db"
    if request.param == "postgresql":
        url = f"{POSTGRES_URL.rsplit('/', 1)[0]}/{name}"
        asyncio.run(run_sql(POSTGRES_URL, f'CREATE DATABASE "{name}"'))
    monkeypatch.setenv("GATEWAY_DATABASE_URL", url)
    yield Settings.from_env()
    if request.param == "postgresql":
        asyncio.run(run_sql(POSTGRES_URL, f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "listing.jsonl"
    file.write_text("".join(f"{json.dumps(row)}\n" for row in ROWS))
    return file


def fetch(settings: Settings, statement: str) -> list[tuple[Any, ...]]:
    async def read() -> list[tuple[Any, ...]]:
        database = Database(settings)
        try:
            return [tuple(row) for row in await database.run_sync(lambda c: c.execute(text(statement)).all())]
        finally:
            await database.close()

    return asyncio.run(read())


LISTED = """
    SELECT city, countries.name, review_count, average_rating_millionths, starting_price_cents,
      (SELECT count(*) FROM service_offerings WHERE service_offerings.organization_id = partners.organization_id)
    FROM partners LEFT JOIN countries ON code = country_code WHERE id > 1000 ORDER BY id
"""


def test_a_file_is_loaded_once_and_what_was_invented_is_told(
    settings: Settings, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["seed", "--listing", str(file), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["listing"] == {
        "partners": 3,
        "offerings": 9,
        "partnersWithCountry": 2,
        "correctedCities": 1,
        "addedCountries": ["Croatia"],
        "addedLanguages": ["Vietnamese"],
        "invented": {"names": 3, "contactEmails": 3, "services": 5, "dates": 2, "languages": 2, "reviewCounts": 1},
    }
    first, second, (*third, offerings) = fetch(settings, LISTED)
    assert first == ("Tromsø", "Norway", 12, 4_900_000, 25_000, 5)
    assert second == ("Split", "Croatia", 0, 0, None, 2)
    assert (third[0], third[1], third[3], third[4], offerings) == (None, None, 4_000_000, None, 2)

    assert main(["seed", "--listing", str(file)]) == 1
    assert capsys.readouterr().err.startswith("The database has records already.")
    assert fetch(settings, "SELECT count(*) FROM partners WHERE id > 1000") == [(3,)]


def test_a_wrong_line_is_told_and_nothing_is_loaded(
    settings: Settings, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with file.open("a") as lines:
        lines.write(json.dumps({**ROWS[0], "partner": 4, "country": "Atlantis"}))
    assert main(["seed", "--listing", str(file)]) == 1
    assert capsys.readouterr() == (
        "",
        "The listing can't be loaded, and nothing was:\nLine 4: no such country: 'Atlantis'.\n",
    )
    file.write_text(json.dumps(ROWS[0]))
    assert main(["seed", "--listing", str(file)]) == 0
    told = capsys.readouterr().out
    assert "1 partners (1 tell a country), 5 offerings.\n" in told
    assert "4 offerings that the file counts but does not name" in told


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["seed", "--listing", str(tmp_path / "none.jsonl")]) == 2
    assert capsys.readouterr().err.startswith("The listing can't be read: ")

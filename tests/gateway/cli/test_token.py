"""partner-gateway token: what it prints, what it refuses, and that the tokens work."""

import asyncio
import re
import sqlite3
from datetime import UTC, datetime

import pytest
from serving import prepare

from gateway.auth import Authenticator
from gateway.cli import main
from gateway.db import Database
from gateway.errors import Unauthorized
from gateway.settings import Settings
from gateway.viewer import ApiPermission, ViewerKind


@pytest.fixture
def settings(tmp_path, monkeypatch):
    settings = Settings(database_url=f"sqlite:///{tmp_path}/tokens.db")
    prepare(settings)
    monkeypatch.setenv("GATEWAY_DATABASE_URL", settings.database_url)
    return settings


@pytest.fixture
def run(settings, capsys):
    """`run("token", "list")`: the exit status, and what came out."""

    def run(*arguments):
        try:
            status = main(arguments)
        except SystemExit as stopped:
            status = stopped.code
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def viewer(settings, token):
    async def ask():
        database = Database(settings)
        authenticator = Authenticator(database)
        try:
            return await authenticator.viewer(token, now=datetime.now(UTC))
        finally:
            await authenticator.close()
            await database.close()

    return asyncio.run(ask())


def test_an_organizations_token_is_printed_and_nothing_else(run, settings):
    status, out, err = run("token", "create", "--organization", "1", "--permissions", "VIEW_FINANCIALS,manage_jobs")
    assert (status, err) == (0, "")
    assert re.fullmatch(r"prtapi_[0-9a-f]{40}\n", out)
    found = viewer(settings, out.strip())
    assert (found.organization_id, found.permissions) == (
        1,
        {ApiPermission.VIEW_FINANCIALS, ApiPermission.MANAGE_JOBS},
    )


def test_all_permissions_can_be_had_at_once(run, settings):
    _, out, _ = run("token", "create", "--organization", "gid://partners/Organization/1", "--permissions", "all")
    assert viewer(settings, out.strip()).permissions == frozenset(ApiPermission)


def test_merchants_and_employees_have_tokens_too(run, settings):
    _, out, _ = run("token", "create", "--shop", "gid://partners/Shop/1", "--merchant-user", "1")
    found = viewer(settings, out.strip())
    assert (found.kind, found.shop_id, found.merchant_user_id) == (ViewerKind.MERCHANT, 1, 1)
    _, out, _ = run("token", "create", "--employee", "1")
    assert viewer(settings, out.strip()).employee_id == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--organization", "9", "--permissions", "all"], "There is no organization 9"),
        (["--shop", "9", "--merchant-user", "1"], "There is no shop 9"),
        (["--shop", "1", "--merchant-user", "9"], "There is no merchant user 9"),
        (["--shop", "2", "--merchant-user", "1"], "The merchant user 1 is not of the shop 2"),
        (["--employee", "9"], "There is no employee 9"),
    ],
)
def test_a_holder_that_does_not_exist_is_refused(run, arguments, sentence):
    assert run("token", "create", *arguments) == (1, "", sentence + "\n")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--organization", "1"],
        ["--organization", "1", "--permissions", "EVERYTHING"],
        ["--organization", "1", "--permissions", ""],
        ["--organization", "gid://partners/Shop/1", "--permissions", "all"],
        ["--organization", "99999999999999999999", "--permissions", "all"],
        ["--organization", "1", "--permissions", "all", "--expires", "soon"],
        ["--organization", "1", "--permissions", "all", "--expires", "0d"],
        ["--organization", "1", "--permissions", "all", "--expires", "999999999w"],
        ["--organization", "1", "--permissions", "all", "--employee", "1"],
        ["--shop", "1"],
        ["--merchant-user", "1"],
        ["--employee", "1", "--permissions", "all"],
    ],
)
def test_wrong_usage_is_a_sentence_and_status_2(run, arguments):
    status, out, err = run("token", "create", *arguments)
    assert (status, out) == (2, "")
    assert err
    assert "Traceback" not in err


def test_a_rotated_token_works_on_for_its_grace(run, settings):
    _, old, _ = run("token", "create", "--employee", "1")
    client_id = str(viewer(settings, old.strip()).client_id)
    _, new, _ = run("token", "rotate", client_id, "--grace", "1h")
    assert viewer(settings, old.strip()) == viewer(settings, new.strip())
    _, newest, _ = run("token", "rotate", client_id)
    assert viewer(settings, newest.strip()).client_id == int(client_id)
    for gone in (old, new):
        with pytest.raises(Unauthorized):
            viewer(settings, gone.strip())


def test_a_revoked_token_is_unknown(run, settings):
    _, out, _ = run("token", "create", "--employee", "1")
    client_id = str(viewer(settings, out.strip()).client_id)
    assert run("token", "revoke", client_id) == (0, "", "")
    with pytest.raises(Unauthorized):
        viewer(settings, out.strip())
    sentence = f"No API client that is in use has the id {client_id}\n"
    assert run("token", "revoke", client_id) == (1, "", sentence)
    assert run("token", "rotate", client_id) == (1, "", sentence)


def test_the_list_tells_all_but_the_hash(run, settings):
    _, token, _ = run("token", "create", "--shop", "1", "--merchant-user", "1", "--expires", "90d", "--name", "a\nb")
    _, out, _ = run("token", "list")
    lines = out.splitlines()
    assert lines[0].split() == [
        "id",
        "kind",
        "name",
        "holder",
        "permissions",
        "created",
        "last",
        "used",
        "expires",
        "revoked",
    ]
    assert len(lines) == 6
    assert re.search(r"PARTNER +all +organization 1 +all +20..-", out)
    assert re.search(r"PARTNER +jobs +organization 1 +MANAGE_JOBS +20..-", out)
    assert re.search(r"MERCHANT +a b +shop 1, merchant user 1 +- +20\S+Z +- +20\S+Z +-\n?$", lines[-1])
    assert token.strip() not in out
    file = settings.database_url.removeprefix("sqlite:///")
    with sqlite3.connect(file) as connection:
        for (digest,) in connection.execute("SELECT token_hash FROM api_clients"):
            assert digest not in out


def test_a_database_without_tables_is_told_what_to_do(run, tmp_path, monkeypatch):
    monkeypatch.setenv("GATEWAY_DATABASE_URL", f"sqlite:///{tmp_path}/empty.db")
    status, out, err = run("token", "list")
    assert (status, out) == (1, "")
    assert "partner-gateway migrate" in err
    assert run("migrate")[0] == 0
    assert run("token", "list")[0] == 0
    status, out, _ = run("migrate")
    assert (status, out.endswith(": nothing to do\n")) == (0, True)


def test_a_database_that_is_away_is_a_sentence(run, monkeypatch):
    monkeypatch.setenv("GATEWAY_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    status, out, err = run("token", "list")
    assert (status, out, err.count("\n")) == (1, "", 1)

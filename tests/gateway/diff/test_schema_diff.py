"""The command: where schemas come from, what it says, and how it ends."""

import json
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from xml.etree import ElementTree

import pytest
from graphql import build_schema, graphql_sync, introspection_from_schema

from gateway.cli import main

OLD = """type Query {
  apps(first: Int = 10): [App!]!
  shop: Shop @deprecated(reason: "Use `apps`.")
}
type App { id: ID! kind: Kind! }
type Shop { id: ID! }
enum Kind { PUBLIC CUSTOM }
"""
NEW = OLD.replace("apps(first: Int = 10)", "apps(first: Int!)").replace("PUBLIC", "PUBLIC PLUS")
CHANGES = [
    ("BREAKING", "Query.apps(first:)", "ARG_DEFAULT_REMOVED"),
    ("BREAKING", "Query.apps(first:)", "ARG_TYPE_CHANGED"),
    ("DANGEROUS", "Kind.PLUS", "ENUM_VALUE_ADDED"),
]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "old.graphql").write_text(OLD)
    (tmp_path / "new.graphql").write_text(NEW)
    return tmp_path


def diff(*arguments: str) -> int:
    return main(["schema", "diff", *arguments])


def changes(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[tuple[str, str, str]]:
    diff(*arguments, "--format", "json")
    found = json.loads(capsys.readouterr().out)
    return [(each["criticality"], each["coordinate"], each["type"]) for each in found["changes"]]


def test_json_has_the_shape_that_scripts_read(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "new.graphql").write_text(OLD.replace("(first: Int = 10)", "(first: Int!)"))
    (here / "old.graphql").write_text(OLD.replace("(first: Int = 10)", ""))
    assert diff("old.graphql", "new.graphql", "--format", "json") == 1
    assert json.loads(capsys.readouterr().out) == {
        "criticality": "BREAKING",
        "changes": [
            {
                "criticality": "BREAKING",
                "coordinate": "Query.apps(first:)",
                "type": "ARG_REQUIRED_ADDED",
                "message": "Query.apps(first:) was added, and is required",
            }
        ],
        "operations": [],
    }


def test_equal_schemas_have_nothing_forbidden(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert diff("old.graphql", "old.graphql") == 0
    assert capsys.readouterr().out == "No change.\n"


@pytest.mark.parametrize(("fail_on", "status"), [("breaking", 0), ("dangerous", 1), ("documents", 0), ("never", 0)])
def test_what_is_forbidden_can_be_chosen(here: Path, fail_on: str, status: int) -> None:
    (here / "new.graphql").write_text(OLD.replace("PUBLIC", "PUBLIC PLUS"))
    assert diff("old.graphql", "new.graphql", "--fail-on", fail_on) == status


def test_text_names_places(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert diff("old.graphql", "new.graphql") == 1
    assert capsys.readouterr().out == (
        "BREAKING (2)\n"
        "  Query.apps(first:)  ARG_DEFAULT_REMOVED\n"
        "      Query.apps(first:) has no default any more; it was 10\n"
        "      new.graphql:2:8\n"
        "  Query.apps(first:)  ARG_TYPE_CHANGED\n"
        "      Query.apps(first:) changed type from Int to Int!\n"
        "      new.graphql:2:8\n"
        "DANGEROUS (1)\n"
        "  Kind.PLUS  ENUM_VALUE_ADDED\n"
        "      Kind.PLUS was added: clients may meet it\n"
        "      new.graphql:7:20\n"
        "Changes: 2 breaking, 1 dangerous, 0 safe.\n"
    )


def test_github_annotates_lines(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert diff("old.graphql", "new.graphql", "--format", "github") == 1
    assert capsys.readouterr().out.splitlines()[1:] == [
        (
            "::error file=new.graphql,line=2,col=8,title=ARG_TYPE_CHANGED Query.apps(first%3A)"
            "::Query.apps(first:) changed type from Int to Int!"
        ),
        (
            "::warning file=new.graphql,line=7,col=20,title=ENUM_VALUE_ADDED Kind.PLUS"
            "::Kind.PLUS was added: clients may meet it"
        ),
        "::notice title=Schema changes::2 breaking, 1 dangerous, 3 in all",
    ]


def test_sarif_tells_rules_levels_and_places(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    diff("old.graphql", "new.graphql", "--format", "sarif")
    log = json.loads(capsys.readouterr().out)
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    assert [(each["ruleId"], each["level"]) for each in run["results"]] == [
        ("ARG_DEFAULT_REMOVED", "error"),
        ("ARG_TYPE_CHANGED", "error"),
        ("ENUM_VALUE_ADDED", "warning"),
    ]
    assert [run["tool"]["driver"]["rules"][each["ruleIndex"]]["id"] for each in run["results"]] == [
        each["ruleId"] for each in run["results"]
    ]
    assert run["results"][0]["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "new.graphql"},
                "region": {"startLine": 2, "startColumn": 8},
            },
            "logicalLocations": [{"fullyQualifiedName": "Query.apps(first:)"}],
        }
    ]


def test_junit_fails_for_what_breaks(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    diff("old.graphql", "new.graphql", "--format", "junit")
    root = ElementTree.fromstring(capsys.readouterr().out)
    assert (root.get("tests"), root.get("failures")) == ("3", "2")
    assert [case.get("name") for case in root.iter("testcase") if case.find("failure") is not None] == [
        "Query.apps(first:)",
        "Query.apps(first:)",
    ]


def test_markdown_escapes_what_would_end_a_cell(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "new.graphql").write_text(OLD.replace("Use `apps`.", "Use | <b>"))
    diff("old.graphql", "new.graphql", "--format", "markdown")
    assert (
        "| `Query.shop` | DEPRECATION_CHANGED | Query.shop is deprecated for another reason: Use \\| &lt;b> |"
        in capsys.readouterr().out
    )


def test_a_directory_is_one_schema(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "parts" / "more").mkdir(parents=True)
    first, rest = NEW.split("type App", 1)
    (here / "parts" / "query.graphql").write_text(first)
    (here / "parts" / "more" / "rest.graphqls").write_text("# Types.\ntype App" + rest)
    assert changes(capsys, "old.graphql", "parts") == CHANGES
    diff("old.graphql", "parts")
    assert "parts/more/rest.graphqls:4:20" in capsys.readouterr().out


def test_introspection_is_a_schema(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = introspection_from_schema(build_schema(NEW))
    (here / "new.json").write_text(json.dumps({"data": told}))
    assert changes(capsys, "old.graphql", "new.json") == CHANGES


def test_a_revision_is_a_schema(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "sdl").mkdir()
    (here / "sdl" / "a.graphql").write_text(OLD)
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example"]
    for command in (["init", "-q"], ["add", "sdl"], ["commit", "-q", "-m", "One"]):
        subprocess.run([*git, *command], check=True, cwd=here)
    (here / "sdl" / "a.graphql").write_text(NEW)
    assert changes(capsys, "git:HEAD:sdl/a.graphql", "sdl/a.graphql") == CHANGES
    assert changes(capsys, "git:HEAD:sdl", "sdl") == CHANGES
    assert diff("git:nowhere:sdl", "sdl") == 2
    assert diff("git:HEAD:other.graphql", "sdl") == 2
    assert diff("git:--output=x:sdl", "sdl") == 2
    assert capsys.readouterr().err.splitlines()[0].startswith("git:nowhere:sdl: ")
    assert not (here / "x").exists()


def test_versions_of_our_own_are_schemas(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert diff("unstable", "unstable") == 0
    assert diff("unstable", "1999-01") == 2
    assert capsys.readouterr().err.startswith("1999-01: there is no such file or directory, and no such version")


class Endpoint(BaseHTTPRequestHandler):
    """A GraphQL server that takes one token, and knows no @oneOf when it is asked about it."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers.get("X-Shopify-Access-Token") != "right":
            answer = {"errors": [{"message": "Unauthorized"}]}
        elif "isOneOf" in body["query"]:
            answer = {"errors": [{"message": "Field 'isOneOf' doesn't exist on type '__Type'"}]}
        else:
            answer = {"data": graphql_sync(build_schema(NEW), body["query"]).data}
        content = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Endpoint)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/graphql"
    server.shutdown()
    server.server_close()


def test_a_running_endpoint_tells_its_schema(
    here: Path, url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TOKEN", "right")
    assert changes(capsys, "old.graphql", url, "--token-env", "TOKEN") == CHANGES
    monkeypatch.setenv("TOKEN", "wrong")
    assert diff("old.graphql", url, "--token-env", "TOKEN") == 2
    assert capsys.readouterr().err == f"{url}: the server does not tell its schema: Unauthorized\n"
    monkeypatch.delenv("TOKEN")
    assert diff("old.graphql", url, "--token-env", "TOKEN") == 2
    assert capsys.readouterr().err == "TOKEN: this variable holds no token\n"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.graphql", "type Query {\n  a: [Int\n}", "a.graphql:3:1: Syntax Error: Expected ']', found '}'."),
        ("a.graphql", "type Query {\n  a: Job\n}", "a.graphql:2:3: Query.a needs the type Job, which is not defined"),
        ("a.graphql", 'type Query { a: Int }\n"open', "a.graphql:2:6: Syntax Error: Unterminated string."),
        ("a.graphql", "", "a.graphql:1:1: Syntax Error: Unexpected <EOF>."),
        ("a.graphql", "query { a }", "a.graphql:1:1: this is an operation or a fragment, where a schema is expected"),
        ("a.json", '{"data":\n {"a": }}', "a.json:2:8: this is no JSON: Expecting value"),
        (
            "a.json",
            '{"data": {}}',
            'a.json:1:1: this is no answer to an introspection query: there is no "__schema" in it',
        ),
    ],
)
def test_an_error_in_the_input_names_its_place(
    here: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, said: str
) -> None:
    (here / name).write_text(text)
    assert diff("old.graphql", name) == 2
    assert capsys.readouterr().err == f"{said}\n"


def test_what_is_not_utf_8_names_its_place(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "a.graphql").write_bytes(b"type Query {\n  a: Int # \xff\n}")
    assert diff("old.graphql", "a.graphql") == 2
    assert capsys.readouterr().err == "a.graphql:2:12: this is not UTF-8\n"


def test_a_fault_is_told_and_the_schema_compared(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "new.graphql").write_text(OLD.replace("id: ID! kind", "id: ID! id: Int kind"))
    assert diff("old.graphql", "new.graphql") == 0
    assert capsys.readouterr().out == (
        "fault: new.graphql:5:20: DEFINED_TWICE App.id is defined twice: the first definition counts\nNo change.\n"
    )


def test_a_cached_schema_answers_as_one_that_is_read(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    read = changes(capsys, "old.graphql", "new.graphql")
    kept = sorted((here / "cache" / "partner-gateway" / "schemas").glob("*"))
    assert [path.suffix for path in kept] == [".json", ".json"]
    assert changes(capsys, "old.graphql", "new.graphql") == read == CHANGES
    kept[0].write_bytes(kept[0].read_bytes()[:-9] + b"}" * 9)
    kept[1].write_bytes(b"")
    assert changes(capsys, "old.graphql", "new.graphql") == CHANGES
    assert changes(capsys, "old.graphql", "new.graphql", "--no-cache") == CHANGES


def test_a_cache_that_others_can_write_is_not_read(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = here / "open"
    folder.mkdir()
    folder.chmod(0o777)
    assert changes(capsys, "old.graphql", "new.graphql", "--cache", "open") == CHANGES
    assert list(folder.iterdir()) == []

"""What the rules of the house say, apart from what a change breaks."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gateway.cli import main
from gateway.diff.compare import compare
from gateway.diff.policy import check_policy
from gateway.diff.rules import Rules, RulesError, parse_rules
from gateway.diff.sdl import read_sdl

TODAY = date(2026, 11, 22)
PLAIN = "type Query { a: Int b: Int }"
DEPRECATED = 'type Query { a: Int b: Int @deprecated(reason: "Use `a`.") }'
GONE = "type Query { a: Int }"


def judge(old: str, new: str, *earlier: str, rules: dict[str, Any] | None = None) -> list[tuple[str, str, str | None]]:
    schemas = read_sdl(old), read_sdl(new)
    found = check_policy(
        compare(*schemas),
        *schemas,
        earlier=[read_sdl(each) for each in earlier],
        today=TODAY,
        rules=parse_rules(rules or {}),
    )
    return [(each.rule, each.coordinate, each.allowed) for each in found]


@pytest.mark.parametrize(
    ("versions", "needed", "is_forbidden"),
    [
        ([PLAIN], 1, True),
        ([DEPRECATED], 1, False),
        ([PLAIN, DEPRECATED], 2, True),
        ([DEPRECATED, DEPRECATED], 2, False),
        ([PLAIN], 0, False),
    ],
)
def test_a_removal_needs_deprecations_in_earlier_versions(versions: list[str], needed: int, is_forbidden: bool) -> None:
    found = judge(versions[-1], GONE, *versions[:-1], rules={"removal-after": needed})
    assert found == ([("REMOVED_TOO_SOON", "Query.b", None)] if is_forbidden else [])


@pytest.mark.parametrize(
    ("reason", "is_named"),
    [
        ("Use `a`.", True),
        ("Use Query.a instead.", True),
        ("Use `Query.a(x:)`.", True),
        ("Use `T`.", True),
        ("Use `gone`.", False),
        ("Use Query.gone.", False),
        ("It has closed.", False),
        ("Do not use `b`.", False),
    ],
)
def test_a_deprecation_names_a_replacement_that_exists(reason: str, is_named: bool) -> None:
    rest = '"What is there." type T { "x" a: Int }'
    new = f'type Query {{ a(x: Int): Int b: Int @deprecated(reason: "{reason}") t: T }} {rest}'
    old = f"type Query {{ a(x: Int): Int b: Int t: T }} {rest}"
    assert judge(old, new) == ([] if is_named else [("NO_REPLACEMENT", "Query.b", None)])
    assert judge(new, new) == []


def test_new_things_need_a_description() -> None:
    new = 'type Query { a(x: Int, "y" z: Int): Int b: Int t: T } type T { "c" c: Int d: E } enum E { P }'
    assert judge(PLAIN, new) == [
        ("NO_DESCRIPTION", "E", None),
        ("NO_DESCRIPTION", "E.P", None),
        ("NO_DESCRIPTION", "Query.a(x:)", None),
        ("NO_DESCRIPTION", "Query.t", None),
        ("NO_DESCRIPTION", "T", None),
        ("NO_DESCRIPTION", "T.d", None),
    ]
    assert judge(PLAIN, new, rules={"descriptions": False}) == []


def exception(until: str) -> dict[str, Any]:
    return {"exceptions": [{"coordinate": "Query.b", "reason": "Never worked.", "until": until}]}


def test_an_exception_lets_pass_until_its_day_has_gone() -> None:
    assert judge(PLAIN, GONE, rules=exception("2026-11-22")) == [("REMOVED_TOO_SOON", "Query.b", "Never worked.")]
    assert judge(PLAIN, GONE, rules=exception("2026-11-21")) == [
        ("EXEMPTION_EXPIRED", "Query.b", None),
        ("REMOVED_TOO_SOON", "Query.b", None),
    ]
    assert judge(PLAIN, PLAIN, rules=exception("2026-11-21")) == []


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"removal-after": -1}, "removal-after is a number of versions, from 0 on"),
        ({"removal-after": True}, "removal-after is a number of versions, from 0 on"),
        ({"descriptions": 1}, "descriptions is true or false"),
        ({"removal_after": 1}, "knows no removal_after"),
        ({"exceptions": [{"reason": "a"}]}, "an exception needs the coordinate of what it lets pass"),
        ({"exceptions": [{"coordinate": "Q.a", "reason": " ", "until": TODAY}]}, "the exception of Q.a needs a reason"),
        (
            {"exceptions": [{"coordinate": "Q.a", "reason": "b", "until": "soon"}]},
            "the exception of Q.a needs the date `until` which it holds, such as 2027-01-31",
        ),
    ],
)
def test_a_table_that_is_no_policy_is_refused(table: dict[str, Any], said: str) -> None:
    with pytest.raises(RulesError, match=said.replace("(", r"\(")):
        parse_rules(table)
    assert parse_rules({}) == Rules(1, replacement=True, descriptions=True)


def test_the_command_keeps_verdict_and_policy_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, sdl in (("first", DEPRECATED), ("old", DEPRECATED), ("new", GONE)):
        (tmp_path / f"{name}.graphql").write_text(sdl)
    policy = tmp_path / "pyproject.toml"
    given = [str(tmp_path / "old.graphql"), str(tmp_path / "new.graphql"), "--policy", str(policy), "--no-cache"]
    policy.write_text("[tool.partner-gateway.schema]\nremoval-after = 2\n")
    assert main(["schema", "diff", *given, "--fail-on", "never"]) == 1
    assert "policy: REMOVED_TOO_SOON Query.b was removed" in capsys.readouterr().out
    assert main(["schema", "diff", *given, "--fail-on", "never", "--earlier", str(tmp_path / "first.graphql")]) == 0
    assert main(["schema", "diff", *given, "--earlier", str(tmp_path / "first.graphql")]) == 1
    policy.write_text(
        "[[tool.partner-gateway.schema.exceptions]]\n"
        'coordinate = "Query.b"\nreason = "Nobody asks for it."\nuntil = 2999-01-01\n'
    )
    assert main(["schema", "diff", *given]) == 0
    assert "Query.b was removed (allowed by an exception)" in capsys.readouterr().out
    policy.write_text("[tool.partner-gateway.schema]\nremovals = 2\n")
    assert main(["schema", "diff", *given]) == 2
    assert capsys.readouterr().err == f"{policy}: [tool.partner-gateway.schema] knows no removals\n"

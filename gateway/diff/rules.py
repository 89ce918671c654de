"""The policy of a project: `[tool.partner-gateway.schema]` in its pyproject.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from gateway.diff.origin import LoadError

_TABLE = "tool.partner-gateway.schema"


@dataclass(frozen=True, slots=True)
class Exemption:
    """Lets one finding pass, to the end of the day `until`. Without `rule` it covers every rule and change.

    `Type.*` covers all members of the type.
    """

    coordinate: str
    reason: str
    until: date
    rule: str | None = None

    def covers(self, coordinate: str, rule: str) -> bool:
        is_it = coordinate == self.coordinate
        if self.coordinate.endswith(".*"):
            is_it = coordinate.partition(".")[0] == self.coordinate[:-2] and "." in coordinate
        return is_it and self.rule in {None, rule}


@dataclass(frozen=True, slots=True)
class Rules:
    """`removal_after`: in how many earlier versions something has to be deprecated before it may leave."""

    removal_after: int = 1
    replacement: bool = True
    descriptions: bool = True
    exemptions: tuple[Exemption, ...] = field(default=())


class RulesError(ValueError):
    """The table holds what can't be a policy."""


def read_rules(path: Path) -> Rules:
    """Raises LoadError."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LoadError(str(path), error.strerror or str(error)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LoadError(str(path), f"this is no TOML: {error}") from None
    table = found.get("tool", {}).get("partner-gateway", {}).get("schema", {})
    try:
        return parse_rules(table)
    except RulesError as error:
        raise LoadError(str(path), f"[{_TABLE}] {error}") from None


def parse_rules(table: Mapping[str, Any]) -> Rules:
    """Of the keys `removal-after`, `replacement`, `descriptions` and `exceptions`. Raises RulesError."""
    given = dict(table)
    after = given.pop("removal-after", 1)
    if isinstance(after, bool) or not isinstance(after, int) or after < 0:
        raise RulesError("removal-after is a number of versions, from 0 on")
    switches = {}
    for name in ("replacement", "descriptions"):
        switches[name] = given.pop(name, True)
        if not isinstance(switches[name], bool):
            raise RulesError(f"{name} is true or false")
    exceptions = given.pop("exceptions", [])
    if given:
        raise RulesError(f"knows no {', '.join(sorted(given))}")
    if not isinstance(exceptions, list):
        raise RulesError("exceptions is a list of tables")
    return Rules(after, **switches, exemptions=tuple(_exemption(each) for each in exceptions))


def _exemption(given: Any) -> Exemption:
    if not isinstance(given, dict) or not given.keys() <= {"coordinate", "reason", "until", "rule"}:
        raise RulesError("an exception has coordinate, reason, until and perhaps rule")
    coordinate, reason, until = (given.get(name) for name in ("coordinate", "reason", "until"))
    if not isinstance(coordinate, str) or not coordinate:
        raise RulesError("an exception needs the coordinate of what it lets pass")
    if not isinstance(reason, str) or not reason.strip():
        raise RulesError(f"the exception of {coordinate} needs a reason")
    if isinstance(until, str):
        try:
            until = date.fromisoformat(until)
        except ValueError:
            until = None
    if not isinstance(until, date) or isinstance(until, datetime):
        raise RulesError(f"the exception of {coordinate} needs the date `until` which it holds, such as 2027-01-31")
    rule = given.get("rule")
    if rule is not None and not isinstance(rule, str):
        raise RulesError(f"the exception of {coordinate} names a rule that is no text")
    return Exemption(coordinate, reason, until, rule)

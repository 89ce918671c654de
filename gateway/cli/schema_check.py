"""partner-gateway schema check: whether the versions of this code are what they promise."""

# ruff: noqa: PLC0415 - the schema takes a second to import, and other actions of the command do without it

import argparse
import gc
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from gateway.diff.loading import Loaded, Sources, read
from gateway.diff.origin import LoadError, Origin
from gateway.diff.policy import PolicyFinding
from gateway.diff.reports import FORMATS, write
from gateway.diff.rules import Rules, read_rules

if TYPE_CHECKING:
    from gateway.diff.changes import Change
    from gateway.diff.series import Version

NOTHING_FORBIDDEN, FORBIDDEN, NOT_COMPARED = 0, 1, 2
POLICY = Path("pyproject.toml")
DOCUMENTS = Path("fixtures") / "documents"


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "check",
        help="whether the versions may change as they do, and are told of as they are",
        description="Builds every version. Checks that the changelog and the snapshots are current and that released"
        " versions stay as they are; compares each version with the next by the rules of the project; validates"
        " documents of clients in the versions that they claim (`# versions: 2023-10..2026-10, unstable`, or the name"
        " of their folder). Exit status: 0 nothing forbidden, 1 something is, 2 could not compare.",
    )
    parser.add_argument("--format", choices=FORMATS, default="text", help="default %(default)s")
    parser.add_argument(
        "--against",
        metavar="BASE",
        help="also tell what changed in each version since: a folder, or git:REF:PATH,"
        " such as git:origin/main:schema/snapshots",
    )
    parser.add_argument(
        "--operations", type=Path, metavar="DIR", help=f"documents of clients; default {DOCUMENTS} where it is"
    )
    parser.add_argument("--strict", action="store_true", help="validate documents to the letter: T and T! do not merge")
    parser.add_argument(
        "--policy",
        type=Path,
        metavar="FILE",
        help=f"the TOML with [tool.partner-gateway.schema]; default {POLICY} where it is",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    # All schemas are there until the end, and nothing else takes memory.
    gc.disable()
    try:
        return _run(args)
    except LoadError as error:
        print(error, file=sys.stderr)
        return NOT_COMPARED
    finally:
        gc.enable()


def _run(args: argparse.Namespace) -> int:
    from gateway.diff.documents import read_documents
    from gateway.diff.series import Given, judge, load_versions
    from schema import snapshot
    from schema.history import HistoryError

    rules = _rules(args.policy)
    folder = args.operations or (DOCUMENTS if DOCUMENTS.is_dir() else None)
    given = Given(
        rules,
        today=datetime.now(UTC).date(),
        documents=read_documents(folder) if folder else (),
        base=load_versions(args.against, Sources()) if args.against else None,
        strict=args.strict,
    )
    try:
        files = snapshot.current_files()
    except HistoryError as error:
        raise LoadError("schema/history", str(error)) from None
    versions = _versions(files)
    judged = judge(versions, given, _outdated(files, versions))
    sys.stdout.write(write(judged, args.format))
    return FORBIDDEN if judged.is_forbidden else NOTHING_FORBIDDEN


def _rules(path: Path | None) -> Rules:
    if path is None and not POLICY.is_file():
        return Rules()
    return read_rules(path or POLICY)


def _versions(files: Mapping[Path, str]) -> "list[Version]":
    from gateway.diff.series import Version
    from schema import snapshot
    from schema.history import RELEASED

    return [
        Version(path.stem, _read(path, text), path.stem in RELEASED)
        for path, text in files.items()
        if path.parent == snapshot.FOLDER
    ]


def _outdated(files: Mapping[Path, str], versions: "Sequence[Version]") -> list[PolicyFinding]:
    from schema import snapshot

    built = {version.name: version for version in versions}
    found = []
    for path in snapshot.outdated(files):
        message = f"{_shown(path)}: run `partner-gateway schema changelog --write`"
        version = built.get(path.stem)
        told = _frozen(path, version) if version is not None and version.released and path.exists() else []
        found.append(PolicyFinding("OUTDATED", _shown(path), message))
        found += [PolicyFinding("FROZEN", each.coordinate, f"{path.stem} is released: {each.message}") for each in told]
    return found


def _frozen(path: Path, version: "Version") -> "list[Change]":
    from gateway.diff.compare import compare
    from gateway.diff.series import unlike_prose

    before = _read(path, path.read_text(encoding="utf-8"))
    return unlike_prose(compare(before.schema, version.loaded.schema))


def _read(path: Path, text: str) -> Loaded:
    return read(Origin(_shown(path), ((_shown(path), text),)))


def _shown(path: Path) -> str:
    """As one names it from here, which is where CI's annotations look."""
    here = Path.cwd()
    return os.fspath(path.relative_to(here) if path.is_relative_to(here) else path)

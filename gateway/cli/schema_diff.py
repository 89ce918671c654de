"""partner-gateway schema diff: what changed between two schemas, whom it breaks, and whether it may."""

import argparse
import gc
import os
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from gateway.diff.cache import Cache
from gateway.diff.changes import Change
from gateway.diff.compare import compare
from gateway.diff.loading import Loaded, Sources, load
from gateway.diff.origin import LoadError
from gateway.diff.policy import check_policy
from gateway.diff.report import FAIL_ON, Report, exempt_changes, forbidden
from gateway.diff.reports import FORMATS, write
from gateway.diff.rules import Rules, read_rules

NOTHING_FORBIDDEN, FORBIDDEN, NOT_COMPARED = 0, 1, 2
TOKEN_HEADER = "X-Shopify-Access-Token"  # noqa: S105 - it is the name of a header, not a token


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "diff",
        help="what changed between two schemas, and what that breaks",
        description="Compares two schemas. Each is a file (SDL, or the JSON that an introspection query answers), a"
        " directory of SDL files, git:REF:PATH, the URL of a running endpoint, or a version of this gateway."
        " Exit status: 0 nothing forbidden, 1 forbidden changes, 2 could not compare.",
    )
    parser.add_argument("old", metavar="OLD", help="the schema before")
    parser.add_argument("new", metavar="NEW", help="the schema after")
    parser.add_argument("--format", choices=FORMATS, default="text", help="default %(default)s")
    parser.add_argument("--operations", type=Path, metavar="DIR", help="documents of clients, to see which ones break")
    parser.add_argument("--strict", action="store_true", help="validate documents to the letter: T and T! do not merge")
    parser.add_argument(
        "--fail-on",
        choices=FAIL_ON,
        default="breaking",
        help="what is forbidden: breaking changes, dangerous ones too, only broken documents, or none;"
        " default %(default)s",
    )
    _add_policy_arguments(parser)
    _add_source_arguments(parser)
    parser.set_defaults(run=run)


def _add_policy_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--policy", type=Path, metavar="FILE", help="also check the rules in [tool.partner-gateway.schema] of this TOML"
    )
    parser.add_argument(
        "--earlier", action="append", default=[], metavar="SCHEMA", help="a version before OLD; may be repeated"
    )


def _add_source_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--token-env", metavar="NAME", help="variable that holds the token for URLs")
    parser.add_argument(
        "--token-header",
        default=TOKEN_HEADER,
        metavar="HEADER",
        help="header that the token goes into, after `Bearer` in Authorization; default %(default)s",
    )
    parser.add_argument("--timeout", type=float, default=30.0, metavar="SECONDS", help="for a URL; default %(default)s")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="where schemas that were read are kept")
    parser.add_argument("--no-cache", action="store_true", help="read every schema again")


def run(args: argparse.Namespace) -> int:
    # Two schemas are a hundred thousand objects, and none of them is garbage before the end.
    gc.disable()
    try:
        return _run(args)
    finally:
        gc.enable()


def _run(args: argparse.Namespace) -> int:
    try:
        sources = _sources(args)
        old, new = load(args.old, sources), load(args.new, sources)
        report = _report(args, old, new, sources)
    except LoadError as error:
        print(error, file=sys.stderr)
        return NOT_COMPARED
    sys.stdout.write(write(report, args.format))
    return FORBIDDEN if forbidden(report, args.fail_on) else NOTHING_FORBIDDEN


def _report(args: argparse.Namespace, old: Loaded, new: Loaded, sources: Sources) -> Report:
    changes = compare(old.schema, new.schema)
    found: dict[str, object] = {}
    if args.operations:
        found |= _operations(args, old, new, changes)
    if args.policy:
        today = datetime.now(UTC).date()
        rules: Rules = read_rules(args.policy)
        earlier = [load(each, sources).schema for each in args.earlier]
        found["policy"] = check_policy(changes, old.schema, new.schema, earlier=earlier, today=today, rules=rules)
        found["exempt"] = exempt_changes(changes, today, rules)
    return Report(old, new, changes, **found)  # type: ignore[arg-type] # each is what its name says


def _operations(args: argparse.Namespace, old: Loaded, new: Loaded, changes: list[Change]) -> dict[str, object]:
    from gateway.diff.documents import read_documents  # noqa: PLC0415 - it needs graphql-core, which two files do not
    from gateway.diff.operations import Operations  # noqa: PLC0415 - the same

    documents = read_documents(args.operations)
    operations = Operations(old.schema, new.schema, changes, documents, strict=args.strict)
    return {
        "operations": operations.results(),
        "deprecated": operations.deprecated(),
        "untouched": frozenset(operations.untouched()),
    }


def _sources(args: argparse.Namespace) -> Sources:
    return Sources(
        version=_version,
        cache=None if args.no_cache else Cache(args.cache or _cache_folder()),
        headers=_headers(args),
        timeout_seconds=args.timeout,
    )


def _headers(args: argparse.Namespace) -> dict[str, str]:
    if not args.token_env:
        return {}
    token = os.environ.get(args.token_env, "").strip()
    if not token:
        raise LoadError(args.token_env, "this variable holds no token")
    return {args.token_header: f"Bearer {token}" if args.token_header.lower() == "authorization" else token}


def _cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if Path(base).is_absolute() else Path.home() / ".cache") / "partner-gateway" / "schemas"


def _version(name: str) -> str | None:
    """The SDL of a version of this gateway. Nothing else here needs our own schema, which takes long to import."""
    if not re.fullmatch(r"\d{4}-\d{2}|unstable", name):
        return None
    from graphql import print_schema  # noqa: PLC0415

    from schema import build  # noqa: PLC0415

    try:
        return print_schema(build(name))
    except KeyError:
        return None

"""partner-gateway export: the records of an organization, downloaded or compared."""

import argparse
import asyncio
import os
import sys
from pathlib import Path

from gateway.exports import (
    ExportError,
    ExportOptions,
    ExportReport,
    UsageError,
    VerifyReport,
    export_records,
    verify_archive,
    version_of,
)
from gateway.exports.options import DEFAULT_API_VERSION
from gateway.exports.progress import progress_for

COMPLETE, INCOMPLETE, WRONG_USAGE = 0, 1, 2
TOKEN_VARIABLE = "GATEWAY_TOKEN"  # noqa: S105 - it is the name of a variable, not a token
DIFFERENCES_SHOWN = 50


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "export",
        help="download every record of an organization as JSON Lines, or compare an archive with the server",
        description="Downloads jobs, conversations with every message, transactions, apps, events and subscriptions"
        " from this gateway or any other Partner API. A run that was stopped is continued by the same command."
        " A whole export leaves a receipt on servers that take one, if the token has EXPORT_RECORDS."
        " Exit status: 0 complete, 1 incomplete or different, 2 wrong usage.",
        epilog=f"The token is read from --token-file, else from the variable {TOKEN_VARIABLE}.",
    )
    parser.add_argument("--url", required=True, metavar="ORIGIN", help="such as https://partners.shopify.com")
    parser.add_argument("--organization", required=True, type=_organization, metavar="N", help="the number in its URL")
    default = f"default that of the archive in DIR, {DEFAULT_API_VERSION} for a new one"
    parser.add_argument("--api-version", metavar="VERSION", help=default)
    parser.add_argument("--token-file", type=Path, metavar="F", help="file that holds the token")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="directory of the archive")
    parser.add_argument(
        "--app", action="append", default=[], metavar="ID", help="an app that no transaction names; may be repeated"
    )
    parser.add_argument("--verify", action="store_true", help="compare the archive in DIR with the server")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    try:
        options = _options(args)
        return asyncio.run(_verify(options) if args.verify else _export(options))
    except UsageError as error:
        return _fail(str(error), WRONG_USAGE)
    except ExportError as error:
        return _fail(str(error), INCOMPLETE)
    except OSError as error:
        return _fail(f"{error.filename or args.out}: {error.strerror or error}.", INCOMPLETE)
    except KeyboardInterrupt:
        return _fail("Stopped: run the same command again to go on.", INCOMPLETE)


async def _export(options: ExportOptions) -> int:
    progress = progress_for()
    try:
        report = await export_records(options, progress)
    finally:
        progress.close()
    _print_report(report, options.out)
    return COMPLETE if report.complete else INCOMPLETE


async def _verify(options: ExportOptions) -> int:
    progress = progress_for()
    try:
        report = await verify_archive(options, progress)
    finally:
        progress.close()
    _print_differences(report)
    return COMPLETE if report.same else INCOMPLETE


def _print_report(report: ExportReport, out: Path) -> None:
    for name, count in report.counts.items():
        messages = f" with {report.message_count:,} messages" if name == "conversations.jsonl" else ""
        print(f"{name}: {count:,} records{messages}")
    print(f"{'Complete' if report.complete else 'Incomplete, see leftOut'}: {out / 'manifest.json'}")


def _print_differences(report: VerifyReport) -> None:
    for sentence in report.differences[:DIFFERENCES_SHOWN]:
        print(sentence)
    if len(report.differences) > DIFFERENCES_SHOWN:
        print(f"… and {len(report.differences) - DIFFERENCES_SHOWN:,} more")
    compared = sum(report.counts.values())
    print(f"{compared:,} records compared: {'no difference' if report.same else 'different'}.")


def _options(args: argparse.Namespace) -> ExportOptions:
    return ExportOptions(
        url=args.url,
        organization=args.organization,
        token=_token(args.token_file),
        out=args.out,
        api_version=args.api_version or version_of(args.out) or DEFAULT_API_VERSION,
        apps=tuple(args.app),
    )


def _token(path: Path | None) -> str:
    if path is None:
        token = os.environ.get(TOKEN_VARIABLE, "").strip()
        if not token:
            raise UsageError(f"There is no token: set {TOKEN_VARIABLE} or use --token-file.")
        return token
    try:
        return path.read_text().strip()
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{path} can't be read: --token-file takes a file that holds the token.") from None


def _organization(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a number")
    return int(text)


def _fail(sentence: str, status: int) -> int:
    print(sentence, file=sys.stderr)
    return status

"""partner-gateway token: API clients and their tokens, made, listed, rotated and revoked."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from sqlalchemy import Connection

from gateway import tokens
from gateway.cli.database import in_database
from gateway.cli.duration import duration
from gateway.cli.holder import add_holder_arguments, holder_of
from gateway.cli.problem import Problem
from gateway.cli.token_table import token_table
from gateway.viewer import ApiPermission, ViewerKind

T = TypeVar("T")


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("token", help="create, list, rotate and revoke API tokens")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)

    create = actions.add_parser("create", help="print a new token: it can't be shown again")
    add_holder_arguments(create)
    create.add_argument(
        "--permissions", type=_permissions, metavar="A,B", help="of an organization's token, with commas, or `all`"
    )
    create.add_argument("--expires", type=duration, metavar="90d", help="after how long it stops working")
    create.add_argument("--name", default="", help="what the token is for")
    create.set_defaults(run=create_token)

    actions.add_parser("list", help="list all API clients, without their tokens").set_defaults(run=list_tokens)

    rotate = actions.add_parser("rotate", help="print a new token for the same API client")
    rotate.add_argument("id", type=int, metavar="ID", help="as `token list` shows it")
    rotate.add_argument(
        "--grace", type=duration, default=timedelta(0), metavar="1h", help="how long the old token works on"
    )
    rotate.set_defaults(run=rotate_token)

    revoke = actions.add_parser("revoke", help="stop an API client's tokens from working")
    revoke.add_argument("id", type=int, metavar="ID", help="as `token list` shows it")
    revoke.set_defaults(run=revoke_token)


def create_token(args: argparse.Namespace) -> int:
    if (args.permissions is not None) != (args.organization is not None):
        raise Problem("--permissions goes with --organization, and --organization needs it", is_usage=True)
    now = _now()

    def create(connection: Connection) -> str:
        holder = holder_of(connection, args)
        return tokens.create(
            connection,
            holder,
            permissions=args.permissions if holder.kind is ViewerKind.PARTNER else (),
            name=args.name,
            now=now,
            expires_at=now + args.expires if args.expires else None,
        )

    print(in_database(create))
    return 0


def list_tokens(_args: argparse.Namespace) -> int:
    print(in_database(token_table))
    return 0


def rotate_token(args: argparse.Namespace) -> int:
    print(_of_client(lambda connection: tokens.rotate(connection, args.id, now=_now(), grace=args.grace)))
    return 0


def revoke_token(args: argparse.Namespace) -> int:
    _of_client(lambda connection: tokens.revoke(connection, args.id, now=_now()))
    return 0


def _of_client(work: Callable[[Connection], T]) -> T:
    try:
        return in_database(work)
    except tokens.UnknownClient as error:
        raise Problem(str(error.args[0])) from None


def _now() -> datetime:
    return datetime.now(UTC)


def _permissions(text: str) -> list[ApiPermission]:
    if text == "all":
        return list(ApiPermission)
    try:
        return [ApiPermission(name.strip().upper()) for name in text.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}: takes `all` or some of {', '.join(ApiPermission)}") from None

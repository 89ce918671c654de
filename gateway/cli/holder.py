"""Whose token it shall be, as told on the command line: an organization, a merchant user of a shop, or an employee."""

import argparse
import re
from collections.abc import Callable

from sqlalchemy import Connection, Table, select

from gateway.cli.problem import Problem
from gateway.models.actor import employees, merchant_users, organizations, shops
from gateway.tokens import Holder
from gateway.viewer import ViewerKind


def add_holder_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--organization", type=_id("Organization"), metavar="N", help="number or id")
    parser.add_argument("--shop", type=_id("Shop"), metavar="S", help="number or id; with --merchant-user")
    parser.add_argument("--merchant-user", type=_id("MerchantUser"), metavar="U", help="number or id; with --shop")
    parser.add_argument("--employee", type=_id("Employee"), metavar="E", help="number or id, for support")


def holder_of(connection: Connection, args: argparse.Namespace) -> Holder:
    """Raises Problem unless the arguments name one holder, and the database has it."""
    given = {name for name in ("organization", "shop", "merchant_user", "employee") if getattr(args, name) is not None}
    if given == {"organization"}:
        _check(connection, organizations, "organization", args.organization)
        return Holder(kind=ViewerKind.PARTNER, organization_id=args.organization)
    if given == {"employee"}:
        _check(connection, employees, "employee", args.employee)
        return Holder(kind=ViewerKind.EMPLOYEE, employee_id=args.employee)
    if given == {"shop", "merchant_user"}:
        _check(connection, shops, "shop", args.shop)
        _check_staff(connection, args.shop, args.merchant_user)
        return Holder(kind=ViewerKind.MERCHANT, shop_id=args.shop, merchant_user_id=args.merchant_user)
    raise Problem("Give --organization, or --shop with --merchant-user, or --employee", is_usage=True)


def _check(connection: Connection, table: Table, noun: str, key: int) -> None:
    if connection.execute(select(table.c.id).where(table.c.id == key)).first() is None:
        raise Problem(f"There is no {noun} {key}")


def _check_staff(connection: Connection, shop_id: int, merchant_user_id: int) -> None:
    _check(connection, merchant_users, "merchant user", merchant_user_id)
    found = select(merchant_users.c.shop_id).where(merchant_users.c.id == merchant_user_id)
    if connection.execute(found).scalar_one() != shop_id:
        raise Problem(f"The merchant user {merchant_user_id} is not of the shop {shop_id}")


def _id(kind: str) -> Callable[[str], int]:
    """A parser for `7` and for `gid://partners/Shop/7`, within the 63 bits that an id has."""

    def read(text: str) -> int:
        match = re.fullmatch(rf"(?:gid://(?:partners|shopify)/{kind}/)?([0-9]{{1,19}})", text)
        if not match or int(match[1]) >= 2**63:
            raise argparse.ArgumentTypeError(f"{text!r} is neither a number nor an id such as gid://partners/{kind}/1")
        return int(match[1])

    return read

"""partner-gateway seed: fills an empty database with example records, and makes tokens for those who act in them."""

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from sqlalchemy import Connection, select, text

from fixtures.generator import generate
from fixtures.listing import Listing
from fixtures.listing_rows import ListingReport, ListingRows
from fixtures.load import Loaded, base_rows, load
from fixtures.totals import add_made_reviews
from fixtures.world import FIRST_ID
from gateway import tokens
from gateway.cli.problem import Problem
from gateway.cli.seed_listing import listings_of, summary
from gateway.db import Database
from gateway.migrations import upgrade
from gateway.models.actor import organizations, shops
from gateway.settings import Settings
from gateway.viewer import ApiPermission, ViewerKind

# Rows of fixtures/actors.json: shop 1 deals with organization 1 alone, shop 3 with both.
ORGANIZATIONS = (1, 2)
MERCHANT_USERS = ((1, 1), (3, 3))
EMPLOYEE = 1

Progress = Callable[[int], None]


class NotEmpty(Problem):
    """There are records already; nothing was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedResult:
    """The tokens, which can't be had again: by organization id, by (shop id, merchant user id), and the employee's.

    `request_codes` are those of the merchants' shops, by the shop's id: partners need them to ask for access.
    """

    partners: dict[int, str]
    merchants: dict[tuple[int, int], str]
    employee: str
    request_codes: dict[int, str]
    rows: Loaded
    listing: ListingReport | None = None

    def as_json(self) -> str:
        """One line that other programs read: its shape never changes. `listing` is there where one was loaded."""
        partners = [{"organizationId": number, "token": token} for number, token in self.partners.items()]
        merchants = [
            {
                "shopId": f"gid://partners/Shop/{shop_id}",
                "merchantUserId": f"gid://partners/MerchantUser/{user_id}",
                "token": token,
                "requestCode": self.request_codes[shop_id],
            }
            for (shop_id, user_id), token in self.merchants.items()
        ]
        result: dict[str, object] = {"partners": partners, "merchants": merchants, "employee": {"token": self.employee}}
        if self.listing:
            result["listing"] = self.listing.as_dict()
        return json.dumps(result, separators=(",", ":"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to make beside the example records: jobs of organization 1, and partners as listings tell them."""

    jobs: int = 0
    listings: Sequence[Listing] = ()
    seed: int = 1


EXAMPLES = Wanted()


async def seed(database: Database, wanted: Wanted = EXAMPLES, *, progress: Progress | None = None) -> SeedResult:
    """Migrates and fills the database in one transaction; raises NotEmpty where there is an organization already."""
    result = await database.run_sync(lambda connection: _fill(connection, wanted, progress))
    await database.run_sync(lambda connection: connection.execute(text("ANALYZE")))
    return result


def _fill(connection: Connection, wanted: Wanted, progress: Progress | None) -> SeedResult:
    # Migrating takes a lock that a second seed waits for; it then finds what the first one left.
    upgrade(connection)
    if connection.execute(select(organizations.c.id).limit(1)).first():
        raise NotEmpty(
            "The database has records already. Seed fills an empty one: name another in GATEWAY_DATABASE_URL."
        )
    listed = ListingRows(wanted.listings, wanted.seed)
    made = chain(base_rows(), listed.new_words(), listed.batches(), generate(wanted.jobs, wanted.seed))
    rows = load(connection, made, progress=progress)
    add_made_reviews(connection, FIRST_ID)
    now = datetime.now(UTC)
    return SeedResult(
        partners={number: _partner(connection, number, now) for number in ORGANIZATIONS},
        merchants={(shop, user): _merchant(connection, shop, user, now) for shop, user in MERCHANT_USERS},
        employee=tokens.create(
            connection,
            tokens.Holder(kind=ViewerKind.EMPLOYEE, employee_id=EMPLOYEE),
            name="Seeded employee",
            now=now,
        ),
        request_codes=_request_codes(connection),
        rows=rows,
        listing=listed.report if wanted.listings else None,
    )


def _partner(connection: Connection, organization_id: int, now: datetime) -> str:
    holder = tokens.Holder(kind=ViewerKind.PARTNER, organization_id=organization_id)
    return tokens.create(connection, holder, permissions=list(ApiPermission), name="Seeded partner", now=now)


def _merchant(connection: Connection, shop_id: int, user_id: int, now: datetime) -> str:
    holder = tokens.Holder(kind=ViewerKind.MERCHANT, shop_id=shop_id, merchant_user_id=user_id)
    return tokens.create(connection, holder, name="Seeded merchant", now=now)


def _request_codes(connection: Connection) -> dict[int, str]:
    of_merchants = shops.c.id.in_([shop_id for shop_id, _ in MERCHANT_USERS])
    return {row.id: row.request_code for row in connection.execute(select(shops).where(of_merchants))}


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "seed",
        help="fill an empty database with example records and tokens",
        description="Brings the database of GATEWAY_DATABASE_URL to the newest revision, fills it with example records"
        " and prints tokens of two organizations, two merchants and an employee. A run that was stopped leaves nothing."
        " Exit status: 0 done, 1 refused, 2 wrong usage.",
    )
    parser.add_argument(
        "--jobs",
        type=_count,
        default=0,
        metavar="N",
        help="make N more jobs of organization 1, with all that belongs to them, and a fifth as many of others",
    )
    parser.add_argument(
        "--listing",
        type=Path,
        metavar="FILE",
        help="load the partners of a file of public listings, a JSON object a line; what it lacks is invented",
    )
    parser.add_argument(
        "--seed", type=int, default=1, metavar="S", help="another number makes other rows (default %(default)s)"
    )
    parser.add_argument("--json", action="store_true", help="print the tokens as one line of JSON and nothing else")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    result = asyncio.run(_seed(args))
    print(result.as_json() if args.json else _summary(result))
    return 0


async def _seed(args: argparse.Namespace) -> SeedResult:
    wanted = Wanted(jobs=args.jobs, listings=listings_of(args.listing) if args.listing else (), seed=args.seed)
    database = Database(Settings.from_env())
    try:
        return await seed(database, wanted, progress=_tell if sys.stderr.isatty() else None)
    finally:
        await database.close()
        if sys.stderr.isatty():
            print(file=sys.stderr)


def _tell(rows: int) -> None:
    print(f"\r{rows:,} rows", end="", file=sys.stderr, flush=True)


def _summary(result: SeedResult) -> str:
    lines = [f"{sum(result.rows.values()):,} rows in {len(result.rows)} tables. The tokens are shown this once:"]
    lines += [f"organization {number}: {token}" for number, token in result.partners.items()]
    lines += [f"merchant user {user} of shop {shop}: {token}" for (shop, user), token in result.merchants.items()]
    if result.listing:
        lines = [*summary(result.listing), *lines]
    return "\n".join([*lines, f"employee {EMPLOYEE}: {result.employee}"])


def _count(value: str) -> int:
    number = int(value) if value.isdecimal() else -1
    if number < 0:
        raise argparse.ArgumentTypeError(f"{value!r} is not a number of jobs")
    return number

"""Transactions: one table, one list, thirteen types."""

from sqlalchemy import bindparam, select

from gateway.execution.rows import Pages, Rows
from gateway.execution.sources import Call, batch
from gateway.models.actor import shops
from gateway.models.app import apps
from gateway.models.base import UtcDateTime
from gateway.models.transaction import transactions
from gateway.statements import any_text
from resolvers.arguments import with_ids
from resolvers.gid import gid
from resolvers.listing import Listing, list_rows
from resolvers.loaders import reference
from resolvers.node import TRANSACTION_TYPENAMES, find
from resolvers.page import newest_first

_OF_DOMAIN = select(shops.c.id).where(shops.c.myshopify_domain == bindparam("myshopify_domain")).scalar_subquery()

TRANSACTIONS = Listing(
    table=transactions,
    order=newest_first("tran", "created_at"),
    typenames=TRANSACTION_TYPENAMES,
    filters={
        "shop_id": transactions.c.shop_id == bindparam("shop_id"),
        "myshopify_domain": transactions.c.shop_id == _OF_DOMAIN,
        "app_id": transactions.c.app_id == bindparam("app_id"),
        "created_at_min": transactions.c.created_at >= bindparam("created_at_min", type_=UtcDateTime),
        "created_at_max": transactions.c.created_at <= bindparam("created_at_max", type_=UtcDateTime),
        "types": any_text(transactions.c.type, "types"),
    },
)

find_transaction = find(*TRANSACTION_TYPENAMES.values())
app = reference(apps, "organization_id", "app_id")
sale = reference(transactions, "organization_id", "sale_id")


@batch()
async def list_transactions(_parents: Rows, call: Call) -> Pages:
    return await list_rows(TRANSACTIONS, with_ids(call, shop_id={"Shop"}, app_id={"App"}))


def charge_gid(charge_kind: str | None, charge_id: int | None) -> str | None:
    return None if charge_kind is None or charge_id is None else gid(charge_kind, charge_id)


def tax_type(stored: str) -> str:
    """`type` of a TaxTransaction knows only the older name of the tax on fees; `taxType` tells the newer."""
    return "SALE_SHOPIFY_FEE" if stored == "SALE_FEES" else stored

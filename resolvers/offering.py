"""What partners ask for their services."""

from typing import Any

from gateway.execution.rows import Pages, Rows
from gateway.execution.sources import Call, batch
from gateway.models.offering import service_offerings
from gateway.statements import any_text
from resolvers.listing import Listing, list_rows_of
from resolvers.page import Key, Order

OFFERINGS = Listing(
    table=service_offerings,
    order=Order("offr", (Key("id"),)),
    filters={"service_handles": any_text(service_offerings.c.service_handle, "service_handles")},
)


@batch("organization_id", "id")
async def list_offerings(parents: Rows, call: Call) -> Pages:
    keys: list[Any] = parents.columns("organization_id", "id")
    return await list_rows_of(OFFERINGS, "partner_id", keys, call)

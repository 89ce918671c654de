"""An approval that dies by kill -9 after any of its statements is whole afterwards, or nothing."""

import pytest
from records import added, counts, newest
from refunds import DOCUMENTS, add_submitted
from sqlalchemy import select
from walking import walk

from gateway.models.invoice import invoices
from gateway.models.refund_request import refund_requests
from gateway.models.transaction import transactions


@pytest.mark.slow
def test_an_approval_is_there_whole_or_not_at_all(fresh):
    add_submitted(fresh, 99_999)
    before = counts(fresh)
    variables = {"id": "gid://partners/RefundRequest/1001"}
    data, statements = walk(fresh, DOCUMENTS["approve"], variables, token=fresh.tokens.employee)
    assert data["refundRequestResolve"] == {
        "refundRequest": {"id": variables["id"], "status": "APPROVED"},
        "userErrors": [],
    }
    # The invoice is locked, the request and what was paid are read; the adjustment, the invoice, the request and the
    # audit are written. SQLite is told to begin.
    assert statements == (7 if fresh.database.is_postgresql else 8)
    assert added(fresh, before) == {"transactions": 1, "audit_entries": 3}
    booked = newest(fresh, transactions)
    amounts = ("gross_amount_cents", "shopify_fee_cents", "net_amount_cents", "currency_code", "shop_id", "type")
    assert [booked[name] for name in amounts] == [-99_999, -10_000, -89_999, "USD", 7, "SERVICE_SALE_ADJUSTMENT"]
    [request] = fresh.rows(select(refund_requests).where(refund_requests.c.id == 1001))
    assert (request.status, request.adjustment_id) == ("APPROVED", booked["id"])
    assert fresh.rows(select(invoices.c.status).where(invoices.c.id == 6)) == [("REFUNDED",)]

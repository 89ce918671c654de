"""Refund requests, as the two sides and support send them."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from harness import NEWEST, Answer, Gateway
from sqlalchemy import insert, update

from gateway.models.refund_request import refund_requests

REQUEST = "gid://partners/RefundRequest/1"
SEEN = "{ refundRequest { id status } userErrors { code field message } }"
CREATE = f"""mutation ($input: RefundRequestCreateInput!, $key: String) {{
  refundRequestCreate(input: $input, idempotencyKey: $key) {SEEN}
}}"""
DOCUMENTS = {
    "agree": f"mutation ($id: ID!) {{ refundRequestAgree(id: $id) {SEEN} }}",
    "submit": f"mutation ($id: ID!) {{ refundRequestSubmit(id: $id) {SEEN} }}",
    "withdraw": f"mutation ($id: ID!) {{ refundRequestWithdraw(id: $id) {SEEN} }}",
    "approve": f"mutation ($id: ID!) {{ refundRequestResolve(id: $id, decision: APPROVE) {SEEN} }}",
    "decline": f"mutation ($id: ID!) {{ refundRequestResolve(id: $id, decision: DECLINE) {SEEN} }}",
}
# Of 1,200.00 USD, of which request 1 asks for 200.00.
GIVEN = {
    "invoiceId": "gid://partners/Invoice/1",
    "amount": {"amount": "1000.00", "currencyCode": "USD"},
    "reason": "Half of the pages are missing.",
}
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
# Request 1 of the fixtures, in each state that it may be in.
_OPEN = {
    "merchant_agreed_at": None,
    "partner_agreed_at": None,
    "submitted_at": None,
    "resolved_at": None,
    "resolution_note": None,
    "adjustment_id": None,
}
_AGREED = {"merchant_agreed_at": MOMENT, "partner_agreed_at": MOMENT}
_SENT = _AGREED | {"submitted_at": MOMENT}
STATES: dict[str, dict[str, Any]] = {
    "DISCUSSING, opened by the merchant": {"status": "DISCUSSING", "merchant_agreed_at": MOMENT},
    "DISCUSSING, opened by the partner": {"status": "DISCUSSING", "partner_agreed_at": MOMENT, "opened_by": "PARTNER"},
    "AGREED": {"status": "AGREED"} | _AGREED,
    "SUBMITTED": {"status": "SUBMITTED"} | _SENT,
    "APPROVED": {"status": "APPROVED", "resolved_at": MOMENT, "adjustment_id": 5} | _SENT,
    "DECLINED": {"status": "DECLINED", "resolved_at": MOMENT} | _SENT,
    "WITHDRAWN": {"status": "WITHDRAWN"} | _SENT,
}


def bring_to(gateway: Gateway, state: str, **more: Any) -> None:
    """Request 1 is in that state, whatever it was in before."""
    own = (refund_requests.c.organization_id == 1, refund_requests.c.id == 1)
    values = _OPEN | {"opened_by": "MERCHANT"} | STATES[state] | more
    run(gateway, update(refund_requests).where(*own).values(values))


def add_submitted(gateway: Gateway, *amounts_cents: int) -> None:
    """Requests 1001 and so on, of invoice 6, which cost 999.99 USD with a fee of 100.00."""
    row = {"organization_id": 1, "invoice_id": 6, "job_id": 8, "shop_id": 7, "currency_code": "USD"}
    row |= {"reason": "It is late.", "opened_by": "MERCHANT", "created_at": MOMENT, "status": "SUBMITTED"} | _SENT
    rows = [row | {"id": 1001 + place, "amount_cents": cents} for place, cents in enumerate(amounts_cents)]
    run(gateway, insert(refund_requests), rows)


def run(gateway: Gateway, statement: Any, rows: Any = None) -> None:
    gateway.runner.run(gateway.database.run_sync(lambda connection: connection.execute(statement, rows)))


def create(gateway: Gateway, token: str | None = "", key: str | None = None, **given: Any) -> Answer:
    """As the merchant of shop 1, or with another token; with None as nobody."""
    token = gateway.merchant if token == "" else token
    return gateway.ask(
        CREATE, {"input": GIVEN | given, "key": key}, token=token, headers={"X-Request-Id": "the-request"}
    )


def move(gateway: Gateway, mutation: str, token: str | None, request: str = REQUEST) -> Answer:
    headers = {"X-Request-Id": "the-request"}
    return gateway.ask(DOCUMENTS[mutation], {"id": request}, token=token, headers=headers)


def outcome(answer: Answer) -> str:
    """The state that the request is in now, or the code of the one reason against it."""
    if "errors" in answer.body:
        [(_, code)] = answer.codes
        return code
    [payload] = answer.body["data"].values()
    if payload["refundRequest"] is not None:
        assert payload["userErrors"] == []
        return str(payload["refundRequest"]["status"])
    [error] = payload["userErrors"]
    return str(error["code"])


def together(gateway: Gateway, asked: Sequence[tuple[str, dict[str, Any], str]]) -> list[Answer]:
    """All of them at the same time: document, variables, token."""

    async def ask() -> list[Answer]:
        url = f"/api/{NEWEST}/graphql.json"
        posts = (
            gateway._post(url, {"query": query, "variables": variables}, {"X-Shopify-Access-Token": token})
            for query, variables, token in asked
        )
        return list(await asyncio.gather(*posts))

    return gateway.runner.run(ask())

"""Refund requests as they are read."""

import pytest

WHOLE = """
  id status reason amount { amount currencyCode } createdAt merchantAgreedAt partnerAgreedAt submittedAt resolvedAt
  resolutionNote invoice { id number } job { id } shop { id } organization { id }
  adjustment { __typename id grossAmount { amount } shopifyFee { amount } netAmount { amount } }
"""


def test_a_request_is_told_with_what_it_is_about(shared):
    answer = shared.ask(f'{{ refundRequest(id: "gid://partners/RefundRequest/4") {{ {WHOLE} }} }}')
    assert answer.data["refundRequest"] == {
        "id": "gid://partners/RefundRequest/4",
        "status": "APPROVED",
        "reason": "收到的不是我們要的。",
        "amount": {"amount": "800.00", "currencyCode": "CAD"},
        "createdAt": "2023-06-25T00:00:00.000000Z",
        "merchantAgreedAt": "2023-06-25T00:00:00.000000Z",
        "partnerAgreedAt": "2023-06-26T00:00:00.000000Z",
        "submittedAt": "2023-06-27T00:00:00.000000Z",
        "resolvedAt": "2023-07-03T08:15:00.000000Z",
        "resolutionNote": "Both agree.",
        "invoice": {"id": "gid://partners/Invoice/5", "number": "№ 1004 茶"},
        "job": {"id": "gid://partners/Job/6"},
        "shop": {"id": "gid://partners/Shop/4"},
        "organization": {"id": "gid://partners/Organization/1"},
        "adjustment": {
            "__typename": "ServiceSaleAdjustment",
            "id": "gid://partners/ServiceSaleAdjustment/5",
            "grossAmount": {"amount": "-800.00"},
            "shopifyFee": {"amount": "-80.00"},
            "netAmount": {"amount": "-720.00"},
        },
    }
    # The request, and each of the five that it refers to.
    assert answer.statements == 6


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        ("", [6, 5, 4, 3, 2, 1]),
        ("(first: 2)", [6, 5]),
        ("(last: 1)", [1]),
        ("(statuses: [DISCUSSING, AGREED])", [2, 1]),
        ("(statuses: [])", []),
        ('(invoiceId: "gid://partners/Invoice/3")', [3, 2]),
        ('(invoiceId: "gid://shopify/Invoice/6", statuses: [DECLINED])', [5]),
        ('(invoiceId: "gid://partners/Invoice/9")', []),
    ],
)
def test_requests_come_newest_first_and_can_be_narrowed(shared, arguments, ids):
    answer = shared.ask(f"{{ refundRequests{arguments} {{ nodes {{ id }} }} }}")
    nodes = answer.data["refundRequests"]["nodes"]
    assert [node["id"] for node in nodes] == [f"gid://partners/RefundRequest/{each}" for each in ids]
    assert answer.statements == 1


def test_each_relation_of_all_requests_costs_one_statement(shared):
    for relation, statements in {
        "invoice { id }": 2,
        "job { id }": 2,
        "shop { id }": 2,
        "organization { id }": 2,
        "adjustment { id }": 2,
        "invoice { refundableAmount { amount } }": 3,
        "invoice { refundRequests { id } }": 3,
        "invoice { sale { id } } adjustment { id }": 4,
    }.items():
        answer = shared.ask(f"{{ refundRequests {{ nodes {{ {relation} }} }} }}", token=shared.partner)
        assert (relation, answer.statements) == (relation, statements)
        assert "errors" not in answer.body


def test_invoices_tell_what_is_left_and_what_was_asked_back(shared):
    answer = shared.ask("""{ jobs { nodes { invoices {
      number status refundableAmount { amount currencyCode } refundRequests { id }
    } } } }""")
    told = {
        invoice["number"]: (
            invoice["status"],
            *invoice["refundableAmount"].values(),
            [int(each["id"].rpartition("/")[2]) for each in invoice["refundRequests"]],
        )
        for job in answer.data["jobs"]["nodes"]
        for invoice in job["invoices"]
    }
    assert told == {
        "1001": ("PAID", "1000.00", "USD", [1]),
        "1002": ("OPEN", "0.00", "USD", []),
        "2022/0047": ("PAID", "0.00", "USD", [3, 2]),
        "=1003": ("CLOSED", "0.00", "USD", []),
        "№ 1004 茶": ("REFUNDED", "0.00", "CAD", [4]),
        "1005": ("PAID", "999.99", "USD", [6, 5]),
        "1006": ("OPEN", "0.00", "USD", []),
    }
    assert answer.statements == 4

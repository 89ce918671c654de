"""Transactions of all thirteen types, with everything that belongs to them."""

import pytest
from mirror import rows_of

from resolvers.node import TRANSACTION_TYPENAMES

SALE = """shop { name } grossAmount { ...M } shopifyFee { ...M } processingFee { ...M }
  regulatoryOperatingFee { ...M } netAmount { ...M }"""
OF_APP = f"{SALE} app {{ name }} chargeId"
FIELDS = {
    "ServiceSale": SALE,
    "ServiceSaleAdjustment": SALE,
    "ThemeSale": f"{SALE} theme {{ name }}",
    "ThemeSaleAdjustment": f"{SALE} theme {{ name }}",
    "AppOneTimeSale": OF_APP,
    "AppSubscriptionSale": f"{OF_APP} billingInterval",
    "AppUsageSale": OF_APP,
    "AppSaleCredit": OF_APP,
    "AppSaleAdjustment": OF_APP,
    "ReferralTransaction": "shop { name } amount { ...M } category",
    "ReferralAdjustment": "shop { name } amount { ...M } category",
    "TaxTransaction": "amount { ...M } taxType type",
    "LegacyTransaction": "shop { name } amount { ...M }",
}
EVERYTHING = " ".join(f"... on {typename} {{ {fields} }}" for typename, fields in FIELDS.items())
MONEY = "fragment M on Money { amount currencyCode }"
ONE = f"query ($id: ID!) {{ transaction(id: $id) {{ __typename id createdAt {EVERYTHING} }} }} {MONEY}"
ALL = f"query ($first: Int) {{ transactions(first: $first) {{ nodes {{ __typename id {EVERYTHING} }} }} }} {MONEY}"

FJELLBUTIKKEN, LABELS = {"name": "Fjellbutikken"}, {"name": "Fjord Shipping Labels"}


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currencyCode": "USD"}


def sale(created_at: str, shop, *amounts: str | None, **others) -> dict:
    """The amounts in the order of SALE."""
    names = ("grossAmount", "shopifyFee", "processingFee", "regulatoryOperatingFee", "netAmount")
    told = {name: amount and usd(amount) for name, amount in zip(names, amounts, strict=True)}
    return {"createdAt": created_at, "shop": shop, **told, **others}


@pytest.mark.parametrize(
    ("transaction", "told", "statements"),
    [
        (
            "ServiceSale/1",
            sale("2022-05-30T14:00:00.000000Z", FJELLBUTIKKEN, "1200.00", "120.00", None, None, "1080.00"),
            2,
        ),
        ("ServiceSaleAdjustment/6", sale("2023-07-03T08:15:00.000000Z", None, None, None, None, None, "-25.00"), 1),
        (
            "ThemeSale/8",
            sale(
                "2023-01-01T00:00:00.000000Z",
                None,
                *("280.00", None, None, None, "280.00"),
                theme={"name": '=Midnight "Sun" 🌅'},
            ),
            1,
        ),
        (
            "ThemeSaleAdjustment/9",
            sale(
                "2022-08-29T10:00:00.000000Z",
                FJELLBUTIKKEN,
                *("-180.00", "-54.00", None, None, "-126.00"),
                theme={"name": "Aurora Borealis"},
            ),
            2,
        ),
        (
            "AppOneTimeSale/10",
            sale(
                "2022-02-28T12:00:00.000000Z",
                FJELLBUTIKKEN,
                *("149.00", "22.35", None, None, "126.65"),
                app=LABELS,
                chargeId="gid://shopify/AppPurchaseOneTime/1",
            ),
            3,
        ),
        (
            "AppOneTimeSale/11",
            sale(
                "2025-07-07T07:07:07.070707Z",
                None,
                *(None, None, None, None, "41.65"),
                app={"name": "Nordlys Omtaler ⭐"},
                chargeId=None,
            ),
            2,
        ),
        (
            "AppSubscriptionSale/12",
            sale(
                "2022-04-14T00:00:00.000000Z",
                FJELLBUTIKKEN,
                *("29.00", "4.35", "0.84", "0.00", "23.81"),
                app=LABELS,
                chargeId="gid://shopify/AppSubscription/2",
                billingInterval="EVERY_30_DAYS",
            ),
            3,
        ),
        (
            "AppUsageSale/17",
            sale(
                "2026-01-15T00:00:00.000000Z",
                {"name": "山茶花茶舖 🍵"},
                *("0.01", "0.00", None, None, "0.01"),
                app={"name": "Nordlys Omtaler ⭐"},
                chargeId="gid://shopify/AppUsageRecord/7",
            ),
            3,
        ),
        (
            "AppSaleCredit/18",
            sale(
                "2023-03-15T00:00:00.000000Z",
                FJELLBUTIKKEN,
                *("-14.50", "-2.17", None, None, "-12.33"),
                app=LABELS,
                chargeId="gid://shopify/AppSubscription/2",
            ),
            3,
        ),
        # The charge is older than our records: its id is all that is known of it.
        (
            "AppSaleAdjustment/20",
            sale(
                "2021-12-24T17:00:00.000000Z",
                None,
                *("12.00", "1.80", None, None, "10.20"),
                app=LABELS,
                chargeId="gid://shopify/AppUsageRecord/987654321",
            ),
            2,
        ),
        (
            "ReferralTransaction/28",
            {
                "createdAt": "2026-05-01T00:00:00.000000Z",
                "shop": {"name": "Two Rivers Outfitters"},
                "amount": usd("2500.00"),
                "category": "SHOPIFY_PLUS_ONE_TIME_REFERRAL",
            },
            2,
        ),
        (
            "ReferralAdjustment/30",
            {
                "createdAt": "2022-09-01T00:00:00.000000Z",
                "shop": None,
                "amount": usd("1.23"),
                "category": "SHOPIFY_PLUS",
            },
            1,
        ),
        # The older field has no word for the newer name.
        (
            "TaxTransaction/33",
            {
                "createdAt": "2026-06-01T00:00:00.000000Z",
                "amount": usd("-3.12"),
                "taxType": "SALE_FEES",
                "type": "SALE_SHOPIFY_FEE",
            },
            1,
        ),
        (
            "LegacyTransaction/35",
            {
                "createdAt": "2022-01-01T00:00:00.000000Z",
                "shop": None,
                "amount": {"amount": "-0.05", "currencyCode": "xts"},
            },
            1,
        ),
    ],
)
def test_a_transaction_of_each_type_tells_all_its_fields(shared, transaction, told, statements):
    row_id = f"gid://partners/{transaction}"
    answer = shared.ask(ONE, {"id": row_id})
    assert answer.data["transaction"] == {"__typename": transaction.partition("/")[0], "id": row_id, **told}
    assert answer.statements == statements


@pytest.mark.parametrize("first", [10, 40, 250])
def test_everything_about_all_transactions_comes_for_three_statements(shared, first):
    """The page, the shops, the apps; `shop` is `Shop!` in one type and `Shop` in the others, side by side."""
    answer = shared.ask(ALL, {"first": first})
    assert answer.statements == 3
    told = answer.data["transactions"]["nodes"]
    assert len(told) == min(first, 40)
    rows = {f"gid://partners/{TRANSACTION_TYPENAMES[row['type']]}/{row['id']}": row for row in rows_of("transactions")}
    shops = {row["id"]: {"name": row["name"]} for row in rows_of("shops")}
    for each in told:
        assert each.get("shop") == shops.get(rows[each["id"]]["shop_id"])
    assert first == 10 or {each["__typename"] for each in told} == set(FIELDS)

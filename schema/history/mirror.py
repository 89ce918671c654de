"""What the Partner API changed, and what the mirror of it has beside."""

from schema.history.change import Change, added, deprecated, noticed
from schema.history.versions import UNSTABLE

_SALES = (
    "AppOneTimeSale",
    "AppSaleAdjustment",
    "AppSaleCredit",
    "AppSubscriptionSale",
    "AppUsageSale",
    "ServiceSale",
    "ServiceSaleAdjustment",
    "ThemeSale",
    "ThemeSaleAdjustment",
)

_NOTICE = "The Partner API deprecates it as well, since 2024-01."
_TAX_NOTICE = "The Partner API deprecates it: its unstable version has a newer one."

# 2023-07 has the Partner API as 2025-07 tells it, and what clients of connections need in every version: `node`,
# `nodes`, and cursors in PageInfo. Proposals and invoices are as old.
MIRROR: tuple[Change, ...] = (
    added("2023-10", "QueryRoot.viewer", "Clients can ask who they are."),
    added("2023-10", "Viewer", "The caller, as its token tells."),
    added("2023-10", "ViewerKind"),
    added("2023-10", "ApiPermission"),
    added("2023-10", "UserError.code", "Mutations tell by a code which rule was broken."),
    added("2023-10", "UserErrorCode"),
    *(noticed("2024-01", f"QueryRoot.{name}", _NOTICE) for name in ("job", "jobs", "conversation", "conversations")),
    noticed("2024-10", "TaxTransaction.type", _TAX_NOTICE),
    noticed("2024-10", "TaxTransactionType.SALE_SHOPIFY_FEE", _TAX_NOTICE),
    added(UNSTABLE, "TaxTransaction.taxType", "Tells the tax on fees by its newer name."),
    added(UNSTABLE, "TaxTransactionType.SALE_FEES", instead="SALE_SHOPIFY_FEE"),
    deprecated(
        UNSTABLE,
        "TaxTransaction.type",
        use="TaxTransaction.taxType",
        sentence="Use `{use}`, which also knows the fees of a sale by their newer name.",
    ),
    deprecated(UNSTABLE, "TaxTransactionType.SALE_SHOPIFY_FEE", use="TaxTransactionType.SALE_FEES"),
    *(added(UNSTABLE, f"{sale}.processingFee", "What the payment cost.") for sale in _SALES),
    *(added(UNSTABLE, f"{sale}.regulatoryOperatingFee", "What the rules of a country cost.") for sale in _SALES),
    added(UNSTABLE, "QueryRoot.eventsinks", "Where an app wants events delivered."),
    added(UNSTABLE, "MutationRoot.eventsinkCreate"),
    added(UNSTABLE, "MutationRoot.eventsinkDelete"),
    added(UNSTABLE, "Eventsink"),
    added(UNSTABLE, "EventsinkQueue"),
    added(UNSTABLE, "EventsinkTopic"),
    added(UNSTABLE, "EventsinkCreateInput"),
    added(UNSTABLE, "EventsinkCreatePayload"),
    added(UNSTABLE, "EventsinkDeletePayload"),
)

"""What came with 2026-07, as the Partner API has it: one stream of events, active subscriptions, cancelling one."""

from schema.history.change import Change, added

_VERSION = "2026-07"
_TYPES = (
    "ActiveSubscription",
    "AppReference",
    "AppSubscriptionCancelPayload",
    "BillingCycle",
    "CancelledSubscription",
    "Charge",
    "ChargeType",
    "Credit",
    "CreditStatus",
    "Date",
    "Earning",
    "EarningType",
    "EventFilterInput",
    "EventMetadata",
    "EventOrder",
    "EventType",
    "FlatRatePlanPrice",
    "FlatRatePrice",
    "HistoricalEventsPageInfo",
    "PartnerEvent",
    "PartnerEventConnection",
    "PartnerEventEdge",
    "PendingUpdate",
    "Plan",
    "PlanPrice",
    "Price",
    "PriceTier",
    "Relationship",
    "RelationshipState",
    "ShopReference",
    "Subject",
    "SubjectType",
    "SubscriptionDiscount",
    "SubscriptionItem",
    "SubscriptionStatus",
    "SubscriptionStatusState",
    "ThemeReference",
    "TieredPlanPrice",
    "TieredPrice",
    "TiersMode",
    "Usage",
)
_CATEGORIES = {
    "B2B_PROFIT_SHARE": "SHOPIFY_PLUS",
    "CCS_SHOP_PAY_GMV": "AFFILIATE_STORES",
    "CO_MARKETING": "AFFILIATE_STORES",
    "ONLINE_DTC_GMV": "AFFILIATE_STORES",
    "PARTNER_DEVELOPMENT_FUNDS": "AFFILIATE_STORES",
}

SUBSCRIPTION: tuple[Change, ...] = (
    added(_VERSION, "QueryRoot.activeSubscription", "What a store subscribes to, with use and discounts."),
    added(_VERSION, "QueryRoot.events", "One stream of charges, credits, earnings, relationships and subscriptions."),
    added(_VERSION, "MutationRoot.appSubscriptionCancel", "Cancels what a store subscribes to."),
    *(added(_VERSION, name) for name in _TYPES),
    *(
        added(_VERSION, f"ReferralCategory.{name}", "A new way to bring stores.", instead=instead)
        for name, instead in _CATEGORIES.items()
    ),
)

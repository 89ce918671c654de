"""Every document that the export sends, whole: `prune` takes out what a server does not have.

Aliases are not used, so that the path of an error names the field it is about.
"""

_SHOP = """
fragment ShopFields on Shop { id name avatarUrl myshopifyDomain }
"""

_MONEY = """
fragment MoneyFields on Money { amount currencyCode }
"""

_MESSAGE = """
fragment MessageFields on Message {
  id
  sentAt
  sentVia
  body
  fileUrls
  sentBy {
    __typename
    ... on Actor { id name avatarUrl }
    ... on Shop { myshopifyDomain }
    ... on MerchantUser { timezone }
  }
}
"""

JOBS = (
    """
query Jobs($first: Int, $after: String) {
  jobs(first: $first, after: $after) {
    pageInfo { hasNextPage }
    edges {
      cursor
      node {
        id
        status
        createdAt
        lastEventAt
        confirmedCompleted
        dashboardUrl
        shop { ...ShopFields }
        conversation { id }
        requirements { question responses }
        services { handle name }
        proposals { id status createdAt description amount { ...MoneyFields } }
        invoices { id number status issuedAt paidAt amount { ...MoneyFields } sale { id } }
      }
    }
  }
}
"""
    + _SHOP
    + _MONEY
)

CONVERSATIONS = (
    """
query Conversations($first: Int, $after: String, $messages: Int) {
  conversations(first: $first, after: $after) {
    pageInfo { hasNextPage }
    edges {
      cursor
      node {
        id
        status
        createdAt
        lastEventAt
        hasUnreadMessages
        dashboardUrl
        merchantUser { id name avatarUrl timezone }
        messages(first: $messages) {
          pageInfo { hasNextPage }
          edges { cursor node { ...MessageFields } }
        }
      }
    }
  }
}
"""
    + _MESSAGE
)

MESSAGES = (
    """
query Messages($id: ID!, $first: Int, $after: String) {
  conversation(id: $id) {
    messages(first: $first, after: $after) {
      pageInfo { hasNextPage }
      edges { cursor node { ...MessageFields } }
    }
  }
}
"""
    + _MESSAGE
)

TRANSACTIONS = (
    """
query Transactions($first: Int, $after: String) {
  transactions(first: $first, after: $after) {
    pageInfo { hasNextPage }
    edges {
      cursor
      node {
        __typename
        id
        createdAt
        ... on AppOneTimeSale { ...AppOneTimeSaleFields }
        ... on AppSubscriptionSale { ...AppSubscriptionSaleFields }
        ... on AppUsageSale { ...AppUsageSaleFields }
        ... on AppSaleCredit { ...AppSaleCreditFields }
        ... on AppSaleAdjustment { ...AppSaleAdjustmentFields }
        ... on ServiceSale { ...ServiceSaleFields }
        ... on ServiceSaleAdjustment { ...ServiceSaleAdjustmentFields }
        ... on ThemeSale { ...ThemeSaleFields }
        ... on ThemeSaleAdjustment { ...ThemeSaleAdjustmentFields }
        ... on ReferralTransaction { category amount { ...MoneyFields } shop { ...ShopFields } }
        ... on ReferralAdjustment { category amount { ...MoneyFields } shop { ...ShopFields } }
        ... on TaxTransaction { type taxType amount { ...MoneyFields } }
        ... on LegacyTransaction { amount { ...MoneyFields } shop { ...ShopFields } }
      }
    }
  }
}
"""
    + "".join(
        f"""
fragment {name}Fields on {name} {{
  {own}
  grossAmount {{ ...MoneyFields }}
  netAmount {{ ...MoneyFields }}
  shopifyFee {{ ...MoneyFields }}
  processingFee {{ ...MoneyFields }}
  regulatoryOperatingFee {{ ...MoneyFields }}
  shop {{ ...ShopFields }}
}}
"""
        for name, own in {
            "AppOneTimeSale": "chargeId app { id name apiKey }",
            "AppSubscriptionSale": "chargeId billingInterval app { id name apiKey }",
            "AppUsageSale": "chargeId app { id name apiKey }",
            "AppSaleCredit": "chargeId app { id name apiKey }",
            "AppSaleAdjustment": "chargeId app { id name apiKey }",
            "ServiceSale": "",
            "ServiceSaleAdjustment": "",
            "ThemeSale": "theme { name }",
            "ThemeSaleAdjustment": "theme { name }",
        }.items()
    )
    + _SHOP
    + _MONEY
)

APP = """
query App($app: ID!) {
  app(id: $app) { id name apiKey }
}
"""

APP_EVENTS = (
    """
query AppEvents($app: ID!, $first: Int, $after: String) {
  app(id: $app) {
    events(first: $first, after: $after) {
      pageInfo { hasNextPage }
      edges {
        cursor
        node {
          __typename
          type
          occurredAt
          app { id }
          shop { ...ShopFields }
          ... on RelationshipUninstalled { reason description }
          ... on AppPurchaseOneTimeEvent { charge { ...ChargeFields } }
          ... on AppSubscriptionEvent { charge { ...ChargeFields billingOn } }
          ... on AppUsageRecordEvent { charge { ...ChargeFields } }
          ... on AppCreditEvent { appCredit { ...ChargeFields } }
        }
      }
    }
  }
}
fragment ChargeFields on AppCharge { id name test amount { ...MoneyFields } }
"""
    + _SHOP
    + _MONEY
)

# What an event's kind tells already is not asked for: the states of two types would need aliases.
EVENTS = (
    """
query Events($first: Int, $after: String, $filter: EventFilterInput) {
  events(first: $first, after: $after, filter: $filter) {
    pageInfo { hasNextPage }
    edges {
      cursor
      node {
        __typename
        id
        eventType
        occurredAt
        shop { id name myshopifyDomain }
        subject { __typename ... on AppReference { id name apiKey } ... on ThemeReference { id name } }
        ... on Charge {
          description
          chargeId
          planHandle
          balanceUsed
          cappedAmount
          usageQuantity
          amount { ...MoneyFields }
          metadata { legacyChargeId }
        }
        ... on Credit { description money { ...MoneyFields } }
        ... on Earning {
          description
          chargeId
          settlementDate
          grossAmount { ...MoneyFields }
          netAmount { ...MoneyFields }
          shopifyFee { ...MoneyFields }
          metadata { legacyChargeId }
        }
        ... on Relationship { reason reasonDescription }
        ... on SubscriptionStatus { cancelEffectiveOn plan { ...PlanFields } }
      }
    }
  }
}
fragment PlanFields on Plan {
  handle
  billingPeriod
  trialDays
  trialDaysRemaining
  prices {
    __typename
    currencyCode
    ... on FlatRatePlanPrice { amount }
    ... on TieredPlanPrice { tiersMode tiers { upTo amount amountPerUnit } }
  }
}
"""
    + _MONEY
)

# Made into one for several pairs of an app and a shop.
SUBSCRIPTION = """
query Subscriptions($app: ID!, $shop: ID!) {
  activeSubscription(appId: $app, shopId: $shop) {
    __typename
    app { id name apiKey }
    shop { id name myshopifyDomain }
    billingPeriod
    cancelAtEndOfCycle
    legacySubscriptionId
    trialEndsAt
    currentBillingCycle { startTime endTime }
    items { ...ItemFields }
    pendingUpdate { billingPeriod legacySubscriptionId items { ...ItemFields } }
  }
}
fragment ItemFields on SubscriptionItem {
  handle
  description
  discount { amount percentage discountEndsAt originalDiscountCycles remainingDiscountCycles }
  price {
    __typename
    active
    currency
    ... on FlatRatePrice { amount }
    ... on TieredPrice { tiersMode tiers { upTo amount amountPerUnit } }
  }
  usage { quantity cost { amount currencyCode } }
}
"""

OLDEST = """
query Oldest {{
  {root}(last: 1) {{ edges {{ node {{ {moment} }} }} }}
}}
"""

"""Earnings and deductions of an organization, of all kinds in one table: they are one list to those who read them."""

from enum import StrEnum

from sqlalchemy import Index, Table

from gateway.models.app import AppChargeKind
from gateway.models.base import (
    belongs_to,
    cents,
    choice,
    currency_code,
    id_column,
    metadata,
    moment,
    of_organization,
    one_of,
    text,
)


class TransactionType(StrEnum):
    SERVICE_SALE = "SERVICE_SALE"
    SERVICE_SALE_ADJUSTMENT = "SERVICE_SALE_ADJUSTMENT"
    THEME_SALE = "THEME_SALE"
    THEME_SALE_ADJUSTMENT = "THEME_SALE_ADJUSTMENT"
    APP_ONE_TIME_SALE = "APP_ONE_TIME_SALE"
    APP_SUBSCRIPTION_SALE = "APP_SUBSCRIPTION_SALE"
    APP_USAGE_SALE = "APP_USAGE_SALE"
    APP_SALE_CREDIT = "APP_SALE_CREDIT"
    APP_SALE_ADJUSTMENT = "APP_SALE_ADJUSTMENT"
    REFERRAL = "REFERRAL"
    REFERRAL_ADJUSTMENT = "REFERRAL_ADJUSTMENT"
    TAX = "TAX"
    LEGACY = "LEGACY"


class ReferralCategory(StrEnum):
    AFFILIATE_STORES = "AFFILIATE_STORES"
    TRANSFERRED_STORES = "TRANSFERRED_STORES"
    SHOPIFY_PLUS = "SHOPIFY_PLUS"
    POINT_OF_SALE = "POINT_OF_SALE"
    INTUIT_POINT_OF_SALE = "INTUIT_POINT_OF_SALE"
    MARKETS_PRO = "MARKETS_PRO"
    POS_SHOPIFY_PAYMENTS_PROFIT = "POS_SHOPIFY_PAYMENTS_PROFIT"
    SHOPIFY_PLUS_ONE_TIME_REFERRAL = "SHOPIFY_PLUS_ONE_TIME_REFERRAL"
    B2B_PROFIT_SHARE = "B2B_PROFIT_SHARE"
    CCS_SHOP_PAY_GMV = "CCS_SHOP_PAY_GMV"
    CO_MARKETING = "CO_MARKETING"
    ONLINE_DTC_GMV = "ONLINE_DTC_GMV"
    PARTNER_DEVELOPMENT_FUNDS = "PARTNER_DEVELOPMENT_FUNDS"


class TaxTransactionType(StrEnum):
    SALE_SHOPIFY_FEE = "SALE_SHOPIFY_FEE"
    SALE_FEES = "SALE_FEES"
    REFERRAL_COMMISSION = "REFERRAL_COMMISSION"


class AppPricingInterval(StrEnum):
    EVERY_30_DAYS = "EVERY_30_DAYS"
    ANNUAL = "ANNUAL"


# `net_amount_cents` is the whole amount of the kinds that have no fee: referrals, tax and legacy. `charge_id` and
# `charge_kind` name a charge that may be older than our records, so they refer to no table.
transactions = Table(
    "transactions",
    metadata,
    *of_organization(),
    id_column(primary_key=True),
    choice("type", TransactionType),
    moment("created_at"),
    id_column("shop_id", nullable=True),
    id_column("app_id", nullable=True),
    id_column("charge_id", nullable=True),
    choice("charge_kind", AppChargeKind, nullable=True),
    choice("billing_interval", AppPricingInterval, nullable=True),
    cents("gross_amount_cents", nullable=True),
    cents("shopify_fee_cents", nullable=True),
    cents("processing_fee_cents", nullable=True),
    cents("regulatory_operating_fee_cents", nullable=True),
    cents("net_amount_cents"),
    currency_code(),
    choice("referral_category", ReferralCategory, nullable=True),
    choice("tax_type", TaxTransactionType, nullable=True),
    text("theme_name", nullable=True),
    one_of("type", TransactionType),
    one_of("charge_kind", AppChargeKind),
    one_of("billing_interval", AppPricingInterval),
    one_of("referral_category", ReferralCategory),
    one_of("tax_type", TaxTransactionType),
    belongs_to("shops", "shop_id", tenant=False),
    belongs_to("apps", "app_id"),
    Index(None, "organization_id", "created_at", "id"),
    Index(None, "organization_id", "shop_id", "created_at", "id"),
    Index(None, "organization_id", "app_id", "created_at", "id"),
    Index(None, "organization_id", "type", "created_at", "id"),
)

"""Transactions: what an organization earned and what was taken from it."""

from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import UNSET

from gateway.execution.sources import Embedded
from gateway.models.transaction import ReferralCategory, TaxTransactionType, TransactionType
from gateway.viewer import ApiPermission
from resolvers import actor as actor_rows
from resolvers import transaction as transaction_rows
from schema.actor import Shop
from schema.base import Node, column, computed, enum, field, money, node_id, relation
from schema.connection import After, Before, Connection, First, Last
from schema.interval import AppPricingInterval
from schema.money import Money
from schema.scalars import DateTime

if TYPE_CHECKING:
    from schema.app import App

enum(TransactionType, "The kinds of transactions; each has a type of its own.")
enum(ReferralCategory, "How the partner brought a store.")
enum(TaxTransactionType, "What was taxed.")


@strawberry.interface(description="Money that an organization earned or gave back.")
class Transaction:
    created_at: DateTime = column("created_at", "When it was booked.")
    id: strawberry.ID = node_id()


@strawberry.type
class _Sale:
    """What all sales have; no type of its own."""

    gross_amount: Money | None = money("gross_amount_cents", "What the store paid, without tax; null where not known.")
    net_amount: Money = money("net_amount_cents", "What the partner gets; negative where it is given back.")
    processing_fee: Money | None = money("processing_fee_cents", "What the payment cost; null where nothing.")
    regulatory_operating_fee: Money | None = money(
        "regulatory_operating_fee_cents", "What the rules of the store's country cost; null where nothing."
    )
    shop: Shop | None = relation(actor_rows.shop, "The store; null where none is known.")
    shopify_fee: Money | None = money("shopify_fee_cents", "What the platform keeps; null where nothing.")


@strawberry.type
class _AppSale(_Sale):
    """What all sales of apps have; no type of its own."""

    app: Annotated["App", strawberry.lazy("schema.app")] = relation(transaction_rows.app, "The app.")
    charge_id: strawberry.ID | None = computed(
        transaction_rows.charge_gid,
        "charge_kind",
        "charge_id",
        description="The charge behind it; null where none is known.",
    )


@strawberry.type(description="A theme.")
class Theme:
    name: str = column("name", "The theme's name.")


@strawberry.type
class _ThemeSale(_Sale):
    """What both kinds of sales of themes have; no type of its own."""

    theme: Theme = field(Embedded(("theme_name",), ("name",)), "The theme.")


@strawberry.type(description="An earning from work for a merchant.")
class ServiceSale(_Sale, Transaction, Node):
    pass


@strawberry.type(description="A correction of an earning from work for a merchant, such as a refund.")
class ServiceSaleAdjustment(_Sale, Transaction, Node):
    pass


@strawberry.type(description="An earning from a theme.")
class ThemeSale(_ThemeSale, Transaction, Node):
    pass


@strawberry.type(description="A correction of an earning from a theme.")
class ThemeSaleAdjustment(_ThemeSale, Transaction, Node):
    pass


@strawberry.type(description="An earning from a charge for an app that is paid once.")
class AppOneTimeSale(_AppSale, Transaction, Node):
    pass


@strawberry.type(description="An earning from an app's subscription.")
class AppSubscriptionSale(_AppSale, Transaction, Node):
    billing_interval: AppPricingInterval | None = column("billing_interval", "How often; null where it is not known.")


@strawberry.type(description="An earning from what a store used of an app.")
class AppUsageSale(_AppSale, Transaction, Node):
    pass


@strawberry.type(description="What a credit to a store takes from the earnings of an app.")
class AppSaleCredit(_AppSale, Transaction, Node):
    pass


@strawberry.type(description="A correction of an earning from an app.")
class AppSaleAdjustment(_AppSale, Transaction, Node):
    pass


@strawberry.type(description="An earning from a store that the partner brought.")
class ReferralTransaction(Transaction, Node):
    amount: Money = money("net_amount_cents", "How much; negative where it is taken away.")
    category: ReferralCategory = column("referral_category", "How the partner brought the store.")
    shop: Shop = relation(actor_rows.shop, "The store.")


@strawberry.type(description="A correction of an earning from a store that the partner brought.")
class ReferralAdjustment(Transaction, Node):
    amount: Money = money("net_amount_cents", "How much; negative where it is taken away.")
    category: ReferralCategory = column("referral_category", "How the partner brought the store.")
    shop: Shop | None = relation(actor_rows.shop, "The store; null where none is known.")


@strawberry.type(description="Tax on fees or commissions.")
class TaxTransaction(Transaction, Node):
    amount: Money = money("net_amount_cents", "How much; negative where it is taken away.")
    tax_type: TaxTransactionType = column("tax_type", "What was taxed.")
    type: TaxTransactionType = computed(
        transaction_rows.tax_type,
        "tax_type",
        description="What was taxed, by the older names.",
    )


@strawberry.type(description="An earning from before the present kinds.")
class LegacyTransaction(Transaction, Node):
    amount: Money = money("net_amount_cents", "How much; negative where it is taken away.")
    shop: Shop | None = relation(actor_rows.shop, "The store; null where none is known.")


TYPES = (
    ServiceSale,
    ServiceSaleAdjustment,
    ThemeSale,
    ThemeSaleAdjustment,
    AppOneTimeSale,
    AppSubscriptionSale,
    AppUsageSale,
    AppSaleCredit,
    AppSaleAdjustment,
    ReferralTransaction,
    ReferralAdjustment,
    TaxTransaction,
    LegacyTransaction,
)


@strawberry.type
class TransactionQuery:
    @relation(
        transaction_rows.find_transaction,
        "A transaction by its id; null where there is none.",
        permission=ApiPermission.VIEW_FINANCIALS,
    )
    def transaction(
        self, id: Annotated[strawberry.ID, strawberry.argument(description="The transaction's id.")]
    ) -> Transaction | None: ...

    @relation(
        transaction_rows.list_transactions,
        "The transactions, newest first.",
        permission=ApiPermission.VIEW_FINANCIALS,
    )
    def transactions(
        self,
        after: After = UNSET,
        before: Before = UNSET,
        first: First = UNSET,
        last: Last = UNSET,
        shop_id: Annotated[strawberry.ID | None, strawberry.argument(description="Only with this store.")] = UNSET,
        myshopify_domain: Annotated[str | None, strawberry.argument(description="Only of this domain.")] = UNSET,
        app_id: Annotated[strawberry.ID | None, strawberry.argument(description="Only of this app.")] = UNSET,
        created_at_min: Annotated[DateTime | None, strawberry.argument(description="Booked then or later.")] = UNSET,
        created_at_max: Annotated[DateTime | None, strawberry.argument(description="Booked then or earlier.")] = UNSET,
        types: Annotated[list[TransactionType] | None, strawberry.argument(description="Only of these kinds.")] = UNSET,
    ) -> Connection[Transaction]: ...

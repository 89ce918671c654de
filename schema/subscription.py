"""What a store subscribes to, as it is now."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from gateway.execution.sources import Embedded
from gateway.viewer import ApiPermission
from resolvers import cancellation
from resolvers import plan as plan_rows
from resolvers import subscription as subscription_rows
from resolvers import subscription_item as item_rows
from schema.base import column, computed, field, relation
from schema.interval import AppPricingInterval
from schema.money import Money, from_cents
from schema.mutation import IdempotencyKey, UserError, user_errors
from schema.plan import Price
from schema.reference import AppReference, ShopReference
from schema.scalars import DateTime, Decimal


def cents_or_null(amount_cents: int | None) -> str | None:
    return None if amount_cents is None else from_cents(amount_cents)


def _legacy_id() -> strawberry.ID | None:
    return computed(  # type: ignore[no-any-return] # a field
        subscription_rows.legacy_gid,
        "charge_id",
        description="The id by which `AppSubscription` is known, `gid://shopify/AppSubscription/1`; null without one.",
    )


@strawberry.type(description="The time that is billed at once.")
class BillingCycle:
    end_time: DateTime = column("ends_at", "When it ends and the next one starts.")
    start_time: DateTime = column("starts_at", "When it started.")


@strawberry.type(description="What an item costs less, in each cycle that it still applies to.")
class SubscriptionDiscount:
    amount: Decimal | None = computed(
        cents_or_null, "amount_cents", description="How much less; null where it is a percentage."
    )
    discount_ends_at: DateTime | None = column("ends_at", "When the first cycle without it starts; null for ever.")
    original_discount_cycles: int | None = column("cycles", "How many cycles it was given for; null for all.")
    percentage: float | None = column("percentage", "How many percent less: 25.0 is a quarter. Null for an amount.")
    remaining_discount_cycles: int | None = column(
        "remaining", "How many cycles are left, the current one among them; null for all."
    )


@strawberry.type(description="What a store used in the current cycle, up to now.")
class Usage:
    cost: Money = field(
        Embedded(("cost_cents", "currency_code"), ("amount_cents", "currency_code")),
        "What it costs by the tiers of the price. Not rounded; a charge is.",
    )
    quantity: float = column("quantity", "How many units.")


@strawberry.type(description="One thing that a subscription is made of.")
class SubscriptionItem:
    description: str | None = column("description", "What it is; null where it is not told.")
    discount: SubscriptionDiscount | None = relation(
        item_rows.discount, "What it costs less; null where nothing, or nothing any more."
    )
    handle: str | None = column("handle", "Its name for programs; null where it has none.")
    price: Price = relation(plan_rows.price, "What it costs.")
    usage: Usage | None = relation(
        item_rows.usage, "What was used; null where the price has no tiers, and where no cycle runs."
    )


@strawberry.type(description="What a subscription becomes at the end of the current cycle.")
class PendingUpdate:
    billing_period: AppPricingInterval = column("billing_interval", "How long a cycle will be.")
    items: list[SubscriptionItem] = relation(item_rows.list_pending_items, "What it will be made of.")
    legacy_subscription_id: strawberry.ID | None = _legacy_id()


@strawberry.type
class _Subscription:
    """What a subscription tells, whether it runs or not; no type of its own."""

    app: AppReference = relation(subscription_rows.app, "The app.")
    billing_period: AppPricingInterval = column("billing_interval", "How long a cycle is.")
    cancel_at_end_of_cycle: bool = column("cancel_at_end_of_cycle", "Whether it ends with a cycle, and not at once.")
    current_billing_cycle: BillingCycle | None = relation(
        subscription_rows.find_cycle, "The cycle that runs now; null during a trial and after the end."
    )
    items: list[SubscriptionItem] = relation(item_rows.list_items, "What it is made of.")
    legacy_subscription_id: strawberry.ID | None = _legacy_id()
    pending_update: PendingUpdate | None = relation(
        subscription_rows.pending_update, "What changes at the end of the current cycle; null where nothing does."
    )
    shop: ShopReference = relation(subscription_rows.shop, "The store.")
    trial_ends_at: DateTime | None = column("trial_ends_at", "When the trial ends or ended; null without one.")


@strawberry.type(description="What a store subscribes to.")
class ActiveSubscription(_Subscription):
    pass


@strawberry.type(description="A subscription that was cancelled, or will end with its cycle.")
class CancelledSubscription(_Subscription):
    cancelled_at: DateTime | None = relation(
        cancellation.cancelled_at, "When it ended; null where it ends with its cycle."
    )


@strawberry.type(description="The answer to `appSubscriptionCancel`.")
class AppSubscriptionCancelPayload:
    app_subscription: CancelledSubscription | None = relation(
        cancellation.cancelled, "The subscription; null where it was refused."
    )
    user_errors: list[UserError] | None = user_errors()


@strawberry.type
class SubscriptionMutation:
    @relation(
        cancellation.cancel,
        "Cancels what a store subscribes to. At most one of the three flags can be true.",
        permission=ApiPermission.VIEW_FINANCIALS,
    )
    def app_subscription_cancel(
        self,
        app_id: Annotated[strawberry.ID, strawberry.argument(description="The app.")],
        defer_cancellation: Annotated[
            bool, strawberry.argument(description="Whether it goes on until the end of its cycle, or of its trial.")
        ],
        prorate: Annotated[
            bool, strawberry.argument(description="Whether the store gets a credit for what is left of the cycle.")
        ],
        shop_id: Annotated[strawberry.ID, strawberry.argument(description="The store.")],
        skip_final_usage_charge: Annotated[
            bool, strawberry.argument(description="Whether what was used and not charged yet stays free.")
        ],
        idempotency_key: IdempotencyKey = UNSET,
    ) -> AppSubscriptionCancelPayload | None: ...


@strawberry.type
class SubscriptionQuery:
    @relation(
        subscription_rows.find_active,
        "What a store subscribes to of an app; null where nothing. An app of somebody else is an error.",
        permission=ApiPermission.MANAGE_APPS,
    )
    def active_subscription(
        self,
        app_id: Annotated[strawberry.ID, strawberry.argument(description="The app.")],
        shop_id: Annotated[strawberry.ID, strawberry.argument(description="The store.")],
    ) -> ActiveSubscription | None: ...

"""What happened between an app and a store: 21 types of events, told by four interfaces."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.models.event import AppEventTypes
from resolvers import actor as actor_rows
from resolvers import app as app_rows
from resolvers import transaction as transaction_rows
from schema.actor import Shop
from schema.base import column, enum, relation
from schema.charge import AppCredit, AppPurchaseOneTime, AppSubscription, AppUsageRecord
from schema.scalars import DateTime

if TYPE_CHECKING:
    from schema.app import App

enum(AppEventTypes, "The kinds of events; each has a type of its own.")


@strawberry.interface(description="Something that happened between an app and a store.")
class AppEvent:
    app: Annotated["App", strawberry.lazy("schema.app")] = relation(transaction_rows.app, "The app.")
    occurred_at: DateTime = column("occurred_at", "When it happened.")
    shop: Shop = relation(actor_rows.shop, "The store.")
    type: AppEventTypes = column("type", "Which kind of event it is.")


@strawberry.interface(description="An event about a credit.")
class AppCreditEvent:
    app_credit: AppCredit = relation(app_rows.credit, "The credit.")


@strawberry.interface(description="An event about a charge that is paid once.")
class AppPurchaseOneTimeEvent:
    charge: AppPurchaseOneTime = relation(app_rows.charge, "The charge.")


@strawberry.interface(description="An event about a subscription.")
class AppSubscriptionEvent:
    charge: AppSubscription = relation(app_rows.charge, "The subscription.")


@strawberry.interface(description="An event about a charge for usage.")
class AppUsageRecordEvent:
    charge: AppUsageRecord = relation(app_rows.charge, "The charge.")


@strawberry.type(description="A store installed the app.")
class RelationshipInstalled(AppEvent):
    pass


@strawberry.type(description="A store uninstalled the app.")
class RelationshipUninstalled(AppEvent):
    description: str | None = column("description", "What the store wrote about why; null where it did not.")
    reason: str | None = column("reason", "Why, as the store chose; null where it did not.")


@strawberry.type(description="A store that had been closed is open again, and the app with it.")
class RelationshipReactivated(AppEvent):
    pass


@strawberry.type(description="A store was closed, and the app with it.")
class RelationshipDeactivated(AppEvent):
    pass


@strawberry.type(description="A store accepted a charge.")
class OneTimeChargeAccepted(AppEvent, AppPurchaseOneTimeEvent):
    pass


@strawberry.type(description="A charge was activated: the store will be billed.")
class OneTimeChargeActivated(AppEvent, AppPurchaseOneTimeEvent):
    pass


@strawberry.type(description="A store declined a charge.")
class OneTimeChargeDeclined(AppEvent, AppPurchaseOneTimeEvent):
    pass


@strawberry.type(description="A store did not answer a charge in time.")
class OneTimeChargeExpired(AppEvent, AppPurchaseOneTimeEvent):
    pass


@strawberry.type(description="A store accepted a subscription.")
class SubscriptionChargeAccepted(AppEvent, AppSubscriptionEvent):
    pass


@strawberry.type(description="A subscription was activated: the store is billed from now on.")
class SubscriptionChargeActivated(AppEvent, AppSubscriptionEvent):
    pass


@strawberry.type(description="A subscription was cancelled.")
class SubscriptionChargeCanceled(AppEvent, AppSubscriptionEvent):
    pass


@strawberry.type(description="A store declined a subscription.")
class SubscriptionChargeDeclined(AppEvent, AppSubscriptionEvent):
    pass


@strawberry.type(description="A store did not answer a subscription in time.")
class SubscriptionChargeExpired(AppEvent, AppSubscriptionEvent):
    pass


@strawberry.type(description="A subscription was frozen, for the store does not pay.")
class SubscriptionChargeFrozen(AppEvent, AppSubscriptionEvent):
    pass


@strawberry.type(description="A frozen subscription goes on, for the store has paid.")
class SubscriptionChargeUnfrozen(AppEvent, AppSubscriptionEvent):
    pass


@strawberry.type(description="The most that a store may be charged for usage was changed.")
class SubscriptionCappedAmountUpdated(AppEvent, AppSubscriptionEvent):
    pass


@strawberry.type(description="A store has used nearly all that it may be charged for usage.")
class SubscriptionApproachingCappedAmount(AppEvent, AppSubscriptionEvent):
    pass


@strawberry.type(description="A credit was given to the store.")
class CreditApplied(AppEvent, AppCreditEvent):
    pass


@strawberry.type(description="A credit could not be given.")
class CreditFailed(AppEvent, AppCreditEvent):
    pass


@strawberry.type(description="A credit will be given.")
class CreditPending(AppEvent, AppCreditEvent):
    pass


@strawberry.type(description="A store was charged for what it used.")
class UsageChargeApplied(AppEvent, AppUsageRecordEvent):
    pass


TYPES = (
    RelationshipInstalled,
    RelationshipUninstalled,
    RelationshipReactivated,
    RelationshipDeactivated,
    OneTimeChargeAccepted,
    OneTimeChargeActivated,
    OneTimeChargeDeclined,
    OneTimeChargeExpired,
    SubscriptionChargeAccepted,
    SubscriptionChargeActivated,
    SubscriptionChargeCanceled,
    SubscriptionChargeDeclined,
    SubscriptionChargeExpired,
    SubscriptionChargeFrozen,
    SubscriptionChargeUnfrozen,
    SubscriptionCappedAmountUpdated,
    SubscriptionApproachingCappedAmount,
    CreditApplied,
    CreditFailed,
    CreditPending,
    UsageChargeApplied,
)

"""What shops are charged for an app, and what they are credited."""

import strawberry

from schema.base import Node, column, money, node_id
from schema.money import Money
from schema.scalars import DateTime


@strawberry.interface(description="An amount that a store pays for an app, or gets back.")
class AppCharge:
    id: strawberry.ID = node_id()
    amount: Money = money("amount_cents", "How much.")
    name: str = column("name", "What the store reads on its bill.")
    test: bool = column("test", "Whether it is only a test, for which no money moves.")


@strawberry.type(description="Money that a store gets back for an app.")
class AppCredit(AppCharge, Node):
    pass


@strawberry.type(description="A charge that a store pays once.")
class AppPurchaseOneTime(AppCharge, Node):
    pass


@strawberry.type(description="A charge that a store pays again and again.")
class AppSubscription(AppCharge, Node):
    billing_on: DateTime | None = column("billing_on", "When it is next billed; null where it is not.")


@strawberry.type(description="A charge for what a store used.")
class AppUsageRecord(AppCharge, Node):
    pass

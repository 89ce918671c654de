"""Apps of the organization, and crediting a store."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from gateway.models.event import AppEventTypes
from gateway.viewer import ApiPermission
from resolvers import app as app_rows
from resolvers import event as event_rows
from schema.base import Node, column, relation
from schema.charge import AppCredit
from schema.connection import After, Before, Connection, First, Last
from schema.event import AppEvent
from schema.money import MoneyInput
from schema.mutation import UserError, user_errors
from schema.scalars import DateTime


@strawberry.type(description="An app of the organization.")
class App(Node):
    api_key: str = column("api_key", "The app's client id.")
    name: str = column("name", "The app's name.")

    @relation(
        event_rows.list_events,
        "What happened between the app and stores, newest first.",
        permission=ApiPermission.MANAGE_APPS,
    )
    def events(
        self,
        after: After = UNSET,
        before: Before = UNSET,
        first: First = UNSET,
        last: Last = UNSET,
        types: Annotated[
            list[AppEventTypes] | None, strawberry.argument(description="Only events of these kinds.")
        ] = UNSET,
        shop_id: Annotated[strawberry.ID | None, strawberry.argument(description="Only with this store.")] = UNSET,
        charge_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only about this charge or credit.")
        ] = UNSET,
        occurred_at_min: Annotated[DateTime | None, strawberry.argument(description="Then or later.")] = UNSET,
        occurred_at_max: Annotated[DateTime | None, strawberry.argument(description="Then or earlier.")] = UNSET,
    ) -> Connection[AppEvent]: ...


@strawberry.type(description="The answer to `appCreditCreate`.")
class AppCreditCreatePayload:
    app_credit: AppCredit | None = relation(app_rows.credit, "The credit, which is pending; null where it was refused.")
    user_errors: list[UserError] | None = user_errors()


@strawberry.type
class AppQuery:
    @relation(app_rows.find_app, "An app by its id; null where there is none.", permission=ApiPermission.MANAGE_APPS)
    def app(self, id: Annotated[strawberry.ID, strawberry.argument(description="The app's id.")]) -> App | None: ...


@strawberry.type
class AppMutation:
    @relation(app_rows.create_credit, "Credits a store for an app.", permission=ApiPermission.VIEW_FINANCIALS)
    def app_credit_create(
        self,
        app_id: Annotated[strawberry.ID, strawberry.argument(description="The app.")],
        shop_id: Annotated[strawberry.ID, strawberry.argument(description="The store, which has used the app.")],
        amount: Annotated[
            MoneyInput, strawberry.argument(description="How much: more than 0, at most 10,000,000,000.")
        ],
        description: Annotated[str, strawberry.argument(description="What it is for: at most 255 characters.")],
        test: Annotated[bool | None, strawberry.argument(description="Whether no money is to move.")] = False,
    ) -> AppCreditCreatePayload | None: ...

"""Subscriptions, with their plans and all their parts, and the stream of events: the organization's alone."""

from sqlalchemy import Table

from gateway.models.partner_event import partner_events, themes
from gateway.models.plan import plans, price_tiers, prices
from gateway.models.subscription import (
    pending_updates,
    subscription_charges,
    subscription_discounts,
    subscription_items,
    subscriptions,
)
from gateway.viewer import ApiPermission
from resolvers.scope import Scope
from resolvers.visibility.rules import Condition, Rule, own


def subscriptions_of(scope: Scope) -> Condition:
    return own(subscriptions, scope, ApiPermission.MANAGE_APPS)


def _of_apps(table: Table) -> Rule:
    return lambda scope: own(table, scope, ApiPermission.MANAGE_APPS)


# Shown wherever a row of the organization leads to them: who cancels a subscription sees what it was.
PARTS: dict[Table, Rule] = {
    table: _of_apps(table)
    for table in (
        pending_updates,
        plans,
        price_tiers,
        prices,
        subscription_charges,
        subscription_discounts,
        subscription_items,
        subscriptions,
        themes,
    )
}
RULES: dict[Table, Rule] = {**PARTS, partner_events: _of_apps(partner_events)}

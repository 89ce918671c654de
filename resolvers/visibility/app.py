"""Apps with their charges, credits, events and event sinks, and transactions: the organization's alone."""

from gateway.models.app import app_charges, app_credits, apps
from gateway.models.event import app_events
from gateway.models.eventsink import eventsink_queues, eventsinks
from gateway.models.transaction import transactions
from gateway.viewer import ApiPermission
from resolvers.scope import Scope
from resolvers.visibility.rules import Condition, own


def transactions_of(scope: Scope) -> Condition:
    return own(transactions, scope, ApiPermission.VIEW_FINANCIALS)


def apps_of(scope: Scope) -> Condition:
    return own(apps, scope, ApiPermission.MANAGE_APPS)


def app_events_of(scope: Scope) -> Condition:
    return own(app_events, scope, ApiPermission.MANAGE_APPS)


def app_charges_of(scope: Scope) -> Condition:
    return own(app_charges, scope, ApiPermission.MANAGE_APPS)


def app_credits_of(scope: Scope) -> Condition:
    return own(app_credits, scope, ApiPermission.VIEW_FINANCIALS)


def eventsinks_of(scope: Scope) -> Condition:
    return own(eventsinks, scope, ApiPermission.MANAGE_APPS)


def eventsink_queues_of(scope: Scope) -> Condition:
    return own(eventsink_queues, scope, ApiPermission.MANAGE_APPS)

"""Which rows a viewer may see. Every SELECT starts from here; ids of the viewer are bound by Context.fetch.

Two questions are told apart. `<noun>s(scope)`: which rows exist for the viewer at all, asked by lists and by ids from
outside. `reached(table, scope)`: which rows may be shown when a row that the viewer sees refers to them.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Table, and_, bindparam, exists, false, or_, select, true

from gateway.models.actor import employees, merchant_users, organizations, shops, team_members
from gateway.models.app import app_charges, app_credits, apps
from gateway.models.conversation import conversations, messages
from gateway.models.event import app_events
from gateway.models.eventsink import eventsink_queues, eventsinks
from gateway.models.invoice import invoices
from gateway.models.job import job_requirements, job_services, jobs, proposals
from gateway.models.service import services
from gateway.models.transaction import transactions
from gateway.viewer import ApiPermission, ViewerKind
from resolvers.scope import MarketplacePhase, Scope

Condition = ColumnElement[bool]

ORGANIZATION = bindparam("viewer_organization_id", type_=BigInteger)
SHOP = bindparam("viewer_shop_id", type_=BigInteger)
MERCHANT_USER = bindparam("viewer_merchant_user_id", type_=BigInteger)
EMPLOYEE = bindparam("viewer_employee_id", type_=BigInteger)


def _own(table: Table, scope: Scope, permission: ApiPermission | None = None) -> Condition:
    """The partner's own rows, with the permission where one is asked for."""
    may = scope.kind is ViewerKind.PARTNER and (permission is None or permission in scope.permissions)
    return table.c.organization_id == ORGANIZATION if may else false()


def _of_marketplace(table: Table, scope: Scope) -> Condition:
    """Rows with a shop: the organization's with MANAGE_JOBS; the shop's too, until the marketplace closes."""
    if scope.kind is ViewerKind.MERCHANT and scope.phase is not MarketplacePhase.CLOSED:
        return table.c.shop_id == SHOP
    return _own(table, scope, ApiPermission.MANAGE_JOBS)


def _through(table: Table, parent: Table, column: str, scope: Scope) -> Condition:
    """Rows that a visible row of `parent` holds. For a partner the organization alone decides: keys carry it."""
    if scope.kind is ViewerKind.PARTNER:
        return _own(table, scope, ApiPermission.MANAGE_JOBS)
    visible = _of_marketplace(parent, scope)
    same = and_(parent.c.organization_id == table.c.organization_id, parent.c.id == table.c[column])
    return exists(select(1).select_from(parent).where(same, visible).correlate(table))


def jobs_of(scope: Scope) -> Condition:
    return _of_marketplace(jobs, scope)


def conversations_of(scope: Scope) -> Condition:
    return _of_marketplace(conversations, scope)


def messages_of(scope: Scope) -> Condition:
    return _through(messages, conversations, "conversation_id", scope)


def proposals_of(scope: Scope) -> Condition:
    return _through(proposals, jobs, "job_id", scope)


def invoices_of(scope: Scope) -> Condition:
    return _through(invoices, jobs, "job_id", scope)


def job_requirements_of(scope: Scope) -> Condition:
    return _through(job_requirements, jobs, "job_id", scope)


def job_services_of(scope: Scope) -> Condition:
    return _through(job_services, jobs, "job_id", scope)


def transactions_of(scope: Scope) -> Condition:
    return _own(transactions, scope, ApiPermission.VIEW_FINANCIALS)


def apps_of(scope: Scope) -> Condition:
    return _own(apps, scope, ApiPermission.MANAGE_APPS)


def app_events_of(scope: Scope) -> Condition:
    return _own(app_events, scope, ApiPermission.MANAGE_APPS)


def app_charges_of(scope: Scope) -> Condition:
    return _own(app_charges, scope, ApiPermission.MANAGE_APPS)


def app_credits_of(scope: Scope) -> Condition:
    return _own(app_credits, scope, ApiPermission.VIEW_FINANCIALS)


def eventsinks_of(scope: Scope) -> Condition:
    return _own(eventsinks, scope, ApiPermission.MANAGE_APPS)


def eventsink_queues_of(scope: Scope) -> Condition:
    return _own(eventsink_queues, scope, ApiPermission.MANAGE_APPS)


def organizations_of(scope: Scope) -> Condition:
    """One's own, and for a merchant those that its visible rows belong to."""
    if scope.kind is ViewerKind.PARTNER:
        return organizations.c.id == ORGANIZATION
    return _named_by(organizations, scope, [(jobs, "organization_id"), (conversations, "organization_id")])


def team_members_of(scope: Scope) -> Condition:
    """One's own colleagues, and for a merchant those who wrote in its visible conversations."""
    if scope.kind is ViewerKind.PARTNER:
        return team_members.c.organization_id == ORGANIZATION
    same = team_members.c.organization_id == messages.c.organization_id
    return _named_by(team_members, scope, [(messages, "sender_team_member_id")], same)


def shops_of(scope: Scope) -> Condition:
    own = shops.c.id == SHOP if scope.kind is ViewerKind.MERCHANT else false()
    naming = [jobs, conversations, transactions, app_events, app_charges, app_credits]
    return or_(own, _named_by(shops, scope, [(table, "shop_id") for table in naming]))


def merchant_users_of(scope: Scope) -> Condition:
    own = merchant_users.c.id == MERCHANT_USER if scope.kind is ViewerKind.MERCHANT else false()
    naming = [(conversations, "merchant_user_id"), (messages, "sender_merchant_user_id")]
    return or_(own, _named_by(merchant_users, scope, naming))


def employees_of(scope: Scope) -> Condition:
    own = employees.c.id == EMPLOYEE if scope.kind is ViewerKind.EMPLOYEE else false()
    return or_(own, _named_by(employees, scope, [(messages, "sender_employee_id")]))


def services_of(_scope: Scope) -> Condition:
    return true()


# Rows that exist for a viewer by themselves.
VISIBLE: dict[Table, Callable[[Scope], Condition]] = {
    app_charges: app_charges_of,
    app_credits: app_credits_of,
    app_events: app_events_of,
    apps: apps_of,
    conversations: conversations_of,
    employees: employees_of,
    eventsink_queues: eventsink_queues_of,
    eventsinks: eventsinks_of,
    invoices: invoices_of,
    job_requirements: job_requirements_of,
    job_services: job_services_of,
    jobs: jobs_of,
    merchant_users: merchant_users_of,
    messages: messages_of,
    organizations: organizations_of,
    proposals: proposals_of,
    services: services_of,
    shops: shops_of,
    team_members: team_members_of,
    transactions: transactions_of,
}

# Rows that whoever sees a row that refers to them sees as well.
_REFERENCE = frozenset({employees, merchant_users, organizations, services, shops, team_members})
_NAMED_WITHIN_ORGANIZATION = frozenset({app_charges, app_credits, apps})


def sees_none(table: Table, scope: Scope) -> bool:
    """Whether no row of the table can exist for the viewer, whatever the table holds."""
    return VISIBLE[table](scope).compare(false())


def reaches_none(table: Table, scope: Scope) -> bool:
    """The same of rows that others refer to."""
    return reached(table, scope).compare(false())


def reached(table: Table, scope: Scope) -> Condition:
    """Which rows may be shown where a visible row refers to them. Others are held to the same rule as by themselves."""
    if table in _REFERENCE:
        return true()
    if table in _NAMED_WITHIN_ORGANIZATION:
        return _own(table, scope)
    return VISIBLE[table](scope)


def _named_by(target: Table, scope: Scope, naming: list[tuple[Table, str]], *conditions: Condition) -> Condition:
    """A visible row names the target's id in that column."""
    named: list[Any] = []
    for table, column in naming:
        if not sees_none(table, scope):
            here = (table.c[column] == target.c.id, VISIBLE[table](scope), *conditions)
            named.append(exists(select(1).select_from(table).where(*here).correlate(target)))
    return or_(false(), *named)

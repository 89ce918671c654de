"""Which rows a viewer may see. Every SELECT starts from here; ids of the viewer are bound by Context.fetch.

Three questions are told apart. `VISIBLE`: which rows exist for the viewer at all, asked by lists and by ids from
outside. `reached`: which rows may be shown when a row that the viewer sees refers to them. `held`: which rows may be
shown in the list of a row that the viewer sees.
"""

from sqlalchemy import Table, true

from gateway.models.actor import employees, merchant_users, organizations, shops, team_members
from gateway.models.app import app_charges, app_credits, apps
from gateway.models.audit import audit_entries
from gateway.models.block import partner_blocks
from gateway.models.collaborator import collaborators
from gateway.models.conversation import conversations, messages
from gateway.models.directory import countries, directory_services, industries, languages, service_categories
from gateway.models.event import app_events
from gateway.models.eventsink import eventsink_queues, eventsinks
from gateway.models.invoice import invoices
from gateway.models.job import job_requirements, job_services, jobs, proposals
from gateway.models.lead import leads
from gateway.models.migration_task import export_receipts, migration_task_completions
from gateway.models.offering import service_offerings
from gateway.models.partner import (
    partner_industries,
    partner_languages,
    partner_locations,
    partner_social_links,
    partners,
)
from gateway.models.refund_request import refund_requests
from gateway.models.report import partner_reports
from gateway.models.review import reviews
from gateway.models.service import services
from gateway.models.transaction import transactions
from resolvers.scope import Scope
from resolvers.visibility import actors, directory, disputes, marketplace, subscription
from resolvers.visibility.app import (
    app_charges_of,
    app_credits_of,
    app_events_of,
    apps_of,
    eventsink_queues_of,
    eventsinks_of,
    transactions_of,
)
from resolvers.visibility.marketplace import invoices_to_refund
from resolvers.visibility.rules import Condition, Rule, everyone, is_none, own

# Rows that exist for a viewer by themselves.
VISIBLE: dict[Table, Rule] = {
    app_charges: app_charges_of,
    app_credits: app_credits_of,
    app_events: app_events_of,
    apps: apps_of,
    audit_entries: disputes.audit_entries_of,
    collaborators: disputes.collaborators_of,
    conversations: marketplace.conversations_of,
    countries: everyone,
    directory_services: everyone,
    employees: actors.employees_of,
    eventsink_queues: eventsink_queues_of,
    eventsinks: eventsinks_of,
    export_receipts: directory.export_receipts_of,
    industries: everyone,
    invoices: marketplace.invoices_of,
    job_requirements: marketplace.job_requirements_of,
    job_services: marketplace.job_services_of,
    jobs: marketplace.jobs_of,
    languages: everyone,
    leads: disputes.leads_of,
    merchant_users: actors.merchant_users_of,
    messages: marketplace.messages_of,
    migration_task_completions: directory.migration_task_completions_of,
    organizations: actors.organizations_of,
    partner_blocks: disputes.partner_blocks_of,
    partner_industries: directory.partner_industries_of,
    partner_languages: directory.partner_languages_of,
    partner_locations: directory.partner_locations_of,
    partner_reports: disputes.partner_reports_of,
    partner_social_links: directory.partner_social_links_of,
    partners: directory.partners_of,
    proposals: marketplace.proposals_of,
    refund_requests: disputes.refund_requests_of,
    reviews: directory.reviews_of,
    service_categories: everyone,
    service_offerings: directory.service_offerings_of,
    services: everyone,
    shops: actors.shops_of,
    team_members: actors.team_members_of,
    transactions: transactions_of,
    **subscription.RULES,
}

# Rows that whoever sees a row that refers to them sees as well. A review does not count as one that refers to its
# shop: what shows that has to ask `directory.review_authors_of`.
_REFERENCE = frozenset(
    {
        countries,
        directory_services,
        employees,
        industries,
        languages,
        merchant_users,
        organizations,
        partners,
        service_categories,
        services,
        shops,
        team_members,
    }
)
_NAMED_WITHIN_ORGANIZATION = frozenset({app_charges, app_credits, apps, export_receipts, *subscription.PARTS})

# Rows that a refund request refers to, itself or through its job.
_REFUNDED: dict[Table, Rule] = {
    conversations: marketplace.conversations_shown,
    invoices: marketplace.invoices_shown,
    job_requirements: marketplace.job_requirements_shown,
    job_services: marketplace.job_services_shown,
    jobs: marketplace.jobs_shown,
    messages: marketplace.messages_shown,
    proposals: marketplace.proposals_shown,
}
# Rows that are shown wherever their partner is.
_OF_PARTNER = frozenset(
    {partner_industries, partner_languages, partner_locations, partner_social_links, service_offerings}
)


def sees_none(table: Table, scope: Scope) -> bool:
    """Whether no row of the table can exist for the viewer, whatever the table holds."""
    return is_none(VISIBLE[table](scope))


def reaches_none(table: Table, scope: Scope) -> bool:
    """The same of rows that others refer to."""
    return is_none(reached(table, scope))


def reached(table: Table, scope: Scope) -> Condition:
    """Which rows may be shown where a visible row refers to them. Others are held to the same rule as by themselves."""
    if table in _REFERENCE:
        return true()
    if table in _NAMED_WITHIN_ORGANIZATION:
        return own(table, scope)
    return _REFUNDED.get(table, VISIBLE[table])(scope)


def held(table: Table, scope: Scope) -> Condition:
    """Which rows may be shown where a row that is shown holds them."""
    if table in _OF_PARTNER:
        return true()
    if table in subscription.PARTS:
        return own(table, scope)
    return _REFUNDED.get(table, VISIBLE[table])(scope)


__all__ = [
    "VISIBLE",
    "apps_of",
    "directory",
    "eventsinks_of",
    "held",
    "invoices_to_refund",
    "reached",
    "reaches_none",
    "sees_none",
]

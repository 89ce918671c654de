"""Organizations, shops and people: oneself, and whoever a row that one may see names."""

from gateway.models.actor import employees, merchant_users, organizations, shops, team_members
from gateway.models.app import app_charges, app_credits
from gateway.models.block import partner_blocks
from gateway.models.collaborator import collaborators
from gateway.models.conversation import conversations, messages
from gateway.models.event import app_events
from gateway.models.job import jobs
from gateway.models.lead import leads
from gateway.models.partner import partners
from gateway.models.refund_request import refund_requests
from gateway.models.report import partner_reports
from gateway.models.review import reviews
from gateway.models.subscription import subscriptions
from gateway.models.transaction import transactions
from gateway.viewer import ViewerKind
from resolvers.scope import Scope
from resolvers.visibility.app import app_charges_of, app_credits_of, app_events_of, transactions_of
from resolvers.visibility.directory import partners_of, review_authors_of
from resolvers.visibility.disputes import (
    collaborators_of,
    leads_of,
    partner_blocks_of,
    partner_reports_of,
    refund_requests_of,
)
from resolvers.visibility.marketplace import conversations_of, jobs_of, messages_of
from resolvers.visibility.rules import EMPLOYEE, MERCHANT_USER, ORGANIZATION, SHOP, Condition, either, named_by
from resolvers.visibility.subscription import subscriptions_of


def organizations_of(scope: Scope) -> Condition:
    """One's own, those of visible partners, and for a merchant those that its visible rows belong to."""
    naming = [(partners, "organization_id", partners_of)]
    if scope.kind is ViewerKind.PARTNER:
        return either(organizations.c.id == ORGANIZATION, named_by(organizations, scope, naming))
    naming += [(jobs, "organization_id", jobs_of), (conversations, "organization_id", conversations_of)]
    return named_by(organizations, scope, naming)


def team_members_of(scope: Scope) -> Condition:
    """One's own colleagues, and for a merchant those who wrote in its visible conversations."""
    if scope.kind is ViewerKind.PARTNER:
        return team_members.c.organization_id == ORGANIZATION
    same = team_members.c.organization_id == messages.c.organization_id
    return named_by(team_members, scope, [(messages, "sender_team_member_id", messages_of)], same)


def shops_of(scope: Scope) -> Condition:
    """A review names its shop only to who may know its author."""
    naming = {
        jobs: jobs_of,
        conversations: conversations_of,
        transactions: transactions_of,
        app_events: app_events_of,
        app_charges: app_charges_of,
        app_credits: app_credits_of,
        subscriptions: subscriptions_of,
        leads: leads_of,
        collaborators: collaborators_of,
        partner_blocks: partner_blocks_of,
        refund_requests: refund_requests_of,
        partner_reports: partner_reports_of,
        reviews: review_authors_of,
    }
    named = named_by(shops, scope, [(table, "shop_id", rule) for table, rule in naming.items()])
    return either(shops.c.id == SHOP, named) if scope.kind is ViewerKind.MERCHANT else named


def merchant_users_of(scope: Scope) -> Condition:
    naming = [
        (conversations, "merchant_user_id", conversations_of),
        (messages, "sender_merchant_user_id", messages_of),
        (leads, "merchant_user_id", leads_of),
        (partner_blocks, "merchant_user_id", partner_blocks_of),
        (partner_reports, "merchant_user_id", partner_reports_of),
        (reviews, "merchant_user_id", review_authors_of),
    ]
    named = named_by(merchant_users, scope, naming)
    return either(merchant_users.c.id == MERCHANT_USER, named) if scope.kind is ViewerKind.MERCHANT else named


def employees_of(scope: Scope) -> Condition:
    named = named_by(employees, scope, [(messages, "sender_employee_id", messages_of)])
    return either(employees.c.id == EMPLOYEE, named) if scope.kind is ViewerKind.EMPLOYEE else named

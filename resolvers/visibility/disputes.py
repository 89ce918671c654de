"""Leads, collaborators, blocks, refund requests and reports: what is between one partner and one shop; the audit."""

from gateway.models.block import partner_blocks
from gateway.models.collaborator import collaborators
from gateway.models.lead import leads
from gateway.models.refund_request import refund_requests
from gateway.models.report import partner_reports
from gateway.viewer import ApiPermission
from resolvers.scope import Scope
from resolvers.visibility.rules import Condition, either, of_shop, of_support, own


def leads_of(scope: Scope) -> Condition:
    return either(own(leads, scope, ApiPermission.MANAGE_LEADS), of_shop(leads, scope))


def collaborators_of(scope: Scope) -> Condition:
    return either(own(collaborators, scope, ApiPermission.MANAGE_COLLABORATORS), of_shop(collaborators, scope))


def partner_blocks_of(scope: Scope) -> Condition:
    """Never the partner, which only sees that a conversation is BLOCKED."""
    return either(of_shop(partner_blocks, scope), of_support(scope))


def refund_requests_of(scope: Scope) -> Condition:
    of_partner = own(refund_requests, scope, ApiPermission.MANAGE_DISPUTES)
    return either(of_partner, of_shop(refund_requests, scope), of_support(scope))


def partner_reports_of(scope: Scope) -> Condition:
    """Never the partner."""
    return either(of_shop(partner_reports, scope), of_support(scope))


def audit_entries_of(scope: Scope) -> Condition:
    """Support alone, since they tell of everybody."""
    return either(of_support(scope))

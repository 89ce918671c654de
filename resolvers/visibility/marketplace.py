"""Jobs, conversations and what they hold: the organization's with MANAGE_JOBS; the shop's too, until CLOSED.

What a refund request refers to stays readable through it in every phase. `…_of` is what exists by itself, `…_shown`
what may be shown where a visible row refers to it or holds it.
"""

from sqlalchemy import ColumnElement, Table, and_, exists, false, select

from gateway.models.conversation import conversations, messages
from gateway.models.invoice import invoices
from gateway.models.job import job_requirements, job_services, jobs, proposals
from gateway.models.refund_request import refund_requests
from gateway.viewer import ApiPermission, ViewerKind
from resolvers.scope import MarketplacePhase, Scope
from resolvers.visibility.disputes import refund_requests_of
from resolvers.visibility.rules import Condition, either, held_by, is_none, of_shop, own


def _is_open_to(scope: Scope) -> bool:
    """Whether all rows of the viewer's own exist for it, so that no refund request could add any."""
    if scope.kind is ViewerKind.MERCHANT:
        return scope.phase is not MarketplacePhase.CLOSED
    return scope.kind is ViewerKind.PARTNER and ApiPermission.MANAGE_JOBS in scope.permissions


def _of_marketplace(table: Table, scope: Scope) -> Condition:
    if scope.kind is ViewerKind.MERCHANT:
        return of_shop(table, scope) if _is_open_to(scope) else false()
    return own(table, scope, ApiPermission.MANAGE_JOBS)


def _through(table: Table, parent: Table, column: str, scope: Scope) -> Condition:
    """Rows that a visible row of `parent` holds. For a partner the organization alone decides: keys carry it."""
    if scope.kind is ViewerKind.PARTNER:
        return own(table, scope, ApiPermission.MANAGE_JOBS)
    return held_by(table, parent, column, _of_marketplace(parent, scope))


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


def invoices_to_refund(scope: Scope) -> Condition:
    """Those that the viewer may ask a refund of. Disputes work in every phase, so the shop's own stay among them."""
    if scope.kind is ViewerKind.MERCHANT:
        return held_by(invoices, jobs, "job_id", of_shop(jobs, scope))
    return own(invoices, scope, ApiPermission.MANAGE_DISPUTES)


def job_requirements_of(scope: Scope) -> Condition:
    return _through(job_requirements, jobs, "job_id", scope)


def job_services_of(scope: Scope) -> Condition:
    return _through(job_services, jobs, "job_id", scope)


def _refunded(table: Table, job_id: ColumnElement[int], scope: Scope) -> Condition:
    """A visible refund request refers to the job of that id."""
    visible = refund_requests_of(scope)
    if is_none(visible) or _is_open_to(scope):
        return false()
    same = and_(refund_requests.c.organization_id == table.c.organization_id, refund_requests.c.job_id == job_id)
    return exists(select(1).select_from(refund_requests).where(same, visible).correlate(table))


def _refunded_talk(table: Table, conversation_id: ColumnElement[int], scope: Scope) -> Condition:
    """A visible refund request refers to a job of the conversation of that id."""
    refunded = _refunded(jobs, jobs.c.id, scope)
    if is_none(refunded):
        return false()
    same = and_(jobs.c.organization_id == table.c.organization_id, jobs.c.conversation_id == conversation_id)
    return exists(select(1).select_from(jobs).where(same, refunded).correlate(table))


def jobs_shown(scope: Scope) -> Condition:
    return either(jobs_of(scope), _refunded(jobs, jobs.c.id, scope))


def conversations_shown(scope: Scope) -> Condition:
    return either(conversations_of(scope), _refunded_talk(conversations, conversations.c.id, scope))


def messages_shown(scope: Scope) -> Condition:
    return either(messages_of(scope), _refunded_talk(messages, messages.c.conversation_id, scope))


def proposals_shown(scope: Scope) -> Condition:
    return either(proposals_of(scope), _refunded(proposals, proposals.c.job_id, scope))


def invoices_shown(scope: Scope) -> Condition:
    return either(invoices_of(scope), _refunded(invoices, invoices.c.job_id, scope))


def job_requirements_shown(scope: Scope) -> Condition:
    return either(job_requirements_of(scope), _refunded(job_requirements, job_requirements.c.job_id, scope))


def job_services_shown(scope: Scope) -> Condition:
    return either(job_services_of(scope), _refunded(job_services, job_services.c.job_id, scope))

"""Partners with what belongs to their listing, and their reviews."""

from sqlalchemy import Table, and_, select, union_all

from gateway.models.block import partner_blocks
from gateway.models.collaborator import collaborators
from gateway.models.conversation import conversations
from gateway.models.job import jobs
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
from gateway.models.review import ReviewStatus, reviews
from gateway.viewer import ApiPermission, Viewer, ViewerKind
from resolvers.scope import Scope
from resolvers.visibility.disputes import (
    collaborators_of,
    leads_of,
    partner_blocks_of,
    partner_reports_of,
    refund_requests_of,
)
from resolvers.visibility.marketplace import conversations_of, jobs_of
from resolvers.visibility.rules import Condition, Rule, either, held_by, is_none, of_shop, of_support, own

# What the directory shows to everyone, and all that a search finds, whoever asks.
LISTED = partners.c.listed


def partners_of(scope: Scope) -> Condition:
    """Listed ones; else to the organization itself, to support, and to shops that share a visible record with it."""
    if scope.kind is ViewerKind.EMPLOYEE:
        return of_support(scope)
    return either(LISTED, own(partners, scope), _shared_with_shop(scope))


def profiles_of(scope: Scope) -> Condition:
    """The partner whose profile and offerings the viewer may change."""
    return own(partners, scope, ApiPermission.MANAGE_PROFILE)


def _shared_with_shop(scope: Scope) -> Condition:
    shared: dict[Table, Rule] = {
        jobs: jobs_of,
        conversations: conversations_of,
        leads: leads_of,
        reviews: review_authors_of,
        collaborators: collaborators_of,
        partner_blocks: partner_blocks_of,
        refund_requests: refund_requests_of,
        partner_reports: partner_reports_of,
    }
    if scope.kind is not ViewerKind.MERCHANT:
        return either()
    visible = {table: rule(scope) for table, rule in shared.items()}
    sharing = [select(table.c.organization_id).where(rule) for table, rule in visible.items() if not is_none(rule)]
    return partners.c.organization_id.in_(union_all(*sharing))


def _as_partner(table: Table, scope: Scope) -> Condition:
    """Whoever sees the partner sees what it lists."""
    if scope.kind is ViewerKind.EMPLOYEE:
        return of_support(scope)
    return held_by(table, partners, "partner_id", partners_of(scope))


def service_offerings_of(scope: Scope) -> Condition:
    return _as_partner(service_offerings, scope)


def partner_locations_of(scope: Scope) -> Condition:
    return _as_partner(partner_locations, scope)


def partner_languages_of(scope: Scope) -> Condition:
    return _as_partner(partner_languages, scope)


def partner_industries_of(scope: Scope) -> Condition:
    return _as_partner(partner_industries, scope)


def partner_social_links_of(scope: Scope) -> Condition:
    return _as_partner(partner_social_links, scope)


def reviews_of(scope: Scope) -> Condition:
    """Published ones of listed partners, and of the partner itself; others only to who may know their author."""
    published = reviews.c.status == ReviewStatus.PUBLISHED.value
    listed = held_by(reviews, partners, "partner_id", LISTED)
    return either(review_authors_of(scope), and_(published, either(own(reviews, scope), listed)))


def review_authors_of(scope: Scope) -> Condition:
    """Reviews whose shop the viewer may know: its own, and all to support."""
    return either(of_shop(reviews, scope), of_support(scope))


def knows_author(viewer: Viewer, shop_id: int) -> bool:
    """The same of one review, which that shop wrote."""
    return viewer.kind is ViewerKind.EMPLOYEE or (viewer.kind is ViewerKind.MERCHANT and viewer.shop_id == shop_id)


def reviews_to_look_after(scope: Scope) -> Condition:
    """Of the visible ones those that the shop wrote, those of the partner itself, and all to support."""
    of_partner = own(reviews, scope, ApiPermission.MANAGE_REVIEWS)
    return either(review_authors_of(scope), and_(reviews.c.status == ReviewStatus.PUBLISHED.value, of_partner))


def export_receipts_of(scope: Scope) -> Condition:
    return own(export_receipts, scope, ApiPermission.EXPORT_RECORDS)


def migration_task_completions_of(scope: Scope) -> Condition:
    return own(migration_task_completions, scope, ApiPermission.MANAGE_PROFILE)

"""Who asks."""

import strawberry

from gateway.viewer import ApiPermission, ViewerKind
from resolvers import partner as partner_rows
from resolvers import viewer as viewer_rows
from schema.actor import MerchantUser, Organization, Shop
from schema.base import column, enum, relation
from schema.partner import Partner

enum(
    ViewerKind,
    "The kinds of callers.",
    {
        "ANONYMOUS": "Without a token.",
        "PARTNER": "With a token of an organization.",
        "MERCHANT": "With a token of a person in a store.",
        "EMPLOYEE": "With a token of support.",
    },
)
enum(
    ApiPermission,
    "What an organization's token may do.",
    {
        "VIEW_FINANCIALS": "See transactions, and credit stores.",
        "MANAGE_APPS": "See apps with their events, and set up event sinks.",
        "MANAGE_THEMES": "Manage themes.",
        "MANAGE_JOBS": "See jobs and conversations.",
        "MANAGE_PROFILE": "Edit the profile in the directory.",
        "MANAGE_LEADS": "See and move leads.",
        "MANAGE_REVIEWS": "See the organization's own reviews.",
        "MANAGE_COLLABORATORS": "Ask for access to stores.",
        "MANAGE_DISPUTES": "Settle refunds.",
        "EXPORT_RECORDS": "Leave receipts of exports.",
    },
)


@strawberry.type(description="The caller, as its token tells.")
class Viewer:
    kind: ViewerKind = column("kind", "Which kind of caller it is.")
    organization: Organization | None = relation(viewer_rows.organization, "A partner's organization; null for others.")
    partner: Partner | None = relation(
        partner_rows.partner, "The organization's listing in the directory; null for other callers."
    )
    shop: Shop | None = relation(viewer_rows.shop, "A merchant's store; null for others.")
    collaborator_request_code: str | None = relation(
        viewer_rows.request_code,
        "Four digits that partners need to ask the merchant's store for access; null for other callers.",
    )
    merchant_user: MerchantUser | None = relation(viewer_rows.merchant_user, "The merchant; null for others.")
    permissions: list[ApiPermission] = column("permissions", "What the token may do; empty for all but partners.")


@strawberry.type
class ViewerQuery:
    viewer: Viewer = relation(viewer_rows.find_viewer, "Who asks.")

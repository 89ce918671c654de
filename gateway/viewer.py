"""Who asks. A plain value, so that resolvers need no HTTP."""

from dataclasses import dataclass
from enum import StrEnum


class ViewerKind(StrEnum):
    ANONYMOUS = "ANONYMOUS"
    PARTNER = "PARTNER"
    MERCHANT = "MERCHANT"
    EMPLOYEE = "EMPLOYEE"


class ApiPermission(StrEnum):
    VIEW_FINANCIALS = "VIEW_FINANCIALS"
    MANAGE_APPS = "MANAGE_APPS"
    MANAGE_THEMES = "MANAGE_THEMES"
    MANAGE_JOBS = "MANAGE_JOBS"
    MANAGE_PROFILE = "MANAGE_PROFILE"
    MANAGE_LEADS = "MANAGE_LEADS"
    MANAGE_REVIEWS = "MANAGE_REVIEWS"
    MANAGE_COLLABORATORS = "MANAGE_COLLABORATORS"
    MANAGE_DISPUTES = "MANAGE_DISPUTES"
    EXPORT_RECORDS = "EXPORT_RECORDS"


@dataclass(frozen=True, slots=True)
class Viewer:
    """One caller. Only the ids of its own kind are set; `client_id` is the row of its token, None when anonymous."""

    kind: ViewerKind
    client_id: int | None = None
    organization_id: int | None = None
    shop_id: int | None = None
    merchant_user_id: int | None = None
    employee_id: int | None = None
    permissions: frozenset[ApiPermission] = frozenset()

    def may(self, permission: ApiPermission) -> bool:
        """Permissions belong to API clients; what other callers reach is decided row by row."""
        return self.kind is not ViewerKind.PARTNER or permission in self.permissions


ANONYMOUS = Viewer(ViewerKind.ANONYMOUS)

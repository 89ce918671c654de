"""Who sees which row of the fixtures: the table "Who calls" of the domain, as plain Python over the JSON files.

Nothing here knows how the gateway decides. A row is seen by itself (`sees`), or because a row that is seen refers to
it (`shows`): actors, partners and the directory's words always, apps with their charges and credits within their
organization, and what a refund request that is seen refers to, by itself or through its job.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Key = tuple[int | None, int]

FIXTURES = Path(__file__).parents[2] / "fixtures"
FILES = (
    "actors",
    "apps",
    "blocks",
    "collaborators",
    "conversations",
    "events",
    "eventsinks",
    "invoices",
    "jobs",
    "leads",
    "migration_tasks",
    "offerings",
    "partners",
    "plans",
    "refund_requests",
    "reports",
    "reviews",
    "services",
    "subscriptions",
    "transactions",
)
PHASES = ("OPEN", "WINDING_DOWN", "CLOSED")

# The permission that a partner needs, and who else: marketplace rows are the shop's too, until CLOSED.
MARKETPLACE = {
    "jobs": None,
    "conversations": None,
    "job_requirements": ("jobs", "job_id"),
    "job_services": ("jobs", "job_id"),
    "proposals": ("jobs", "job_id"),
    "invoices": ("jobs", "job_id"),
    "messages": ("conversations", "conversation_id"),
}
PERMISSIONS = {
    **dict.fromkeys(MARKETPLACE, "MANAGE_JOBS"),
    "transactions": "VIEW_FINANCIALS",
    "app_credits": "VIEW_FINANCIALS",
    "apps": "MANAGE_APPS",
    "app_charges": "MANAGE_APPS",
    "app_events": "MANAGE_APPS",
    "eventsinks": "MANAGE_APPS",
    "eventsink_queues": "MANAGE_APPS",
    "subscriptions": "MANAGE_APPS",
    "export_receipts": "EXPORT_RECORDS",
    "migration_task_completions": "MANAGE_PROFILE",
}
# What is between a partner and a shop: the permission that the partner needs (None: it never sees it), and whether
# support sees it.
BETWEEN = {
    "leads": ("MANAGE_LEADS", False),
    "collaborators": ("MANAGE_COLLABORATORS", False),
    "partner_blocks": (None, True),
    "refund_requests": ("MANAGE_DISPUTES", True),
    "partner_reports": (None, True),
}
PARTNER_PARTS = frozenset(
    {"partner_industries", "partner_languages", "partner_locations", "partner_social_links", "service_offerings"}
)
# The columns that name somebody. Everybody is seen through a row that names them, and by themselves.
ACTORS = {
    "organizations": ("organization_id",),
    "team_members": ("sender_team_member_id",),
    "shops": ("shop_id", "sender_shop_id"),
    "merchant_users": ("merchant_user_id", "sender_merchant_user_id"),
    "employees": ("sender_employee_id",),
}
SHOWN_WITHIN_ORGANIZATION = frozenset({"apps", "app_charges", "app_credits", "export_receipts"})
TRANSACTION_TYPES = {
    "SERVICE_SALE": "ServiceSale",
    "SERVICE_SALE_ADJUSTMENT": "ServiceSaleAdjustment",
    "THEME_SALE": "ThemeSale",
    "THEME_SALE_ADJUSTMENT": "ThemeSaleAdjustment",
    "APP_ONE_TIME_SALE": "AppOneTimeSale",
    "APP_SUBSCRIPTION_SALE": "AppSubscriptionSale",
    "APP_USAGE_SALE": "AppUsageSale",
    "APP_SALE_CREDIT": "AppSaleCredit",
    "APP_SALE_ADJUSTMENT": "AppSaleAdjustment",
    "REFERRAL": "ReferralTransaction",
    "REFERRAL_ADJUSTMENT": "ReferralAdjustment",
    "TAX": "TaxTransaction",
    "LEGACY": "LegacyTransaction",
}
TYPES = {
    "apps": "App",
    "app_credits": "AppCredit",
    "audit_entries": "AuditEntry",
    "collaborators": "Collaborator",
    "conversations": "Conversation",
    "employees": "ShopifyEmployee",
    "export_receipts": "ExportReceipt",
    "eventsink_queues": "EventsinkQueue",
    "eventsinks": "Eventsink",
    "invoices": "Invoice",
    "job_requirements": "JobRequirement",
    "jobs": "Job",
    "leads": "Lead",
    "merchant_users": "MerchantUser",
    "messages": "Message",
    "organizations": "Organization",
    "partner_blocks": "PartnerBlock",
    "partner_reports": "PartnerReport",
    "partners": "Partner",
    "proposals": "Proposal",
    "refund_requests": "RefundRequest",
    "reviews": "Review",
    "service_offerings": "ServiceOffering",
    "services": "Service",
    "shops": "Shop",
    "team_members": "TeamMember",
}


@dataclass(frozen=True)
class Caller:
    """Only the ids of its own kind are set; none at all is anonymous."""

    name: str
    organization_id: int | None = None
    shop_id: int | None = None
    merchant_user_id: int | None = None
    employee_id: int | None = None
    permissions: frozenset[str] = frozenset()

    def itself(self, table: str) -> Key | None:
        own = {"organizations": self.organization_id, "shops": self.shop_id, "employees": self.employee_id}
        own["merchant_users"] = self.merchant_user_id
        return None if own.get(table) is None else (None, own[table])


def key_of(row: Row) -> Key:
    return row.get("organization_id"), row["id"]


def typename(table: str, row: Row) -> str:
    if table == "app_charges":
        return row["kind"]
    if table == "transactions":
        return TRANSACTION_TYPES[row["type"]]
    if table == "app_events":
        return "".join(word.title() for word in row["type"].split("_"))
    return TYPES[table]


def gid(table: str, row: Row) -> str:
    host = "shopify" if table in ("app_charges", "app_credits") else "partners"
    return f"gid://{host}/{typename(table, row)}/{row['id']}"


def fixture_rows() -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {}
    for name in FILES:
        rows |= json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))
    return rows


@dataclass
class Records:
    rows: Mapping[str, list[Row]]
    _named: dict[tuple[Caller, str], dict[str, set[Key]]] = field(default_factory=dict)

    def find(self, table: str, organization_id: int | None, row_id: int | None) -> Row | None:
        return next((row for row in self.rows[table] if key_of(row) == (organization_id, row_id)), None)

    def seen(self, caller: Caller, phase: str, table: str) -> list[Row]:
        return [row for row in self.rows[table] if self.sees(caller, phase, table, row)]

    def sees(self, caller: Caller, phase: str, table: str, row: Row) -> bool:
        """Whether the row exists for the caller by itself."""
        if table == "services":
            return True
        if table == "audit_entries":
            return caller.employee_id is not None
        if table in ACTORS:
            return self._sees_actor(caller, phase, table, row)
        if table == "partners" or table in PARTNER_PARTS:
            return self._sees_partner(caller, phase, row["organization_id"])
        if table == "reviews":
            return self._sees_review(caller, row)
        if table in BETWEEN:
            return _sees_between(caller, table, row)
        if caller.organization_id is not None:
            return row["organization_id"] == caller.organization_id and PERMISSIONS[table] in caller.permissions
        if caller.shop_id is None or table not in MARKETPLACE or phase == "CLOSED":
            return False
        parent = MARKETPLACE[table]
        held_by = row if parent is None else self.find(parent[0], row["organization_id"], row[parent[1]])
        return held_by is not None and held_by["shop_id"] == caller.shop_id

    def shows(self, caller: Caller, phase: str, table: str, row: Row) -> bool:
        """Whether the row is shown where one that the caller sees refers to it."""
        if table in ACTORS or table == "partners":
            return True
        if table in SHOWN_WITHIN_ORGANIZATION:
            return caller.organization_id == row["organization_id"]
        return self.sees(caller, phase, table, row) or self._is_refunded(caller, phase, table, row)

    def _sees_partner(self, caller: Caller, phase: str, organization_id: int) -> bool:
        (partner,) = (row for row in self.rows["partners"] if row["organization_id"] == organization_id)
        if partner["listed"] or caller.employee_id is not None or caller.organization_id == organization_id:
            return True
        if caller.shop_id is None:
            return False
        shared = ("jobs", "conversations", "reviews", *BETWEEN)
        rows = (row for table in shared for row in self.seen(caller, phase, table))
        return any((row["organization_id"], row["shop_id"]) == (organization_id, caller.shop_id) for row in rows)

    def _sees_review(self, caller: Caller, row: Row) -> bool:
        if knows_author(caller, row):
            return True
        (partner,) = (each for each in self.rows["partners"] if each["organization_id"] == row["organization_id"])
        is_own = caller.organization_id == row["organization_id"]
        return row["status"] == "PUBLISHED" and (partner["listed"] or is_own)

    def _is_refunded(self, caller: Caller, phase: str, table: str, row: Row) -> bool:
        """Whether a refund request that is seen refers to the row: to a job, or to what belongs to the job.

        It adds nothing to what merchants see until CLOSED: their own jobs with all that belongs to them.
        """
        if table not in MARKETPLACE or (caller.shop_id is not None and phase != "CLOSED"):
            return False
        seen = self.seen(caller, phase, "refund_requests")
        tenant = row["organization_id"]
        job_ids = {each["job_id"] for each in seen if each["organization_id"] == tenant}
        if table in ("conversations", "messages"):
            talk_id = row["id"] if table == "conversations" else row["conversation_id"]
            jobs = (self.find("jobs", tenant, job_id) for job_id in job_ids)
            return any(job is not None and job.get("conversation_id") == talk_id for job in jobs)
        return (row["id"] if table == "jobs" else row["job_id"]) in job_ids

    def _sees_actor(self, caller: Caller, phase: str, table: str, row: Row) -> bool:
        if caller.itself(table) == key_of(row):
            return True
        if table == "team_members" and caller.organization_id == row["organization_id"]:
            return True
        return key_of(row) in self._named_to(caller, phase)[table]

    def _named_to(self, caller: Caller, phase: str) -> dict[str, set[Key]]:
        if (caller, phase) not in self._named:
            named: dict[str, set[Key]] = {table: set() for table in ACTORS}
            for table in (*PERMISSIONS, *BETWEEN, "partners", "reviews"):
                for row in self.seen(caller, phase, table):
                    for actor, columns in ACTORS.items():
                        if table == "reviews" and actor != "organizations" and not knows_author(caller, row):
                            continue
                        tenant = row["organization_id"] if actor == "team_members" else None
                        named[actor] |= {(tenant, row[name]) for name in columns if row.get(name) is not None}
            self._named[caller, phase] = named
        return self._named[caller, phase]


def _sees_between(caller: Caller, table: str, row: Row) -> bool:
    permission, support = BETWEEN[table]
    if caller.organization_id is not None:
        return row["organization_id"] == caller.organization_id and permission in caller.permissions
    return (
        row["shop_id"] == caller.shop_id if caller.shop_id is not None else support and caller.employee_id is not None
    )


def knows_author(caller: Caller, review: Row) -> bool:
    """Whether the caller may know which shop wrote the review."""
    return caller.employee_id is not None or (caller.shop_id is not None and caller.shop_id == review["shop_id"])

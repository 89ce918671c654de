"""Who sees which row of the fixtures: the table "Who calls" of the domain, as plain Python over the JSON files.

Nothing here knows how the gateway decides. A row is seen by itself (`sees`), or because a row that is seen refers to
it (`shows`): actors always, apps with their charges and credits within their organization.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Key = tuple[int | None, int]

FIXTURES = Path(__file__).parents[2] / "fixtures"
FILES = ("actors", "apps", "conversations", "events", "eventsinks", "invoices", "jobs", "services", "transactions")
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
}
# The columns that name somebody. Everybody is seen through a row that names them, and by themselves.
ACTORS = {
    "organizations": ("organization_id",),
    "team_members": ("sender_team_member_id",),
    "shops": ("shop_id", "sender_shop_id"),
    "merchant_users": ("merchant_user_id", "sender_merchant_user_id"),
    "employees": ("sender_employee_id",),
}
SHOWN_WITHIN_ORGANIZATION = frozenset({"apps", "app_charges", "app_credits"})
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
    "conversations": "Conversation",
    "employees": "ShopifyEmployee",
    "eventsink_queues": "EventsinkQueue",
    "eventsinks": "Eventsink",
    "invoices": "Invoice",
    "job_requirements": "JobRequirement",
    "jobs": "Job",
    "merchant_users": "MerchantUser",
    "messages": "Message",
    "organizations": "Organization",
    "proposals": "Proposal",
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
        if table in ACTORS:
            return self._sees_actor(caller, phase, table, row)
        if caller.organization_id is not None:
            return row["organization_id"] == caller.organization_id and PERMISSIONS[table] in caller.permissions
        if caller.shop_id is None or table not in MARKETPLACE or phase == "CLOSED":
            return False
        parent = MARKETPLACE[table]
        held_by = row if parent is None else self.find(parent[0], row["organization_id"], row[parent[1]])
        return held_by is not None and held_by["shop_id"] == caller.shop_id

    def shows(self, caller: Caller, phase: str, table: str, row: Row) -> bool:
        """Whether the row is shown where one that the caller sees refers to it."""
        if table in ACTORS:
            return True
        if table in SHOWN_WITHIN_ORGANIZATION:
            return caller.organization_id == row["organization_id"]
        return self.sees(caller, phase, table, row)

    def _sees_actor(self, caller: Caller, phase: str, table: str, row: Row) -> bool:
        if caller.itself(table) == key_of(row):
            return True
        if table == "team_members" and caller.organization_id == row["organization_id"]:
            return True
        return key_of(row) in self._named_to(caller, phase)[table]

    def _named_to(self, caller: Caller, phase: str) -> dict[str, set[Key]]:
        if (caller, phase) not in self._named:
            named: dict[str, set[Key]] = {table: set() for table in ACTORS}
            for table in PERMISSIONS:
                for row in self.seen(caller, phase, table):
                    for actor, columns in ACTORS.items():
                        tenant = row["organization_id"] if actor == "team_members" else None
                        named[actor] |= {(tenant, row[name]) for name in columns if row.get(name) is not None}
            self._named[caller, phase] = named
        return self._named[caller, phase]

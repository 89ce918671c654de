"""Every way to an object, by schema coordinate: how it is asked for, and which rows it must answer with.

The tables hold literal coordinates. `unlisted` compares them with the schema, so that a type, a list, a root field or a
relation that is new fails a test until it is entered here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema, get_named_type, is_composite_type
from visibility_model import (
    TRANSACTION_TYPES,
    Caller,
    Records,
    Row,
    fixture_rows,
    gid,
    typename,
)

# What tells a row from others of its type, and from a row of another tenant with the same id.
CONTENT = {
    "apps": {"name": "name", "apiKey": "api_key"},
    "app_charges": {"name": "name"},
    "app_credits": {"name": "name"},
    "audit_entries": {"occurredAt": "occurred_at", "action": "action", "subjectId": "subject"},
    "collaborators": {"message": "message"},
    "conversations": {"createdAt": "created_at"},
    "employees": {"name": "name"},
    "export_receipts": {"completedAt": "completed_at", "manifestSha256": "manifest_sha256"},
    "invoices": {"number": "number"},
    "jobs": {"createdAt": "created_at"},
    "leads": {"contactName": "contact_name"},
    "merchant_users": {"name": "name"},
    "messages": {"sentAt": "sent_at", "body": "body"},
    "organizations": {"name": "name"},
    "partner_blocks": {"note": "note"},
    "partner_reports": {"caseNumber": "case_number"},
    "partners": {"name": "name", "slug": "slug"},
    "proposals": {"description": "description"},
    "refund_requests": {"createdAt": "created_at", "reason": "reason"},
    "reviews": {"comment": "comment"},
    "service_offerings": {"description": "description"},
    "shops": {"name": "name"},
    "team_members": {"name": "name"},
    "transactions": {"createdAt": "created_at"},
    "app_events": {"occurredAt": "occurred_at"},
    "eventsinks": {"awsUserArn": "aws_user_arn"},
    "eventsink_queues": {"address": "address"},
    "job_requirements": {"question": "question", "responses": "responses"},
    "services": {"handle": "handle"},
}
WITHOUT_ID = frozenset({"app_events", "eventsink_queues", "job_requirements", "services"})

CHARGES = dict.fromkeys(("AppPurchaseOneTime", "AppSubscription", "AppUsageRecord"), "app_charges")
TRANSACTIONS = dict.fromkeys(TRANSACTION_TYPES.values(), "transactions")
NODES = {
    "App": "apps",
    "AppCredit": "app_credits",
    "AuditEntry": "audit_entries",
    "Collaborator": "collaborators",
    "Conversation": "conversations",
    "ExportReceipt": "export_receipts",
    "Invoice": "invoices",
    "Job": "jobs",
    "Lead": "leads",
    "MerchantUser": "merchant_users",
    "Message": "messages",
    "Organization": "organizations",
    "PartnerBlock": "partner_blocks",
    "PartnerReport": "partner_reports",
    "Partner": "partners",
    "Proposal": "proposals",
    "RefundRequest": "refund_requests",
    "Review": "reviews",
    "ServiceOffering": "service_offerings",
    "Shop": "shops",
    "ShopifyEmployee": "employees",
    "TeamMember": "team_members",
    **CHARGES,
    **TRANSACTIONS,
}
CONNECTIONS = {
    "AppEventConnection": "app_events",
    "AuditEntryConnection": "audit_entries",
    "CollaboratorConnection": "collaborators",
    "ConversationConnection": "conversations",
    "ExportReceiptConnection": "export_receipts",
    "JobConnection": "jobs",
    "LeadConnection": "leads",
    "MessageConnection": "messages",
    "PartnerConnection": "partners",
    "PartnerBlockConnection": "partner_blocks",
    "PartnerEventConnection": "partner_events",
    "PartnerReportConnection": "partner_reports",
    "RefundRequestConnection": "refund_requests",
    "ReviewConnection": "reviews",
    "ServiceOfferingConnection": "service_offerings",
    "TransactionConnection": "transactions",
}
# The permission that a partner's token needs; None where every caller may ask.
ROOT_FIELDS = {
    "QueryRoot.activeSubscription": "MANAGE_APPS",
    "QueryRoot.events": "MANAGE_APPS",
    "MutationRoot.appSubscriptionCancel": "VIEW_FINANCIALS",
    "QueryRoot.app": "MANAGE_APPS",
    "QueryRoot.auditEntries": None,
    "QueryRoot.collaborator": "MANAGE_COLLABORATORS",
    "QueryRoot.collaborators": "MANAGE_COLLABORATORS",
    "QueryRoot.conversation": "MANAGE_JOBS",
    "QueryRoot.conversations": "MANAGE_JOBS",
    "QueryRoot.directoryService": None,
    "QueryRoot.eventsinks": "MANAGE_APPS",
    "QueryRoot.exportReceipts": "EXPORT_RECORDS",
    "QueryRoot.job": "MANAGE_JOBS",
    "QueryRoot.jobs": "MANAGE_JOBS",
    "QueryRoot.lead": "MANAGE_LEADS",
    "QueryRoot.leads": "MANAGE_LEADS",
    "QueryRoot.marketplace": None,
    "QueryRoot.migrationTasks": "MANAGE_PROFILE",
    "QueryRoot.node": None,
    "QueryRoot.nodes": None,
    "QueryRoot.partnerBlockPreview": None,
    "QueryRoot.partnerBlocks": None,
    "QueryRoot.partnerReports": None,
    "QueryRoot.partner": None,
    "QueryRoot.partners": None,
    "QueryRoot.publicApiVersions": None,
    "QueryRoot.refundRequest": "MANAGE_DISPUTES",
    "QueryRoot.refundRequests": "MANAGE_DISPUTES",
    "QueryRoot.review": None,
    "QueryRoot.reviewEligibility": None,
    "QueryRoot.reviews": "MANAGE_REVIEWS",
    "QueryRoot.serviceCategories": None,
    "QueryRoot.transaction": "VIEW_FINANCIALS",
    "QueryRoot.transactions": "VIEW_FINANCIALS",
    "QueryRoot.viewer": None,
    "MutationRoot.appCreditCreate": "VIEW_FINANCIALS",
    "MutationRoot.collaboratorLoginRecord": None,
    "MutationRoot.collaboratorPermissionsUpdate": None,
    "MutationRoot.collaboratorRemove": "MANAGE_COLLABORATORS",
    "MutationRoot.collaboratorRequestAccept": None,
    "MutationRoot.collaboratorRequestCancel": "MANAGE_COLLABORATORS",
    "MutationRoot.collaboratorRequestCreate": "MANAGE_COLLABORATORS",
    "MutationRoot.collaboratorRequestDecline": None,
    "MutationRoot.eventsinkCreate": "MANAGE_APPS",
    "MutationRoot.eventsinkDelete": "MANAGE_APPS",
    "MutationRoot.exportReceiptCreate": "EXPORT_RECORDS",
    "MutationRoot.leadCreate": None,
    "MutationRoot.leadUpdate": "MANAGE_LEADS",
    "MutationRoot.messageSend": "MANAGE_JOBS",
    "MutationRoot.migrationTaskComplete": "MANAGE_PROFILE",
    "MutationRoot.partnerBlock": None,
    "MutationRoot.partnerProfileUpdate": "MANAGE_PROFILE",
    "MutationRoot.partnerReportCreate": None,
    "MutationRoot.refundRequestAgree": "MANAGE_DISPUTES",
    "MutationRoot.refundRequestCreate": "MANAGE_DISPUTES",
    "MutationRoot.refundRequestResolve": "MANAGE_DISPUTES",
    "MutationRoot.refundRequestSubmit": "MANAGE_DISPUTES",
    "MutationRoot.refundRequestWithdraw": "MANAGE_DISPUTES",
    "MutationRoot.reviewCreate": None,
    "MutationRoot.reviewReject": None,
    "MutationRoot.serviceOfferingDelete": "MANAGE_PROFILE",
    "MutationRoot.serviceOfferingSet": "MANAGE_PROFILE",
}
# Objects that are made of their parent's own columns, or of no row at all.
PLAIN = frozenset(
    {
        "Facet",
        "FacetChoice",
        "Location",
        "SocialLink",
        "ApiVersion",
        "EventMetadata",
        "HistoricalEventsPageInfo",
        "Marketplace",
        "Money",
        "PageInfo",
        "ReviewEligibility",
        "Theme",
        "UserError",
        "Viewer",
    }
)

# The words of the directory, which everyone sees.
WORDS = frozenset({"DirectoryService", "Industry", "Language", "ServiceCategory"})

Found = tuple[str, Row]


@dataclass(frozen=True)
class Relation:
    """`find` tells the rows that the parent refers to, whoever asks; `plain` is a list that has no pages."""

    table: str
    find: Callable[[Records, Row], list[Found]]
    single: bool = False
    plain: bool = False


def one(table: str, column: str) -> Relation:
    def find(records: Records, parent: Row) -> list[Found]:
        tenant = parent["organization_id"] if "organization_id" in records.rows[table][0] else None
        row = records.find(table, tenant, parent.get(column))
        return [] if row is None else [(table, row)]

    return Relation(table, find, single=True)


def many(table: str, column: str, order: str, *, newest_first: bool = False, plain: bool = False) -> Relation:
    def find(records: Records, parent: Row) -> list[Found]:
        key = (parent["organization_id"], parent["id"])
        rows = [row for row in records.rows[table] if (row["organization_id"], row[column]) == key]
        rows.sort(key=lambda row: (_sortable(row[order]), row.get("id", 0)), reverse=newest_first)
        return [(table, row) for row in rows]

    return Relation(table, find, plain=plain)


def _job_services(records: Records, job: Row) -> list[Found]:
    named = many("job_services", "job_id", "position").find(records, job)
    return [one("services", "service_id").find(records, row)[0] for _, row in named]


def _sender(records: Records, message: Row) -> list[Found]:
    senders = {
        "team_members": "sender_team_member_id",
        "merchant_users": "sender_merchant_user_id",
        "shops": "sender_shop_id",
        "employees": "sender_employee_id",
    }
    for table, column in senders.items():
        if message.get(column) is not None:
            return one(table, column).find(records, message)
    return one("organizations", "organization_id").find(records, message)


def _partner(records: Records, row: Row) -> list[Found]:
    """Each organization has one."""
    tenant = row.get("organization_id", row["id"])
    return [("partners", each) for each in records.rows["partners"] if each["organization_id"] == tenant]


def _published(records: Records, partner: Row) -> list[Found]:
    found = many("reviews", "partner_id", "submitted_at").find(records, partner)
    published = [each for each in found if each[1]["status"] == "PUBLISHED"]
    return sorted(published, key=lambda each: (_sortable(each[1]["published_at"]), each[1]["id"]), reverse=True)


_PARTNER = Relation("partners", _partner, single=True)
_SHOP, _APP = one("shops", "shop_id"), one("apps", "app_id")
_CREDIT, _CHARGE = one("app_credits", "credit_id"), one("app_charges", "charge_id")
EVENTS = {typename("app_events", row): row["type"] for row in fixture_rows()["app_events"]}
RELATIONS: dict[str, Relation] = {
    "App.events": many("app_events", "app_id", "occurred_at", newest_first=True),
    "Collaborator.organization": one("organizations", "organization_id"),
    "Collaborator.shop": _SHOP,
    "Conversation.merchantUser": one("merchant_users", "merchant_user_id"),
    "Conversation.messages": many("messages", "conversation_id", "sent_at", newest_first=True),
    "Eventsink.queues": many("eventsink_queues", "eventsink_id", "position"),
    "Invoice.job": one("jobs", "job_id"),
    "Invoice.refundRequests": many("refund_requests", "invoice_id", "created_at", newest_first=True, plain=True),
    "Invoice.sale": one("transactions", "sale_id"),
    "Job.conversation": one("conversations", "conversation_id"),
    "Job.invoices": many("invoices", "job_id", "issued_at", newest_first=True),
    "Job.proposals": many("proposals", "job_id", "created_at", newest_first=True),
    "Job.requirements": many("job_requirements", "job_id", "position"),
    "Job.services": Relation("services", _job_services),
    "Job.shop": _SHOP,
    "Lead.merchantUser": one("merchant_users", "merchant_user_id"),
    "Lead.shop": _SHOP,
    "PartnerBlock.partner": _PARTNER,
    "PartnerBlock.shop": _SHOP,
    "PartnerReport.job": one("jobs", "job_id"),
    "PartnerReport.merchantUser": one("merchant_users", "merchant_user_id"),
    "PartnerReport.partner": _PARTNER,
    "PartnerReport.shop": _SHOP,
    "Message.sentBy": Relation("", _sender, single=True),
    "RefundRequest.adjustment": one("transactions", "adjustment_id"),
    "RefundRequest.invoice": one("invoices", "invoice_id"),
    "RefundRequest.job": one("jobs", "job_id"),
    "RefundRequest.organization": one("organizations", "organization_id"),
    "RefundRequest.shop": _SHOP,
    "Partner.organization": one("organizations", "organization_id"),
    "Partner.reviews": Relation("reviews", _published),
    "Partner.serviceOfferings": many("service_offerings", "partner_id", "id", newest_first=True),
    **{
        f"{name}.partner": _PARTNER
        for name in ("Collaborator", "Conversation", "Job", "Lead", "Organization", "Review", "ServiceOffering")
    },
    "Proposal.job": one("jobs", "job_id"),
    **{f"{name}.shop": _SHOP for name in TRANSACTIONS if name != "TaxTransaction"},
    **{f"{name}.app": _APP for name in TRANSACTIONS if name.startswith("App")},
    **{f"{name}.app": _APP for name in EVENTS},
    **{f"{name}.shop": _SHOP for name in EVENTS},
    **{f"{name}.appCredit": _CREDIT for name in EVENTS if name.startswith("Credit")},
    **{f"{name}.charge": _CHARGE for name in EVENTS if "Charge" in name or "Capped" in name},
}
# Relations of what has no row of its own; tests of their own ask for them.
OTHER_RELATIONS = frozenset(
    {
        "AppSubscriptionCancelPayload.appSubscription",
        "Plan.prices",
        "SubscriptionItem.discount",
        "SubscriptionItem.price",
        "SubscriptionItem.usage",
        "SubscriptionStatus.plan",
        "TieredPlanPrice.tiers",
        "TieredPrice.tiers",
        "PendingUpdate.items",
        *(
            f"{name}.{field}"
            for name in ("ActiveSubscription", "CancelledSubscription")
            for field in ("app", "currentBillingCycle", "items", "pendingUpdate", "shop")
        ),
        *(
            f"{name}.{field}"
            for name in ("Charge", "Credit", "Earning", "Relationship", "SubscriptionStatus")
            for field in ("shop", "subject")
        ),
        "AppCreditCreatePayload.appCredit",
        "EventsinkCreatePayload.eventsink",
        *(
            f"Collaborator{step}Payload.collaborator"
            for step in (
                "LoginRecord",
                "PermissionsUpdate",
                "Remove",
                "RequestAccept",
                "RequestCancel",
                "RequestCreate",
                "RequestDecline",
            )
        ),
        "ExportReceiptCreatePayload.exportReceipt",
        "LeadCreatePayload.lead",
        "LeadUpdatePayload.lead",
        "MessageSendPayload.message",
        "MigrationTask.lastExport",
        "MigrationTask.ongoingJobs",
        "MigrationTaskCompletePayload.migrationTask",
        "PartnerBlockPayload.partnerBlock",
        *(
            f"PartnerBlockPreview.{field}"
            for field in ("partner", "conversations", "proposals", "jobs", "invoices", "collaborator")
        ),
        "PartnerProfileUpdatePayload.partner",
        "PartnerReportCreatePayload.partnerReport",
        *(f"RefundRequest{step}Payload.refundRequest" for step in ("Agree", "Create", "Resolve", "Submit", "Withdraw")),
        "Review.shop",
        "ReviewCreatePayload.review",
        "ReviewRejectPayload.review",
        "ServiceOfferingSetPayload.serviceOffering",
        "Viewer.merchantUser",
        "Viewer.organization",
        "Viewer.partner",
        "Viewer.shop",
    }
)


def unlisted(schema: GraphQLSchema) -> set[str]:
    """What the schema has and the tables lack, or the other way round."""
    objects = [t for t in schema.type_map.values() if isinstance(t, GraphQLObjectType) and t.name[:2] != "__"]
    roots = [root for root in (schema.query_type, schema.mutation_type, schema.subscription_type) if root]
    found = {
        *(t.name for t in objects if any(i.name == "Node" for i in t.interfaces)),
        *(t.name for t in objects if t.name.endswith("Connection")),
        *(f"{root.name}.{name}" for root in roots for name in root.fields),
        *(f"{t.name}.{name}" for t in objects if t not in roots for name, f in t.fields.items() if leads_away(t, f)),
    }
    return found ^ {*NODES, *CONNECTIONS, *ROOT_FIELDS, *RELATIONS, *OTHER_RELATIONS}


def leads_away(parent: GraphQLObjectType, definition: GraphQLField) -> bool:
    """Whether the field shows another row than its parent's."""
    if parent.name.endswith(("Connection", "Edge")):
        return False
    named = get_named_type(definition.type)
    return is_composite_type(named) and named.name not in PLAIN | WORDS


def selection(table: str) -> str:
    """What is asked of a row of the table, whichever type it has."""
    names = " ".join(["" if table in WITHOUT_ID else "id", *CONTENT[table]])
    if table == "transactions":
        return "__typename ...on Node { id } ...on Transaction { createdAt }"
    if table == "app_events":
        return "__typename ...on AppEvent { occurredAt }"
    return f"__typename {names}"


def relations_of(name: str) -> dict[str, Relation]:
    return {at.partition(".")[2]: relation for at, relation in RELATIONS.items() if at.startswith(f"{name}.")}


def relation_selection(schema: GraphQLSchema, name: str) -> str:
    """Every relation of the type, each under an alias that no other type has."""
    return " ".join(_ask(schema, name, field, relation) for field, relation in relations_of(name).items())


def _ask(schema: GraphQLSchema, name: str, field: str, relation: Relation) -> str:
    if not relation.table:
        tables = ("merchant_users", "organizations", "shops", "employees", "team_members")
        below = "__typename " + " ".join(f"...on {of} {{ {selection(t)} }}" for of, t in NODES.items() if t in tables)
    else:
        below = selection(relation.table)
        if relation.table == "app_events":
            below += " " + " ".join(f"...on {of} {{ {relation_selection(schema, of)} }}" for of in EVENTS)
    if get_named_type(schema.type_map[name].fields[field].type).name.endswith("Connection"):
        return f"{name}_{field}: {field}(first: 250) {{ nodes {{ {below} }} edges {{ node {{ {below} }} }} }}"
    return f"{name}_{field}: {field} {{ {below} }}"


def shown(table: str, row: Row) -> dict[str, Any]:
    """The row as it is answered."""
    told: dict[str, Any] = {"__typename": typename(table, row)}
    if table not in WITHOUT_ID:
        told["id"] = gid(table, row)
    for name, column in CONTENT[table].items():
        value = row.get(column)
        told[name] = wire_moment(value) if name.endswith("At") else value
    return told


def shown_with_relations(records: Records, caller: Caller, phase: str, table: str, row: Row) -> dict[str, Any]:
    return shown(table, row) | dict(_relations(records, caller, phase, table, row))


def _relations(records: Records, caller: Caller, phase: str, table: str, row: Row) -> Iterator[tuple[str, Any]]:
    name = typename(table, row)
    for field, relation in relations_of(name).items():
        found = [each for each in relation.find(records, row) if records.shows(caller, phase, *each)]
        if relation.table == "app_events":
            told = [shown_with_relations(records, caller, phase, *each) for each in found]
        else:
            told = [shown(*each) for each in found]
        alias = f"{name}_{field}"
        if relation.single:
            yield alias, told[0] if told else None
        elif relation.table in CONNECTIONS.values() and not relation.plain:
            yield alias, {"nodes": told, "edges": [{"node": each} for each in told]}
        else:
            yield alias, told


def newest_first(rows: list[Row], column: str) -> list[Row]:
    return sorted(rows, key=lambda row: (_sortable(row[column]), row["id"]), reverse=True)


def _sortable(value: Any) -> Any:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def wire_moment(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

"""What leaves with the marketplace: deprecated when the directory came, gone from the release candidate.

A coordinate's own row says what is closest to it in the directory; a type's row says it for the rest of the type.
"""

from collections.abc import Mapping
from itertools import chain

from schema.history.change import Change, deprecated, leaves, removed

_EXPORT = "Export your records; new contacts from merchants are in `{use}`."
_REFUNDS = "Settle refunds with the merchant; new work comes from `{use}`, and is billed outside of the platform."
_BILLS = "Bill clients outside of the platform; new work comes from `{use}`."

# Those without anything closer: the leads of the directory.
_TO_LEADS: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "QueryRoot.jobs",
            "QueryRoot.conversations",
            "Job",
            "JobConnection",
            "JobEdge",
            "JobStatus",
            "Conversation",
            "ConversationConnection",
            "ConversationEdge",
            "ConversationStatus",
            "Message",
            "MessageConnection",
            "MessageEdge",
            "MessageSender",
            "MessageSentVia",
            "QueryRoot.marketplace",
            "Marketplace",
            "MarketplacePhase",
            "QueryRoot.migrationTasks",
            "MigrationTask",
            "MigrationTaskHandle",
            "MutationRoot.migrationTaskComplete",
            "MigrationTaskCompletePayload",
            "PartnerBlock.closedJobCount",
            "PartnerBlock.closedProposalCount",
            "PartnerBlock.closedInvoiceCount",
        ),
        _EXPORT,
    ),
    **dict.fromkeys(("Invoice", "InvoiceStatus"), _BILLS),
    **dict.fromkeys(
        (
            "QueryRoot.refundRequest",
            "QueryRoot.refundRequests",
            "RefundRequest",
            "RefundRequestConnection",
            "RefundRequestEdge",
            "RefundRequestStatus",
            "RefundDecision",
            "RefundRequestCreateInput",
            "MutationRoot.refundRequestCreate",
            "MutationRoot.refundRequestAgree",
            "MutationRoot.refundRequestSubmit",
            "MutationRoot.refundRequestWithdraw",
            "MutationRoot.refundRequestResolve",
            "RefundRequestCreatePayload",
            "RefundRequestAgreePayload",
            "RefundRequestSubmitPayload",
            "RefundRequestWithdrawPayload",
            "RefundRequestResolvePayload",
        ),
        _REFUNDS,
    ),
}

_CLOSER: Mapping[str, str] = {
    "QueryRoot.job": "QueryRoot.lead",
    "QueryRoot.conversation": "QueryRoot.lead",
    "QueryRoot.jobs(statuses:)": "QueryRoot.leads(statuses:)",
    "QueryRoot.jobs(createdAtMin:)": "QueryRoot.leads(createdAtMin:)",
    "QueryRoot.jobs(createdAtMax:)": "QueryRoot.leads(createdAtMax:)",
    "QueryRoot.conversations(statuses:)": "QueryRoot.leads(statuses:)",
    "QueryRoot.conversations(createdAtMin:)": "QueryRoot.leads(createdAtMin:)",
    "QueryRoot.conversations(createdAtMax:)": "QueryRoot.leads(createdAtMax:)",
    "JobConnection.edges": "LeadConnection.edges",
    "JobConnection.nodes": "LeadConnection.nodes",
    "JobConnection.pageInfo": "LeadConnection.pageInfo",
    "JobEdge.cursor": "LeadEdge.cursor",
    "JobEdge.node": "LeadEdge.node",
    "Job.confirmedCompleted": "Lead.status",
    "Job.createdAt": "Lead.createdAt",
    "Job.lastEventAt": "Lead.updatedAt",
    "Job.partner": "Lead.partner",
    "Job.proposals": "Partner.serviceOfferings",
    "Job.requirements": "Lead.description",
    "Job.services": "Lead.service",
    "Job.shop": "Lead.shop",
    "Job.status": "Lead.status",
    "JobRequirement": "Lead.description",
    "JobStatus.NEW": "LeadStatus.NEW",
    "JobStatus.OPENED": "LeadStatus.NEW",
    "JobStatus.RESPONDED": "LeadStatus.CONTACTED",
    "JobStatus.AWAITING_RESPONSE": "LeadStatus.CONTACTED",
    "JobStatus.COMPLETED": "LeadStatus.WON",
    "JobStatus.DECLINED": "LeadStatus.LOST",
    "JobStatus.CLOSED": "LeadStatus.ARCHIVED",
    "JobStatus.EXPIRED": "LeadStatus.ARCHIVED",
    "JobStatus.INACTIVE": "LeadStatus.ARCHIVED",
    "Service": "DirectoryService",
    "Service.handle": "DirectoryService.handle",
    "Service.name": "DirectoryService.name",
    "ConversationConnection.edges": "LeadConnection.edges",
    "ConversationConnection.nodes": "LeadConnection.nodes",
    "ConversationConnection.pageInfo": "LeadConnection.pageInfo",
    "ConversationEdge.cursor": "LeadEdge.cursor",
    "ConversationEdge.node": "LeadEdge.node",
    "Conversation.createdAt": "Lead.createdAt",
    "Conversation.lastEventAt": "Lead.updatedAt",
    "Conversation.merchantUser": "Lead.merchantUser",
    "Conversation.partner": "Lead.partner",
    "Conversation.status": "Lead.status",
    "Message.body": "Lead.description",
    "Message.sentAt": "Lead.createdAt",
    "Message.sentBy": "Lead.merchantUser",
    "Proposal": "ServiceOffering",
    "Proposal.amount": "ServiceOffering.minPrice",
    "Proposal.description": "ServiceOffering.description",
    "ProposalStatus": "LeadStatus",
    "PartnerReport.job": "PartnerReport.description",
    "PartnerReportCreateInput.jobId": "PartnerReportCreateInput.description",
    "PartnerBlockPreview.conversations": "PartnerBlockPreview.partner",
    "PartnerBlockPreview.invoices": "PartnerBlockPreview.partner",
    "PartnerBlockPreview.jobs": "PartnerBlockPreview.partner",
    "PartnerBlockPreview.proposals": "PartnerBlockPreview.partner",
}

_MESSAGES = "Talk to merchants outside of the platform; new contacts arrive as `{use}`."

MARKETPLACE: tuple[Change, ...] = (
    *chain.from_iterable(
        leaves(coordinate, use="QueryRoot.leads", sentence=sentence) for coordinate, sentence in _TO_LEADS.items()
    ),
    *chain.from_iterable(leaves(coordinate, use=use) for coordinate, use in _CLOSER.items()),
    # Nobody can send a message any more from December 2023 on.
    *(
        change
        for coordinate in ("MutationRoot.messageSend", "MessageSendPayload")
        for change in (
            deprecated("2023-10", coordinate, use="QueryRoot.leads", sentence=_MESSAGES),
            removed("2024-01", coordinate),
        )
    ),
)

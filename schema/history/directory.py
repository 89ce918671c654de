"""What came with the Partner Directory."""

from schema.history.change import Change, added

_ARRIVED = "2023-10"

_ROOTS = {
    "QueryRoot": "partner partners serviceCategories directoryService lead leads review reviews reviewEligibility"
    " collaborator collaborators partnerBlockPreview partnerBlocks refundRequest refundRequests partnerReports"
    " auditEntries marketplace migrationTasks exportReceipts",
    "MutationRoot": "partnerProfileUpdate serviceOfferingSet serviceOfferingDelete leadCreate leadUpdate reviewCreate"
    " reviewReject collaboratorRequestCreate collaboratorRequestAccept collaboratorRequestDecline"
    " collaboratorRequestCancel collaboratorPermissionsUpdate collaboratorRemove collaboratorLoginRecord partnerBlock"
    " refundRequestCreate refundRequestAgree refundRequestSubmit refundRequestWithdraw refundRequestResolve"
    " partnerReportCreate messageSend migrationTaskComplete exportReceiptCreate",
}
_TYPES = """
Partner PartnerEdge PartnerConnection PartnerTier PartnerSortKey PartnerFilter Facet FacetFilter FacetChoice Location
Language Industry SocialLink ServiceCategory DirectoryService ServiceOffering ServiceOfferingEdge
ServiceOfferingConnection Pricing Lead LeadEdge LeadConnection LeadStatus Review ReviewEdge ReviewConnection
ReviewStatus ReviewEligibility ReviewIneligibility Collaborator CollaboratorEdge CollaboratorConnection
CollaboratorStatus StorePermission PartnerBlockPreview PartnerBlock PartnerBlockEdge PartnerBlockConnection
PartnerBlockReason RefundRequest RefundRequestEdge RefundRequestConnection RefundRequestStatus RefundDecision
PartnerReport PartnerReportEdge PartnerReportConnection PartnerReportKind JSON AuditEntry AuditEntryEdge
AuditEntryConnection Marketplace MarketplacePhase MigrationTask MigrationTaskHandle ExportReceipt ExportReceiptEdge
ExportReceiptConnection PartnerProfileUpdateInput LocationInput SocialLinkInput ServiceOfferingSetInput LeadCreateInput
ReviewCreateInput CollaboratorRequestCreateInput RefundRequestCreateInput PartnerReportCreateInput
ExportReceiptCreateInput CollaboratorLoginRecordPayload
CollaboratorPermissionsUpdatePayload CollaboratorRemovePayload CollaboratorRequestAcceptPayload
CollaboratorRequestCancelPayload CollaboratorRequestCreatePayload CollaboratorRequestDeclinePayload
ExportReceiptCreatePayload LeadCreatePayload LeadUpdatePayload MessageSendPayload MigrationTaskCompletePayload
PartnerBlockPayload PartnerProfileUpdatePayload PartnerReportCreatePayload RefundRequestAgreePayload
RefundRequestCreatePayload RefundRequestResolvePayload RefundRequestSubmitPayload RefundRequestWithdrawPayload
ReviewRejectPayload ReviewCreatePayload ServiceOfferingDeletePayload ServiceOfferingSetPayload
"""
# Of types that are older. What is of a type that came then needs no row.
_FIELDS = ("Invoice.refundableAmount",)

_SENTENCES = {
    "QueryRoot.partners": "The Partner Directory: partners are found by text, filters and facets.",
    "QueryRoot.leads": "What merchants wrote to a partner through the directory.",
    "QueryRoot.reviews": "What merchants wrote about a partner.",
    "QueryRoot.collaborators": "Who may work in which store.",
    "QueryRoot.partnerBlocks": "Merchants block partners whom they no longer want to hear from.",
    "QueryRoot.refundRequests": "Refunds of invoices, agreed between both and settled by support.",
    "QueryRoot.partnerReports": "Merchants report partners to support.",
    "QueryRoot.migrationTasks": "What is left to do to move over to the directory.",
    "QueryRoot.auditEntries": "Support reads every write.",
}


def _arrived(coordinate: str) -> Change:
    return added(_ARRIVED, coordinate, _SENTENCES.get(coordinate, ""))


DIRECTORY: tuple[Change, ...] = (
    *(_arrived(f"{root}.{name}") for root, names in _ROOTS.items() for name in names.split()),
    *map(_arrived, _TYPES.split()),
    *map(_arrived, _FIELDS),
)

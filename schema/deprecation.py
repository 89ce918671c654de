"""Why a field should no longer be used, and what to use instead."""

JOBS_DEPRECATED = "The Experts Marketplace has closed. Export your jobs; new work comes through the Partner Directory."
CONVERSATIONS_DEPRECATED = (
    "The Experts Marketplace has closed. Export your conversations; merchants now write through the Partner Directory."
)
TAX_TYPE_DEPRECATED = "Use `taxType`, which also knows the fees of a sale by their newer name."
SALE_SHOPIFY_FEE_DEPRECATED = "Use `SALE_FEES`."

"""What is downloaded of the directory and of disputes, in documents like those of documents.py."""

_SHOP = """
fragment ShopFields on Shop { id name avatarUrl myshopifyDomain }
"""

_MONEY = """
fragment MoneyFields on Money { amount currencyCode }
"""


def _list(root: str, fields: str) -> str:
    """A page of a list, with those fields of each record."""
    return f"""
query Records($first: Int, $after: String) {{
  {root}(first: $first, after: $after) {{
    pageInfo {{ hasNextPage }}
    edges {{ cursor node {{ {fields} }} }}
  }}
}}
"""


LEADS = (
    _list(
        "leads",
        "id status createdAt updatedAt emailedAt contactName contactEmail contactCountryCode description"
        " budget { ...MoneyFields } service { handle name } shop { ...ShopFields }"
        " merchantUser { id name avatarUrl timezone }",
    )
    + _SHOP
    + _MONEY
)

# Who wrote them is told to nobody but the shop and support.
REVIEWS = _list(
    "reviews",
    "id status submittedAt publishedAt qualityRating communicationRating averageRating comment service { handle name }",
)

COLLABORATORS = (
    _list(
        "collaborators",
        "id status permissions message requestedAt activatedAt lastLoginAt expiresAt endedAt shop { ...ShopFields }",
    )
    + _SHOP
)

REFUND_REQUESTS = (
    _list(
        "refundRequests",
        "id status createdAt merchantAgreedAt partnerAgreedAt submittedAt resolvedAt reason resolutionNote"
        " amount { ...MoneyFields } invoice { id number } job { id } shop { ...ShopFields } adjustment { id }",
    )
    + _SHOP
    + _MONEY
)

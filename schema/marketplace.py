"""What is left of the Experts Marketplace."""

import strawberry

from resolvers import marketplace as marketplace_rows
from resolvers.scope import MarketplacePhase
from schema.base import column, enum, relation
from schema.scalars import DateTime

enum(
    MarketplacePhase,
    "How far the marketplace has gone.",
    {
        "OPEN": "It works: jobs come in, messages flow.",
        "WINDING_DOWN": "No new job comes in; merchants and partners go on with those that exist.",
        "CLOSED": "Merchants reach nothing of it, and nobody sends a message there; partners read and export all.",
    },
)


@strawberry.type(description="The Experts Marketplace, whose place the Partner Directory took.")
class Marketplace:
    phase: MarketplacePhase = column("phase", "How far it has gone by now.")
    new_jobs_until: DateTime = column("new_jobs_until", "From then on no new job comes in.")
    merchant_access_until: DateTime = column(
        "merchant_access_until", "From then on merchants reach no job, conversation or invoice; partners still do."
    )


@strawberry.type
class MarketplaceQuery:
    marketplace: Marketplace = relation(marketplace_rows.find_marketplace, "How far the marketplace has gone.")

"""All that decides which rows a viewer may see, but for the ids."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from gateway.settings import Settings
from gateway.viewer import ApiPermission, ViewerKind


class MarketplacePhase(StrEnum):
    OPEN = "OPEN"
    WINDING_DOWN = "WINDING_DOWN"
    CLOSED = "CLOSED"


# Kinds of callers times the sets of permissions that their tokens have.
MOST_SCOPES = 1_024


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """Statements are built once for each scope, so it holds nothing of one caller.

    `scope_of` gives the same one for the same values: as the key of a statement it is compared by identity.
    """

    kind: ViewerKind
    permissions: frozenset[ApiPermission]
    phase: MarketplacePhase


@lru_cache(maxsize=MOST_SCOPES)
def scope_of(kind: ViewerKind, permissions: frozenset[ApiPermission], phase: MarketplacePhase) -> Scope:
    return Scope(kind, permissions, phase)


def phase_at(now: datetime, settings: Settings) -> MarketplacePhase:
    if now >= settings.marketplace_closed_from:
        return MarketplacePhase.CLOSED
    if now >= settings.marketplace_winding_down_from:
        return MarketplacePhase.WINDING_DOWN
    return MarketplacePhase.OPEN

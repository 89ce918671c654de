"""All that decides which rows a viewer may see, but for the ids."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gateway.settings import Settings
from gateway.viewer import ApiPermission, ViewerKind


class MarketplacePhase(StrEnum):
    OPEN = "OPEN"
    WINDING_DOWN = "WINDING_DOWN"
    CLOSED = "CLOSED"


@dataclass(frozen=True, slots=True)
class Scope:
    """Statements are built once for each scope, so it holds nothing of one caller."""

    kind: ViewerKind
    permissions: frozenset[ApiPermission]
    phase: MarketplacePhase


def phase_at(now: datetime, settings: Settings) -> MarketplacePhase:
    if now >= settings.marketplace_closed_from:
        return MarketplacePhase.CLOSED
    if now >= settings.marketplace_winding_down_from:
        return MarketplacePhase.WINDING_DOWN
    return MarketplacePhase.OPEN

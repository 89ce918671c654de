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
    if now >= settings.marketplace_closes_at:
        return MarketplacePhase.CLOSED
    if now >= settings.marketplace_winds_down_at:
        return MarketplacePhase.WINDING_DOWN
    return MarketplacePhase.OPEN

"""Every version that is served, and every change, by schema coordinate."""

from schema.history.awaited import AWAITED
from schema.history.change import Change, HistoryError, Kind, added, deprecated, leaves, noticed, removed
from schema.history.directory import DIRECTORY
from schema.history.marketplace import MARKETPLACE
from schema.history.mirror import MIRROR
from schema.history.subscription import SUBSCRIPTION
from schema.history.versions import CANDIDATE, NEWEST, RELEASED, SERVING, UNSTABLE, VERSIONS, Version

CHANGES = (*MIRROR, *SUBSCRIPTION, *DIRECTORY, *MARKETPLACE)

__all__ = [
    "AWAITED",
    "CANDIDATE",
    "CHANGES",
    "NEWEST",
    "RELEASED",
    "SERVING",
    "UNSTABLE",
    "VERSIONS",
    "Change",
    "HistoryError",
    "Kind",
    "Version",
    "added",
    "deprecated",
    "leaves",
    "noticed",
    "removed",
]

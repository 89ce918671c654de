"""The versions: those in which something changed, and the quarters that they serve."""

from dataclasses import dataclass

UNSTABLE = "unstable"
# Released versions stay as they are, but for prose and deprecations. The candidate may still change.
CANDIDATE = "2027-01"
# Where something changed. What comes in the quarters after one of them is served by it.
DATED = ("2023-07", "2023-10", "2024-01", "2024-10", "2026-07", "2026-10", CANDIDATE)
SERVING = (*DATED, UNSTABLE)
RELEASED = tuple(handle for handle in DATED if handle < CANDIDATE)

_QUARTERS = [f"{year}-{month:02d}" for year in range(2023, 2028) for month in (1, 4, 7, 10)]


@dataclass(frozen=True, slots=True)
class Version:
    """What a path may name. `served_by` is the version that answers."""

    handle: str
    display_name: str
    supported: bool
    served_by: str


def _dated(handle: str) -> Version:
    served_by = max(dated for dated in DATED if dated <= handle)
    if handle == CANDIDATE:
        return Version(handle, f"{handle} (Release candidate)", supported=False, served_by=served_by)
    return Version(handle, handle, supported=True, served_by=served_by)


VERSIONS = {
    **{handle: _dated(handle) for handle in _QUARTERS if DATED[0] <= handle <= CANDIDATE},
    UNSTABLE: Version(UNSTABLE, "unstable", supported=False, served_by=UNSTABLE),
}

NEWEST = max(handle for handle, version in VERSIONS.items() if version.supported)

"""The versions that are served. One schema answers them all."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Version:
    handle: str
    display_name: str
    supported: bool


UNSTABLE = "unstable"

_QUARTERS = [f"{year}-{month:02d}" for year in range(2023, 2027) for month in (1, 4, 7, 10)][2:]

NEWEST = _QUARTERS[-1]

VERSIONS = {
    **{handle: Version(handle, handle, supported=True) for handle in _QUARTERS},
    UNSTABLE: Version(UNSTABLE, "unstable", supported=False),
}

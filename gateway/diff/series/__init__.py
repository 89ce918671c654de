"""A series of versions: what each changes of the one before, what a pull request changes in each, and which documents
of clients keep their promises."""

from gateway.diff.series.judging import Given, Judged, judge
from gateway.diff.series.request import unlike_prose
from gateway.diff.series.versions import Version, load_versions

__all__ = ["Given", "Judged", "Version", "judge", "load_versions", "unlike_prose"]

"""The schema of each version, projected from the full one by its history."""

from schema.projection.build import project
from schema.projection.timeline import Timeline
from schema.projection.view import View

__all__ = ["Timeline", "View", "project"]

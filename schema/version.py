"""The versions of the API, as the API tells them."""

import strawberry

from gateway.execution.rows import Grouped, Layout, Rows
from gateway.execution.sources import Call, batch
from schema.base import column, relation
from schema.history import VERSIONS

_LAYOUT = Layout(("display_name", "handle", "supported"), nullable=())


@batch()
async def _list_versions(_parents: Rows, _call: Call) -> Grouped:
    rows = [(version.display_name, version.handle, version.supported) for version in VERSIONS.values()]
    return Grouped(Rows(rows, _LAYOUT), [len(rows)])


@strawberry.type(description="A version of the API.")
class ApiVersion:
    display_name: str = column("display_name", "Its name for people.")
    handle: str = column("handle", "Its name in the path of a request.")
    supported: bool = column("supported", "Whether it may be relied on; unstable changes without notice.")


@strawberry.type
class VersionQuery:
    public_api_versions: list[ApiVersion] = relation(_list_versions, "The versions that are served.")

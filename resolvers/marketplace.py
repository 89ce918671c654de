"""What is left of the marketplace, by the clock and the two dates of the settings."""

from gateway.execution.rows import Layout, Rows
from gateway.execution.sources import Call, batch

_LAYOUT = Layout(("phase", "new_jobs_until", "merchant_access_until"), nullable=())


@batch()
async def find_marketplace(_parents: Rows, call: Call) -> Rows:
    """As a row, which no statement is needed for."""
    context = call.context
    settings = context.settings
    row = (context.scope.phase, settings.marketplace_winding_down_from, settings.marketplace_closed_from)
    return Rows([row], _LAYOUT)
